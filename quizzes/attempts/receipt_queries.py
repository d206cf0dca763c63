"""Reads: saves as they arrived, and those that came too late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from courses.cohorts.models import Enrolment
from quizzes.attempts.models import AnswerEvent, Attempt, PaperItem

PAGE_SIZE = 100
"""Rows of a page of saves."""


def list_events(
    session: Session, attempt_id: int, *, before: int | None = None
) -> list[tuple[AnswerEvent, int]]:
    """Return a page and one more of the saves of a sitting as they arrived, each with its question's place.

    The newest come first. ``before`` is the id of the last event of the page before.
    """
    query = (
        select(AnswerEvent, PaperItem.position)
        .join(PaperItem, PaperItem.id == AnswerEvent.item_id)
        .where(AnswerEvent.attempt_id == attempt_id)
        .order_by(AnswerEvent.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if before is not None:
        query = query.where(AnswerEvent.id < before)
    return [(event, position) for event, position in session.execute(query)]


@dataclass(frozen=True)
class Sitting:
    """A sitting with how many saves of it arrived, and how many of those too late."""

    attempt: Attempt
    save_count: int
    late_count: int


def list_sittings(session: Session, enrolment_id: int) -> list[Sitting]:
    """Return a person's sittings of all quizzes, the newest first, each with its step; a page of them."""
    late = func.sum(case((AnswerEvent.outcome == "late", 1), else_=0))
    saves = (
        select(AnswerEvent.attempt_id, func.count().label("saves"), late.label("late"))
        .join(Attempt, Attempt.id == AnswerEvent.attempt_id)
        .where(Attempt.enrolment_id == enrolment_id)
        .group_by(AnswerEvent.attempt_id)
        .subquery()
    )
    query = (
        select(Attempt, saves.c.saves, saves.c.late)
        .outerjoin(saves, saves.c.attempt_id == Attempt.id)
        .where(Attempt.enrolment_id == enrolment_id, Attempt.state != "drawn", Attempt.step_id.is_not(None))
        .options(joinedload(Attempt.step))
        .order_by(Attempt.id.desc())
        .limit(PAGE_SIZE)
    )
    return [Sitting(row[0], row[1] or 0, row[2] or 0) for row in session.execute(query)]


@dataclass(frozen=True)
class LateAnswer:
    """A save that came after the end, with whose it is and where."""

    event: AnswerEvent
    position: int
    attempt: Attempt


def count_late(cohort_id: int) -> ColumnElement[int]:
    """Return how many saves of a cohort came after the end, as a column of a query."""
    return select(func.count()).select_from(_late(cohort_id).subquery()).scalar_subquery()


def list_late(session: Session, cohort_id: int, *, before: int | None = None) -> list[LateAnswer]:
    """Return a page and one more of the late saves of a cohort, the newest first.

    ``before`` is the id of the last event of the page before.
    """
    query = (
        _late(cohort_id)
        .add_columns(PaperItem.position, Attempt)
        .join(PaperItem, PaperItem.id == AnswerEvent.item_id)
        .options(
            contains_eager(Attempt.enrolment),
            joinedload(Attempt.step, innerjoin=True),
        )
        .order_by(AnswerEvent.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if before is not None:
        query = query.where(AnswerEvent.id < before)
    return [LateAnswer(event, position, attempt) for event, position, attempt in session.execute(query)]


def _late(cohort_id: int) -> Select[Any]:
    return (
        select(AnswerEvent)
        .join(Attempt, Attempt.id == AnswerEvent.attempt_id)
        .join(Attempt.enrolment)
        .where(AnswerEvent.outcome == "late", Enrolment.cohort_id == cohort_id)
    )
