"""A cohort begins a quiz together: papers are drawn, people wait, the organiser opens the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from courses.catalogue.models import Course, Edition, Step
from courses.cohorts.models import Cohort, Enrolment
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound
from quizzes.attempts.door import admitted_at
from quizzes.attempts.drawing import count_ready, promise_papers
from quizzes.attempts.models import JointStart
from quizzes.bank.models import CohortQuiz, Quiz

ADMITTED_PER_SECOND = 25
"""Starts a second that two cores answer without anybody waiting for a page."""


WAIT_SECONDS = 5
"""How often a waiting page asks whether the door is open; people ask at different seconds."""


@dataclass(frozen=True)
class Wait:
    """What a waiting person is told: whether the door is open, and when the page asks again."""

    is_open: bool
    again_seconds: int


@dataclass(frozen=True)
class QuizStart:
    """A quiz of a cohort as the organiser sees it before it begins."""

    step_id: int
    quiz_id: int
    title: str
    ready_count: int
    joint: JointStart | None
    # The organiser has stopped the time.
    is_halted: bool = False


def list_starts(session: Session, cohort: Cohort) -> list[QuizStart]:
    """Return the quizzes of a cohort in the order of its course, each with what lies ready."""
    ready = count_ready(session, cohort.id)
    query = (
        select(Step.id, Step.title, CohortQuiz.quiz_id, JointStart, CohortQuiz.halted_at)
        .select_from(CohortQuiz)
        .join(Quiz, Quiz.id == CohortQuiz.quiz_id)
        .join(Edition, Edition.id == cohort.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .join(Step, (Step.edition_id == Edition.id) & (Quiz.key == Course.slug + "/" + Step.path))
        .outerjoin(
            JointStart,
            (JointStart.cohort_id == CohortQuiz.cohort_id) & (JointStart.quiz_id == CohortQuiz.quiz_id),
        )
        .where(CohortQuiz.cohort_id == cohort.id, _is_of(cohort))
        .order_by(Step.id)
    )
    return [
        QuizStart(step_id, quiz_id, title, ready.get(quiz_id, 0), joint, halted_at is not None)
        for step_id, title, quiz_id, joint, halted_at in session.execute(query)
    ]


def find_joint(session: Session, cohort_id: int, *, quiz_id: int) -> JointStart | None:
    """Return how a cohort begins a quiz together, or None where everybody begins alone."""
    return session.get(JointStart, (cohort_id, quiz_id))


def count_people(session: Session, cohort_id: int) -> int:
    """Return how many people take part."""
    query = select(func.count()).where(Enrolment.cohort_id == cohort_id, Enrolment.status == "active")
    return session.scalar(query) or 0


def find_wait(joint: JointStart | None, enrolment_id: int, *, now: datetime) -> Wait | None:
    """Return how a person waits for the others, or None where they may begin."""
    if joint is None:
        return None
    moment = admitted_at(joint, enrolment_id)
    if moment is None:
        return Wait(is_open=False, again_seconds=WAIT_SECONDS + enrolment_id % 3)
    if now >= moment:
        return None
    return Wait(is_open=True, again_seconds=int((moment - now).total_seconds()) + 1)


def prepare(session: Session, actor_id: int, *, cohort: Cohort, step_id: int, now: datetime) -> None:
    """Let papers be drawn for everybody; from now on people wait for each other.

    Raises:
        NotFound: the step is no quiz of this cohort.
    """
    cohort_id, branch_id = cohort.id, cohort.branch_id
    quiz_id = get_quiz_id(session, cohort, step_id)
    begin_write(session)
    joint = session.get(JointStart, (cohort_id, quiz_id), with_for_update=True)
    if joint is None:
        joint = JointStart(cohort_id=cohort_id, quiz_id=quiz_id)
        session.add(joint)
    joint.opened_at, joint.turns = None, 1
    session.flush()
    promise_papers(session, actor_id, cohort_id=cohort_id, step_id=step_id, branch_id=branch_id, now=now)


def open_door(session: Session, actor_id: int, *, cohort: Cohort, step_id: int, now: datetime) -> None:
    """Let everybody begin now, one second's worth of people after the other; again it changes nothing.

    Raises:
        NotFound: the step is no quiz of this cohort.
        Conflict: nobody waits for it.
    """
    cohort_id, quiz_id, about = _about(session, cohort, step_id)
    begin_write(session)
    joint = session.get(JointStart, (cohort_id, quiz_id), with_for_update=True)
    if joint is None:
        raise Conflict(_l("Nobody waits for this quiz any more."))
    if joint.opened_at is not None:
        return
    joint.turns = max(1, -(-count_people(session, cohort_id) // ADMITTED_PER_SECOND))
    joint.opened_at = now
    record(session, "quiz.opened_together", at=now, actor_id=actor_id, **about)


def release(session: Session, actor_id: int, *, cohort: Cohort, step_id: int, now: datetime) -> None:
    """Let everybody begin when they like, as without a joint start.

    Raises:
        NotFound: the step is no quiz of this cohort.
    """
    cohort_id, quiz_id, about = _about(session, cohort, step_id)
    begin_write(session)
    session.execute(
        delete(JointStart).where(JointStart.cohort_id == cohort_id, JointStart.quiz_id == quiz_id)
    )
    record(session, "quiz.released", at=now, actor_id=actor_id, **about)


def _about(session: Session, cohort: Cohort, step_id: int) -> tuple[int, int, Mapping[str, Any]]:
    about = {"object_type": "cohort", "object_id": cohort.id, "branch_id": cohort.branch_id}
    return cohort.id, get_quiz_id(session, cohort, step_id), about | {"step_id": step_id}


def get_quiz_id(session: Session, cohort: Cohort, step_id: int) -> int:
    """Return the quiz a step of a cohort's course is.

    Raises:
        NotFound: the step is no quiz of this cohort.
    """
    query = (
        select(CohortQuiz.quiz_id)
        .join(Quiz, Quiz.id == CohortQuiz.quiz_id)
        .join(Edition, Edition.id == cohort.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .join(Step, (Step.edition_id == Edition.id) & (Quiz.key == Course.slug + "/" + Step.path))
        .where(CohortQuiz.cohort_id == cohort.id, Step.id == step_id, _is_of(cohort))
    )
    quiz_id = session.scalar(query)
    if quiz_id is None:
        raise NotFound
    return quiz_id


def _is_of(cohort: Cohort) -> ColumnElement[bool]:
    """Say that a step of the edition is the cohort's: what others were given beside it is not."""
    return Step.is_extra.is_(False) | Step.id.in_(cohort.extra_steps)
