"""Who sits in a hall and how it goes with them, by what the server knows. Worked out, never stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from courses.cohorts.models import Enrolment
from lms.core.accounts.models import User
from quizzes.attempts.models import AnswerEvent, Attempt, PaperItem, Response
from quizzes.attempts.queries import has_begun

SILENT_AFTER = timedelta(minutes=3)
"""An open quiz asks the server about once a minute. Not heard of for so long, a phone has no signal or is put
away; what its person answered meanwhile may lie there unsent."""

IDLE_AFTER = timedelta(minutes=5)
"""The phone is heard of, but nothing was answered for so long."""


class SeatState(StrEnum):
    """How it goes with one person; those to look after come first."""

    SILENT = "silent"
    IDLE = "idle"
    WORKING = "working"
    ABSENT = "absent"
    DONE = "done"


@dataclass(frozen=True)
class Seat:
    """One person of a cohort at one quiz; of several sittings, the last one."""

    name: str
    state: SeatState
    # When the server last heard of the person, whatever they did.
    seen_at: datetime | None
    answered: int = 0
    questions: int = 0
    # The end that is shown; None without a sitting that goes on, or while its time stands still.
    ends_at: datetime | None = None


@dataclass(frozen=True)
class HallCount:
    """How many people are where; nothing of a person is in it."""

    people: int
    absent: int
    sitting: int
    done: int
    # When most of those who sit end; None: nobody sits, or their time stands still.
    ends_at: datetime | None


def list_seats(session: Session, cohort_id: int, *, quiz_id: int, now: datetime) -> list[Seat]:
    """Return everybody who takes part, those to look after first, in one query."""
    rows = session.execute(_seats(), {"cohort": cohort_id, "quiz": quiz_id})
    order = list(SeatState)
    return sorted((_seat(row, now) for row in rows), key=lambda seat: order.index(seat.state))


def list_sitting(session: Session, cohort_id: int) -> dict[int, int]:
    """Return by quiz how many people of a cohort sit now, in one query."""
    query = (
        select(Attempt.quiz_id, func.count())
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status == "active")
        .where(Attempt.state == "in_progress", Attempt.step_id.is_not(None))
        .group_by(Attempt.quiz_id)
    )
    return dict(session.execute(query).all())


def count_seats(seats: Sequence[Seat]) -> HallCount:
    """Return what may be shown to the whole hall."""
    counts = Counter(seat.state for seat in seats)
    ends = sorted(seat.ends_at for seat in seats if seat.ends_at is not None)
    absent, done = counts[SeatState.ABSENT], counts[SeatState.DONE]
    return HallCount(
        people=len(seats),
        absent=absent,
        sitting=len(seats) - absent - done,
        done=done,
        ends_at=ends[len(ends) // 2] if ends else None,
    )


def state_of(
    attempt_state: str | None,
    *,
    seen_at: datetime | None,
    answered_at: datetime | None,
    is_halted: bool,
    now: datetime,
) -> SeatState:
    """Return how it goes with a person. While the time stands still, nobody is idle.

    Args:
        attempt_state: of the last sitting; None: none has begun.
        seen_at: when the person was last heard of.
        answered_at: when the sitting began or its last answer came.
    """
    if attempt_state is None:
        return SeatState.ABSENT
    if attempt_state == "submitted":
        return SeatState.DONE
    heard = max(
        moment for moment in (seen_at, answered_at, datetime.min.replace(tzinfo=now.tzinfo)) if moment
    )
    if now - heard > SILENT_AFTER:
        return SeatState.SILENT
    if not is_halted and answered_at is not None and now - answered_at > IDLE_AFTER:
        return SeatState.IDLE
    return SeatState.WORKING


def _seat(row: Any, now: datetime) -> Seat:
    attempt: Attempt | None = row.Attempt
    if attempt is None:
        return Seat(row.name, SeatState.ABSENT, row.last_seen_at)
    is_halted = attempt.halted_at is not None
    answered_at = max(moment for moment in (row.answered_at, attempt.started_at) if moment)
    seen_at = max(moment for moment in (row.last_seen_at, answered_at) if moment)
    state = state_of(attempt.state, seen_at=seen_at, answered_at=answered_at, is_halted=is_halted, now=now)
    return Seat(row.name, state, seen_at, row.answered, row.questions, _shown_end(attempt))


def _shown_end(attempt: Attempt) -> datetime | None:
    if attempt.state != "in_progress" or attempt.halted_at is not None or attempt.deadline_at is None:
        return None
    return attempt.deadline_at - timedelta(seconds=attempt.grace_seconds)


@cache
def _seats() -> Select[*tuple[Any, ...]]:
    """Return the query, asked every few seconds, put together once."""
    earlier = aliased(Attempt)
    whose = earlier.enrolment_id == Enrolment.id, earlier.quiz_id == bindparam("quiz")
    last = select(func.max(earlier.number)).where(*whose, earlier.state != "drawn").correlate(Enrolment)
    sitting = and_(
        Attempt.enrolment_id == Enrolment.id,
        Attempt.quiz_id == bindparam("quiz"),
        Attempt.number == last.scalar_subquery(),
        has_begun(),
    )
    return (
        select(Enrolment.name, User.last_seen_at, Attempt)
        .add_columns(_of_sitting(func.max(AnswerEvent.received_at), AnswerEvent.attempt_id, "answered_at"))
        .add_columns(_of_sitting(func.count(), PaperItem.attempt_id, "questions"))
        .add_columns(_of_sitting(func.count(Response.answer), Response.attempt_id, "answered"))
        .select_from(Enrolment)
        .join(User, User.id == Enrolment.user_id)
        .outerjoin(Attempt, sitting)
        .where(Enrolment.cohort_id == bindparam("cohort"), Enrolment.status == "active")
        .order_by(Enrolment.name_folded, Enrolment.id)
    )


def _of_sitting(value: Any, attempt_id: Any, name: str) -> Any:
    return select(value).where(attempt_id == Attempt.id).correlate(Attempt).scalar_subquery().label(name)
