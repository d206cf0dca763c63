"""Changes: a sitting is handed in: by its person, when its time has run out, or by an organiser."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from courses.cohorts.models import Cohort
from lms.core.audit.services import record
from lms.core.db import UNSEEN, begin_write
from lms.core.errors import Conflict
from quizzes.attempts import queries
from quizzes.attempts.deadline import is_overdue
from quizzes.attempts.models import Attempt
from quizzes.attempts.results import keep_result, lock_person_of
from quizzes.bank.models import QuizVersion
from quizzes.grading.services import mark_paper
from quizzes.statistics.tallies import tally_paper


def submit_attempt(
    session: Session, attempt_id: int, *, by: str, now: datetime, user_id: int | None = None
) -> Attempt:
    """Hand a sitting in, mark it and tell the course; handed in before, it stays as it is.

    ``by`` is "person", "deadline" or "organiser"; whoever comes after the deadline, it is "deadline". For the
    deadline nothing happens while there is time left.
    ``user_id`` says whose sitting it must be; None for staff and the machine.

    Raises:
        NotFound: there is none, or it is somebody else's, or they were withdrawn.
    """
    begin_write(session)
    person, attempt = lock_person_of(session, attempt_id, user_id=user_id)
    if _close(session, attempt, by=by, now=now):
        _mark(session, attempt, cohort_id=person.cohort_id, now=now)
    return attempt


def close_overdue(
    session: Session, *, now: datetime, enrolment_id: int | None = None, limit: int = 50
) -> int:
    """Hand in open sittings whose time has run out, at most ``limit``; return how many."""
    begin_write(session)
    ids = queries.list_overdue(session, now=now, limit=limit, enrolment_id=enrolment_id)
    for attempt_id in ids:
        submit_attempt(session, attempt_id, by="deadline", now=now)
    return len(ids)


def hand_in_for(
    session: Session, actor_id: int, *, cohort: Cohort, attempt_id: int, now: datetime
) -> Attempt:
    """Hand a sitting of a cohort in: whoever left, or whose phone is dead, gets a result.

    What was saved counts; it is as if the person had handed it in now. Somebody who was withdrawn, too.

    Raises:
        NotFound: there is no such sitting in the cohort.
        Conflict: it has been handed in.
    """
    cohort_id, branch_id = cohort.id, cohort.branch_id
    begin_write(session)
    queries.get_attempt_of_cohort(session, attempt_id, cohort_id=cohort_id)
    _person, attempt = lock_person_of(session, attempt_id)
    if attempt.state != "in_progress":
        raise Conflict(_l("This has been handed in already."))
    attempt = submit_attempt(session, attempt_id, by="organiser", now=now)
    record(
        session,
        "attempt.handed_in",
        at=now,
        actor_id=actor_id,
        object_type="attempt",
        object_id=attempt_id,
        branch_id=branch_id,
        cohort_id=cohort_id,
    )
    return attempt


def _close(session: Session, attempt: Attempt, *, by: str, now: datetime) -> bool:
    """Take no more answers, from now or from when its time ran out; whether it was open until then."""
    is_over = is_overdue(attempt, now=now)
    if by == "deadline" and not is_over:
        return False  # somebody has given more time since it was found to be over
    by, at = ("deadline", attempt.deadline_at) if is_over else (by, now)
    values = {"attempt": attempt.id, "at": at, "by": by}
    is_first = session.scalar(_closing(is_over=is_over), values) is not None
    session.refresh(attempt)
    return is_first


@cache
def _closing(*, is_over: bool) -> ReturningUpdate[int]:
    """Return the change that hands an open sitting in; of one that is over, unless its end has moved."""
    closing = update(Attempt).where(Attempt.id == bindparam("attempt"), Attempt.state == "in_progress")
    if is_over:
        # Whoever gives the hall more time at this moment comes first.
        closing = closing.where(Attempt.deadline_at == bindparam("at"))
    closing = closing.values(state="submitted", submitted_at=bindparam("at"), submitted_by=bindparam("by"))
    return closing.returning(Attempt.id).execution_options(**UNSEEN)


def _mark(session: Session, attempt: Attempt, *, cohort_id: int, now: datetime) -> None:
    quiz = session.get_one(QuizVersion, attempt.quiz_version_id)
    items = queries.list_items(session, attempt.id)
    marked = mark_paper(session, items, cohort_id=cohort_id, pass_percent=quiz.pass_percent, now=now)
    tally_paper(session, attempt, list(zip(items, marked.worths, strict=True)), cohort_id=cohort_id)
    keep_result(session, attempt, marked.score, now=now, came_at=attempt.submitted_at or now)
