"""What one person is allowed beyond the others: more time, more tries. Given with a reason, never erased."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort, Enrolment
from lms.core.accounts.models import User
from lms.core.audit.services import record
from lms.core.db import begin_write, changed_rows
from lms.core.errors import Conflict, Invalid, NotFound
from quizzes.attempts.deadline import allowed_minutes
from quizzes.attempts.ends import later_at_most
from quizzes.attempts.models import Accommodation, Attempt
from quizzes.attempts.windows import OpenSitting, list_open_sittings
from quizzes.bank.models import Quiz

MAX_TIME_PERCENT = 300
MAX_MINUTES = 240
MAX_ATTEMPTS = 20


@dataclass(frozen=True)
class Allowance:
    """All that stands for one person and one quiz: the longest time, and minutes and tries added up."""

    time_percent: int = 0
    minutes: int = 0
    attempts: int = 0

    def time_for(self, limit_minutes: int | None) -> int | None:
        """Return this person's minutes for a time limit; None without one."""
        if limit_minutes is None:
            return None
        return allowed_minutes(limit_minutes, extra_percent=self.time_percent, extra_minutes=self.minutes)


def allowance_columns(enrolment_id: Any, quiz_id: Any) -> list[ColumnElement[int]]:
    """Return percent, minutes and tries a person has beyond the others, as columns of a query."""
    sums = (
        func.max(Accommodation.extra_time_percent),
        func.sum(Accommodation.extra_minutes),
        func.sum(Accommodation.extra_attempts),
    )
    return [
        select(func.coalesce(one, 0))
        .select_from(Accommodation)
        .where(*_stands(enrolment_id, quiz_id))
        .scalar_subquery()
        for one in sums
    ]


def find_allowance(session: Session, enrolment_id: int, *, quiz_id: int) -> Allowance:
    """Return what stands for a person and a quiz."""
    row = session.execute(_allowance(), {"enrolment": enrolment_id, "quiz": quiz_id}).one()
    return Allowance(row[0], row[1], row[2])


@cache
def _allowance() -> Select[*tuple[Any, ...]]:
    return select(*allowance_columns(bindparam("enrolment"), bindparam("quiz")))


def list_extra_attempts(session: Session, people: Collection[int], *, quiz_id: int) -> dict[int, int]:
    """Return by enrolment the tries beyond those of everybody, of those who have any."""
    query = (
        select(Accommodation.enrolment_id, func.sum(Accommodation.extra_attempts))
        .where(Accommodation.enrolment_id.in_(people), *_holds(quiz_id))
        .group_by(Accommodation.enrolment_id)
    )
    return dict(session.execute(query).all())


@dataclass(frozen=True)
class Given:
    """An accommodation as staff see it; ``quiz_title`` None: for every quiz."""

    accommodation: Accommodation
    quiz_title: str | None
    given_by: str


def list_given(session: Session, enrolment_id: int) -> list[Given]:
    """Return everything a person was ever given, the newest first."""
    query = (
        select(Accommodation, Quiz.title, User.name)
        .join(User, User.id == Accommodation.given_by_id)
        .outerjoin(Quiz, Quiz.id == Accommodation.quiz_id)
        .where(Accommodation.enrolment_id == enrolment_id)
        .order_by(Accommodation.id.desc())
    )
    return [Given(*row) for row in session.execute(query)]


def give(
    session: Session,
    actor_id: int,
    *,
    enrolment: Enrolment,
    cohort: Cohort,
    quiz_id: int | None,
    extra_time_percent: int = 0,
    extra_minutes: int = 0,
    extra_attempts: int = 0,
    reason: str,
    now: datetime,
) -> Accommodation:
    """Allow a person more; who sits at the moment gets the time at once.

    As for who begins, it goes no further than the window of the quiz: an organiser moves that first.

    Raises:
        Invalid: nothing is given, too much, or no reason.
    """
    asked = extra_time_percent, extra_minutes, extra_attempts
    limits = MAX_TIME_PERCENT, MAX_MINUTES, MAX_ATTEMPTS
    if not any(asked) or not all(0 <= one <= most for one, most in zip(asked, limits, strict=True)):
        raise Invalid(_l("Give more time, minutes or tries, and not more than the form takes."))
    if not reason.strip():
        raise Invalid(_l("Write the reason in a sentence."), field="reason")
    enrolment_id, branch_id = enrolment.id, cohort.branch_id
    begin_write(session)
    sittings = _lock_sittings(session, cohort, enrolment_id, quiz_id)
    before = [_time_of(session, sitting) for sitting in sittings]
    given = Accommodation(
        enrolment_id=enrolment_id,
        quiz_id=quiz_id,
        extra_time_percent=extra_time_percent,
        extra_minutes=extra_minutes,
        extra_attempts=extra_attempts,
        reason=reason.strip(),
        given_at=now,
        given_by_id=actor_id,
    )
    session.add(given)
    session.flush()
    for sitting, had in zip(sittings, before, strict=True):
        by, last = _time_of(session, sitting) - had, sitting.last_moment(cohort)
        _lengthen(session, sitting.attempt, by=by, closes_at=last, now=now)
    about = {"quiz_id": quiz_id, "time_percent": asked[0], "minutes": asked[1], "attempts": asked[2]}
    _record(session, "accommodation.given", given, actor_id=actor_id, branch_id=branch_id, now=now, **about)
    return given


def take_back(
    session: Session, actor_id: int, *, enrolment: Enrolment, cohort: Cohort, given_id: int, now: datetime
) -> None:
    """End what a person was allowed; a sitting that has begun keeps its time.

    Raises:
        NotFound: this person was given no such thing.
        Conflict: it was taken back before.
    """
    enrolment_id, branch_id = enrolment.id, cohort.branch_id
    begin_write(session)
    given = session.get(Accommodation, given_id, populate_existing=True)
    if given is None or given.enrolment_id != enrolment_id:
        raise NotFound
    ended = update(Accommodation).where(Accommodation.id == given_id, Accommodation.taken_back_at.is_(None))
    if not changed_rows(session.execute(ended.values(taken_back_at=now, taken_back_by_id=actor_id))):
        raise Conflict(_l("This was taken back already."))
    _record(session, "accommodation.taken_back", given, actor_id=actor_id, branch_id=branch_id, now=now)


def _stands(enrolment_id: Any, quiz_id: Any) -> tuple[ColumnElement[bool], ...]:
    return Accommodation.enrolment_id == enrolment_id, *_holds(quiz_id)


def _holds(quiz_id: Any) -> tuple[ColumnElement[bool], ...]:
    is_for_it = or_(Accommodation.quiz_id.is_(None), Accommodation.quiz_id == quiz_id)
    return Accommodation.taken_back_at.is_(None), is_for_it


def _lock_sittings(
    session: Session, cohort: Cohort, enrolment_id: int, quiz_id: int | None
) -> list[OpenSitting]:
    """Return the sittings that are going on; the person is locked first, as by every service."""
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment_id).with_for_update())
    found = list_open_sittings(session, cohort, enrolment_id=enrolment_id)
    return [one for one in found if quiz_id is None or one.attempt.quiz_id == quiz_id]


def _time_of(session: Session, sitting: OpenSitting) -> int:
    """Return the minutes a person has for a sitting, 0 without a limit."""
    attempt = sitting.attempt
    allowance = find_allowance(session, attempt.enrolment_id, quiz_id=attempt.quiz_id)
    return allowance.time_for(sitting.time_limit_minutes) or 0


def _lengthen(session: Session, attempt: Attempt, *, by: int, closes_at: datetime, now: datetime) -> None:
    """Move the end of a sitting, or of one that stands still the end it had; what is over stays over."""
    running, standing = Attempt.deadline_at >= now, Attempt.halted_at.is_not(None)
    for end, still in ((Attempt.deadline_at, running), (Attempt.held_deadline_at, standing)):
        moved = later_at_most(session, end, by * 60, closes_at=closes_at)
        longer = update(Attempt).where(Attempt.id == attempt.id, Attempt.state == "in_progress", still)
        session.execute(longer.values({end: moved}).execution_options(synchronize_session=False))
    session.expire(attempt)


def _record(
    session: Session,
    action: str,
    given: Accommodation,
    *,
    actor_id: int,
    branch_id: int,
    now: datetime,
    **details: object,
) -> None:
    record(
        session,
        action,
        at=now,
        actor_id=actor_id,
        object_type="enrolment",
        object_id=given.enrolment_id,
        branch_id=branch_id,
        accommodation_id=given.id,
        **details,
    )
    session.flush()
