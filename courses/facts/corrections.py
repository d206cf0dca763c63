"""Corrections: one admin proposes a value as read in a source, another confirms or refuses it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses.facts.book import load_book
from courses.facts.learned import chain_of, forget_chain
from courses.facts.models import CorrectionState, FactCorrection
from courses.facts.readings import FieldFault, Reading, find_faults, reading_of
from courses.facts.signals import FactsChanged, send_facts_changed
from lms.core.audit.services import record
from lms.core.db import begin_write, changed_rows
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.i18n import HOME_ZONE


def propose(session: Session, actor_id: int, *, reading: Reading, now: datetime) -> FactCorrection:
    """Store a reading for another admin to confirm.

    Raises:
        Invalid: it contradicts the book or itself; the first fault, with its field.
        Conflict: somebody has proposed something for this key that is not decided yet.
    """
    _refuse(find_faults(load_book(), reading))
    begin_write(session)
    row = FactCorrection(
        **asdict(reading), state=CorrectionState.PROPOSED, proposed_by_id=actor_id, proposed_at=now
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise Conflict(
            _l("There is a proposal for this number already. It has to be decided first.")
        ) from error
    _record(session, "proposed", row, at=now, actor_id=actor_id)
    session.flush()
    return row


def confirm(session: Session, actor_id: int, *, correction_id: int, now: datetime) -> FactCorrection:
    """Make a proposal part of the book; published pages stay as they are.

    Raises:
        NotFound: there is no such proposal.
        Conflict: it is decided already, is this person's own, or does not fit the book any more.
    """
    begin_write(session)
    row = _get(session, correction_id)
    _check_open(row, actor_id)
    faults = find_faults(load_book(), reading_of(row))
    if faults:
        raise Conflict(
            _l(
                "The book has changed since this was proposed, and it does not fit any more: %(fault)s",
                fault=faults[0].message,
            )
        )
    _number(session, row, actor_id, now)
    forget_chain()
    _record(session, "confirmed", row, at=now, actor_id=actor_id)
    session.flush()
    assert row.known_on is not None
    event = FactsChanged(
        key=row.key,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        known_on=row.known_on,
        correction_id=row.id,
        at=now,
        actor_id=actor_id,
    )
    send_facts_changed(session, event)
    return row


def refuse(
    session: Session, actor_id: int, *, correction_id: int, reason: str, now: datetime
) -> FactCorrection:
    """Turn a proposal of another admin down.

    Raises:
        NotFound: there is no such proposal.
        Conflict: it is decided already, or is this person's own.
    """
    begin_write(session)
    row = _get(session, correction_id)
    _check_open(row, actor_id)
    _decide(session, row, actor_id=actor_id, state=CorrectionState.REFUSED, decided_at=now, reason=reason)
    _record(session, "refused", row, at=now, actor_id=actor_id, reason=reason)
    session.flush()
    return row


def withdraw(session: Session, actor_id: int, *, correction_id: int, now: datetime) -> FactCorrection:
    """Take one's own proposal back.

    Raises:
        NotFound: there is no such proposal.
        Conflict: it is decided already, or is another person's.
    """
    begin_write(session)
    row = _get(session, correction_id)
    if row.proposed_by_id != actor_id:
        raise Conflict(_l("Only who proposed this can take it back. You can refuse it."))
    _decide(session, row, actor_id=actor_id, state=CorrectionState.WITHDRAWN, decided_at=now)
    _record(session, "withdrawn", row, at=now, actor_id=actor_id)
    session.flush()
    return row


# State


def _refuse(faults: list[FieldFault]) -> None:
    if faults:
        raise Invalid(faults[0].message, field=faults[0].field)


def _get(session: Session, correction_id: int) -> FactCorrection:
    row = session.scalar(select(FactCorrection).where(FactCorrection.id == correction_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def _check_open(row: FactCorrection, actor_id: int) -> None:
    if row.state != CorrectionState.PROPOSED:
        raise _decided()
    if row.proposed_by_id == actor_id:
        raise Conflict(_l("You proposed this yourself: another admin has to look at it."))


def _decide(session: Session, row: FactCorrection, *, actor_id: int, **values: object) -> None:
    """Change the state once, the conditions in the statement itself: who comes second changes nothing."""
    is_own = values["state"] == CorrectionState.WITHDRAWN
    person = FactCorrection.proposed_by_id == actor_id
    statement = (
        update(FactCorrection)
        .where(
            FactCorrection.id == row.id,
            FactCorrection.state == CorrectionState.PROPOSED,
            person if is_own else ~person,
        )
        .values(decided_by_id=actor_id, **values)
    )
    if not changed_rows(session.execute(statement)):
        raise _decided()
    session.refresh(row)


def _number(session: Session, row: FactCorrection, actor_id: int, now: datetime) -> None:
    """Confirm under the next number; two admins who confirm two things at one moment do not both get it."""
    latest = session.execute(
        select(FactCorrection.revision, FactCorrection.chain)
        .where(FactCorrection.revision.is_not(None))
        .order_by(FactCorrection.revision.desc())
        .limit(1)
    ).one_or_none()
    revision, chain = (latest[0] or 0, latest[1] or "") if latest else (0, "")
    row_known_on = now.astimezone(ZoneInfo(HOME_ZONE)).date()
    try:
        _decide(
            session,
            row,
            actor_id=actor_id,
            state=CorrectionState.CONFIRMED,
            decided_at=now,
            known_on=row_known_on,
            revision=revision + 1,
            chain=chain_of(chain, row, known_on=row_known_on),
        )
    except IntegrityError as error:
        session.rollback()
        raise Conflict(
            _l("Something else was confirmed at this very moment. Look again, then confirm.")
        ) from error


def _record(
    session: Session, verb: str, row: FactCorrection, *, at: datetime, actor_id: int, reason: str = ""
) -> None:
    details: dict[str, Any] = {"reason": reason} if reason else {}
    record(
        session,
        f"fact_correction.{verb}",
        at=at,
        actor_id=actor_id,
        object_type="fact_correction",
        object_id=row.id,
        key=row.key,
        kind=row.kind,
        value=row.value,
        valid_from=row.valid_from.isoformat(),
        **details,
    )


def _decided() -> Conflict:
    return Conflict(_l("Somebody has decided this already. Look at how it stands now."))
