"""Reads: questions on a paper as a save needs them, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Dialect, and_, bindparam, select
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort, Enrolment
from lms.core.db import connection_of
from lms.core.statements import Prepared
from quizzes.attempts.answers import Standing
from quizzes.attempts.deadline import Clock, clock_of
from quizzes.attempts.models import AnswerEvent, Attempt, PaperItem, Response
from quizzes.bank.models import QuestionVersion


@dataclass(frozen=True)
class OpenItem:
    """A question on a paper as a save needs it, with what stands and whether the save is known already."""

    item_id: int
    position: int
    prepared: dict[str, Any]
    type: str
    content: dict[str, Any]
    time_zone: str
    clock: Clock
    standing: Standing
    # Outcome and time of the save with this event id, if it arrived before.
    known_outcome: str | None
    known_at: datetime | None
    known_receipt: str = ""
    # False: questions come one at a time, and this one is not open, or its answer was shown.
    is_open: bool = True


def list_open_items(
    session: Session, attempt_id: int, *, user_id: int | None, event_ids: dict[int, str]
) -> dict[int, OpenItem]:
    """Return the questions at the positions of ``event_ids`` on a person's own paper, by position.

    One query; empty when the sitting is not that person's. ``user_id`` None asks for anybody's.
    """
    if not event_ids:
        return {}
    values: dict[str, Any] = {"attempt": attempt_id, "user": user_id}
    for number, (position, event_id) in enumerate(event_ids.items()):
        values |= {f"position_{number}": position, f"event_{number}": event_id}
    connection = connection_of(session)
    query = _open_items(connection.dialect, len(event_ids), is_anybodys=user_id is None)
    found: dict[int, OpenItem] = {}
    for row in query.rows(connection, values):
        is_this = row.event_id is not None and row.event_id == event_ids[row.position]
        if row.position in found and not is_this:
            continue
        found[row.position] = OpenItem(
            item_id=row.id,
            position=row.position,
            prepared=row.prepared,
            type=row.type,
            content=row.content,
            time_zone=row.time_zone,
            clock=clock_of(
                row.deadline_at,
                row.grace_seconds,
                halted_at=row.halted_at,
                held_deadline_at=row.held_deadline_at,
            ),
            standing=Standing(row.sequence or 0, row.raw, bool(row.is_flagged), row.format_error or ""),
            known_outcome=row.outcome if is_this else None,
            known_at=row.received_at if is_this else None,
            known_receipt=row.receipt if is_this else "",
            is_open=row.place in (0, row.position) and not row.is_checked,
        )
    return found


@cache
def _open_items(dialect: Dialect, count: int, *, is_anybodys: bool) -> Prepared:
    """Return the query of every save, for so many questions."""
    item, version, attempt, response, event = (
        model.__table__.c for model in (PaperItem, QuestionVersion, Attempt, Response, AnswerEvent)
    )
    is_known = and_(
        event.attempt_id == item.attempt_id,
        event.item_id == item.id,
        event.event_id.in_([bindparam(f"event_{number}") for number in range(count)]),
    )
    query = (
        select(item.id, item.position, item.prepared, version.type, version.content)
        .add_columns(Cohort.__table__.c.time_zone, attempt.deadline_at, attempt.grace_seconds)
        .add_columns(attempt.halted_at, attempt.held_deadline_at, attempt.place, item.is_checked)
        .add_columns(response.sequence, response.raw, response.is_flagged, response.format_error)
        .add_columns(event.event_id, event.outcome, event.received_at, event.receipt)
        .select_from(PaperItem.__table__)
        .join(Attempt.__table__, attempt.id == item.attempt_id)
        .join(Enrolment.__table__, Enrolment.__table__.c.id == attempt.enrolment_id)
        .join(Cohort.__table__, Cohort.__table__.c.id == Enrolment.__table__.c.cohort_id)
        .join(QuestionVersion.__table__, version.id == item.question_version_id)
        .outerjoin(Response.__table__, response.item_id == item.id)
        .outerjoin(AnswerEvent.__table__, is_known)
        .where(attempt.id == bindparam("attempt"), attempt.state != "drawn")
        .where(item.position.in_([bindparam(f"position_{number}") for number in range(count)]))
    )
    enrolment = Enrolment.__table__.c
    whose = (enrolment.user_id == bindparam("user"), enrolment.status == "active")
    return Prepared(query if is_anybodys else query.where(*whose), dialect)
