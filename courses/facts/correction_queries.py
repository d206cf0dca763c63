"""Reads of corrections for their pages."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from courses.facts.models import CorrectionState, FactCorrection
from lms.core.errors import NotFound

PAGE_SIZE = 50

_PEOPLE = (joinedload(FactCorrection.proposed_by), joinedload(FactCorrection.decided_by))


def list_open(session: Session) -> list[FactCorrection]:
    """Return what waits for a second person, the oldest first; one a key at most."""
    open_ones = FactCorrection.state == CorrectionState.PROPOSED
    return list(
        session.scalars(select(FactCorrection).where(open_ones).options(*_PEOPLE).order_by(FactCorrection.id))
    )


def count_open(session: Session) -> int:
    """Return how many proposals wait for a second person."""
    is_open = FactCorrection.state == CorrectionState.PROPOSED
    return session.scalar(select(func.count()).select_from(FactCorrection).where(is_open)) or 0


def list_decided(session: Session, *, before: int | None = None) -> list[FactCorrection]:
    """Return what is decided, the newest first: one more than a page shows."""
    statement = (
        select(FactCorrection).where(FactCorrection.state != CorrectionState.PROPOSED).options(*_PEOPLE)
    )
    if before is not None:
        statement = statement.where(FactCorrection.id < before)
    return list(session.scalars(statement.order_by(FactCorrection.id.desc()).limit(PAGE_SIZE + 1)))


def get_correction(session: Session, correction_id: int) -> FactCorrection:
    """Return a correction with who proposed and decided it.

    Raises:
        NotFound: there is none.
    """
    row = session.scalar(select(FactCorrection).where(FactCorrection.id == correction_id).options(*_PEOPLE))
    if row is None:
        raise NotFound
    return row


def find_open_of(session: Session, key: str) -> FactCorrection | None:
    """Return the proposal for ``key`` that waits, if there is one."""
    return session.scalar(
        select(FactCorrection).where(
            FactCorrection.key == key, FactCorrection.state == CorrectionState.PROPOSED
        )
    )
