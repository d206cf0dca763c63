"""Changes: a sitting starts, once, whoever starts it twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses.cohorts.models import Enrolment
from courses.learning.services import require_open
from lms.core.accounts import throttle
from lms.core.db import begin_write
from lms.core.errors import Conflict
from quizzes.attempts import queries
from quizzes.attempts.deadline import has_closed, is_overdue
from quizzes.attempts.door import Door, get_door
from quizzes.attempts.drawing import begin_drawn, discard_drawn, is_halted, store_items
from quizzes.attempts.models import Attempt
from quizzes.attempts.paper import PlannedItem, draw_paper
from quizzes.attempts.terms import NotYet, admit, terms_of
from quizzes.bank.cohorts.comparison import count_questions
from quizzes.bank.cohorts.queries import get_pinned_version
from quizzes.bank.models import Purpose
from quizzes.grading.leaving_out import list_left_out


def start_attempt(
    session: Session, *, enrolment: Enrolment, step_id: int, now: datetime, rng: Random, code: str = ""
) -> Attempt:
    """Begin a sitting, or return the one that is going on.

    Paper and deadline are drawn before the write transaction and stored in it. Two starts at the same
    moment give one sitting. ``code`` is what the person typed as that of the hall, where one is asked.

    Raises:
        NotFound: the step is no quiz of this course.
        Conflict: locked, all tries used, name not confirmed before the posttest, or a sitting is overdue
            (call :func:`quizzes.attempts.handing_in.close_overdue` first); or the training has closed, for
            a quiz done before too; or every question of it is paused; or the quiz has closed, or the person
            must rest.
        NotYet: the cohort begins together, has not begun, or is stopped for a moment.
        WrongCode: another code than that of the hall.
        TooMany: this person tried too many codes.
    """
    require_open(session, enrolment, step_id, now=now)
    if has_closed(enrolment.cohort, now=now):
        raise Conflict(_l("This training has closed: no quiz can be begun any more."))
    door = get_door(session, cohort_id=enrolment.cohort_id, enrolment_id=enrolment.id, step_id=step_id)
    if door.purpose == Purpose.POSTTEST and enrolment.name_confirmed_at is None:
        raise Conflict(_l("Please confirm your name for the certificate first."))
    if door.open_id is not None:
        return _resume(session.get_one(Attempt, door.open_id), now)
    if code and door.wrong_codes is not None:
        throttle.check(session, door.wrong_codes.key, limit=throttle.ACCOUNT_FREE, now=now)
    admit(door, enrolment.cohort, code=code, now=now)
    begun = _begin_drawn(session, enrolment, door, now=now)
    return begun or _draw_and_start(session, enrolment, door, step_id=step_id, now=now, rng=rng)


def _resume(attempt: Attempt, now: datetime) -> Attempt:
    if is_overdue(attempt, now=now):
        raise Conflict(_l("The time of your last try is over. Hand it in first."))
    return attempt


def _begin_drawn(session: Session, enrolment: Enrolment, door: Door, *, now: datetime) -> Attempt | None:
    """Begin the sitting whose paper was drawn ahead, where there is one that still fits."""
    if door.drawn_id is None:
        return None
    return begin_drawn(
        session,
        door.drawn_id,
        enrolment=enrolment,
        attempts_allowed=door.tries,
        terms=terms_of(door, enrolment.cohort, now=now),
        now=now,
    )


def _draw_and_start(
    session: Session, enrolment: Enrolment, door: Door, *, step_id: int, now: datetime, rng: Random
) -> Attempt:
    quiz = get_pinned_version(session, cohort_id=enrolment.cohort_id, quiz_key=door.quiz_key)
    seen = queries.list_seen_questions(session, enrolment.id, quiz_id=quiz.quiz_id)
    left_out = list_left_out(session, quiz.id, cohort_id=enrolment.cohort_id)
    plan = draw_paper(quiz, rng, seen=seen, paused=left_out.all)
    attempt = Attempt(
        enrolment_id=enrolment.id,
        step_id=step_id,
        quiz_id=quiz.quiz_id,
        quiz_version_id=quiz.id,
        started_at=now,
        **vars(terms_of(door, enrolment.cohort, now=now)),
        left_out=count_questions(quiz) - len(plan),
        paused_count=len(left_out.paused),
        marks_possible=sum(item.marks for item in plan),
    )
    return _store_once(session, attempt, plan, attempts_allowed=door.tries, now=now)


def _store_once(
    session: Session,
    attempt: Attempt,
    plan: Sequence[PlannedItem],
    *,
    attempts_allowed: int,
    now: datetime,
) -> Attempt:
    begin_write(session)
    if is_halted(session, attempt.enrolment_id, quiz_id=attempt.quiz_id):
        raise NotYet(_l("The organiser has stopped this quiz for a moment. Please wait."))
    # Before the look for an open sitting: whoever begins a drawn one this moment holds its row.
    discard_drawn(session, [attempt.enrolment_id], quiz_id=attempt.quiz_id)
    used, open_id = queries.count_attempts(session, attempt.enrolment_id, quiz_id=attempt.quiz_id)
    if open_id is not None:
        return _resume(session.get_one(Attempt, open_id, populate_existing=True), now)
    if attempts_allowed and used >= attempts_allowed:
        raise Conflict(_l("All your tries for this quiz are used."))
    attempt.number = used + 1
    return _add(session, attempt, plan)


def _add(session: Session, attempt: Attempt, plan: Sequence[PlannedItem]) -> Attempt:
    """Store a sitting with its paper, or return the one that came first."""
    try:
        with session.begin_nested():
            session.add(attempt)
            session.flush()
            store_items(session, {attempt.id: plan})
    except IntegrityError:
        # Only without the person's lock could another start have come first; the index decides either way.
        going_on = queries.find_open_attempt(session, attempt.enrolment_id, quiz_id=attempt.quiz_id)
        if going_on is None:
            raise
        return going_on
    return attempt
