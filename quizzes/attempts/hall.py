"""Changes: the organiser holds a hall. The time of everybody who sits is stopped, goes on, or is made longer.

A power cut must cost nobody a minute. While the time stands still, answers and papers are taken as always;
nobody begins; a pause that nobody ends, ends with the training. Whose time was over before stays out. Every
act is one statement over all sittings, under the lock of the cohort's quiz, so that none is left behind and
no answer slips in between.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, case, literal, select, update
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort, Enrolment
from lms.core.audit.services import record
from lms.core.db import UtcDateTime, begin_write, changed_rows
from lms.core.errors import Conflict, Invalid
from quizzes.attempts.deadline import closing_moment
from quizzes.attempts.ends import later_at_most
from quizzes.attempts.models import Attempt
from quizzes.attempts.together import get_quiz_id
from quizzes.bank.models import CohortQuiz

MAX_MINUTES = 240
"""Given at once to everybody who sits."""


def pause(session: Session, actor_id: int, *, cohort: Cohort, step_id: int, now: datetime) -> int:
    """Stop the time of everybody who sits; return how many. Again it changes nothing.

    Raises:
        NotFound: the step is no quiz of this cohort.
    """
    closes_at = closing_moment(cohort)
    about, held = _take(session, cohort, step_id)
    if held.halted_at is not None:
        return 0
    held.halted_at = now
    going_on = update(Attempt).where(*_sit(held), Attempt.deadline_at >= now)
    last = case(
        (Attempt.deadline_at > closes_at, Attempt.deadline_at), else_=literal(closes_at, UtcDateTime())
    )
    stopped = going_on.values(halted_at=now, held_deadline_at=Attempt.deadline_at, deadline_at=last)
    return _act(session, actor_id, "quiz.paused", stopped, about, now=now)


def resume(session: Session, actor_id: int, *, cohort: Cohort, step_id: int, now: datetime) -> int:
    """Let the time go on: every end moves by the pause, in whole seconds, rounded up. Return how many.

    Where the time runs, it changes nothing.

    Raises:
        NotFound: the step is no quiz of this cohort.
    """
    closes_at = closing_moment(cohort)
    about, held = _take(session, cohort, step_id)
    if held.halted_at is None:
        return 0
    seconds = max(0, math.ceil((now - held.halted_at).total_seconds()))
    held.halted_at = None
    moved = later_at_most(session, Attempt.held_deadline_at, seconds, closes_at=closes_at)
    stopped = update(Attempt).where(*_sit(held), Attempt.halted_at.is_not(None))
    going_on = stopped.values(deadline_at=moved, halted_at=None, held_deadline_at=None)
    return _act(session, actor_id, "quiz.resumed", going_on, about, now=now, seconds=seconds)


def extend(
    session: Session,
    actor_id: int,
    *,
    cohort: Cohort,
    step_id: int,
    minutes: int,
    now: datetime,
    seen_minutes: int | None = None,
) -> int:
    """Give everybody who sits more time, paused or not; return how many. Nobody sits beyond the training.

    ``seen_minutes`` is what was given before, as the organiser saw it: a button pressed twice gives once.

    Raises:
        NotFound: the step is no quiz of this cohort.
        Invalid: no number of minutes from 1 to MAX_MINUTES.
        Conflict: somebody has given time meanwhile.
    """
    if not 1 <= minutes <= MAX_MINUTES:
        raise Invalid(_l("Give between 1 and %(most)s minutes.", most=MAX_MINUTES), field="minutes")
    closes_at = closing_moment(cohort)
    about, held = _take(session, cohort, step_id)
    if seen_minutes is not None and seen_minutes != held.extended_minutes:
        raise Conflict(_l("Somebody has just given more time. Look at it before you give more."))
    held.extended_minutes += minutes
    is_stopped = held.halted_at is not None
    end = Attempt.held_deadline_at if is_stopped else Attempt.deadline_at
    still = Attempt.halted_at.is_not(None) if is_stopped else Attempt.deadline_at >= now
    moved = {end: later_at_most(session, end, minutes * 60, closes_at=closes_at)}
    longer = update(Attempt).where(*_sit(held), still).values(moved)
    return _act(session, actor_id, "quiz.extended", longer, about, now=now, minutes=minutes)


def _take(session: Session, cohort: Cohort, step_id: int) -> tuple[dict[str, Any], CohortQuiz]:
    """Return what the audit log is told, and the cohort's quiz under its lock."""
    about = {"object_type": "cohort", "object_id": cohort.id, "branch_id": cohort.branch_id}
    key = cohort.id, get_quiz_id(session, cohort, step_id)
    begin_write(session)
    held = session.get_one(CohortQuiz, key, with_for_update=True, populate_existing=True)
    return about | {"step_id": step_id}, held


def _sit(held: CohortQuiz) -> tuple[ColumnElement[bool], ...]:
    people = select(Enrolment.id).where(Enrolment.cohort_id == held.cohort_id)
    return (
        Attempt.state == "in_progress",
        Attempt.quiz_id == held.quiz_id,
        Attempt.enrolment_id.in_(people),
    )


def _act(
    session: Session,
    actor_id: int,
    action: str,
    statement: Any,
    about: dict[str, Any],
    *,
    now: datetime,
    **details: Any,
) -> int:
    session.flush()
    count = changed_rows(session.execute(statement.execution_options(synchronize_session=False)))
    record(session, action, at=now, actor_id=actor_id, **about, sittings=count, **details)
    session.flush()
    session.expire_all()
    return count
