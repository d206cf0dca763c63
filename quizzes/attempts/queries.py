"""Reads: quizzes as a trainee meets them, sittings, papers. What belongs to somebody else is not found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from courses.catalogue.models import Course, Edition, Lesson, Step
from courses.cohorts.models import Cohort, Enrolment
from lms.core.errors import NotFound
from quizzes.attempts.answers import Standing
from quizzes.attempts.models import AnswerEvent, Attempt, PaperItem, Response
from quizzes.bank.models import CohortQuiz, QuestionVersion, Quiz, QuizSlot, QuizVersion
from quizzes.grading.models import Mark


@dataclass(frozen=True)
class QuizFacts:
    """The version of a quiz a cohort runs on, and how many questions a paper of it has."""

    version: QuizVersion
    question_count: int


@dataclass(frozen=True)
class OpenItem:
    """A question on a paper as a save needs it, with what stands and whether the save is known already."""

    item_id: int
    position: int
    prepared: dict[str, Any]
    type: str
    content: dict[str, Any]
    time_zone: str
    deadline_at: datetime | None
    standing: Standing
    # Outcome and time of the save with this event id, if it arrived before.
    known_outcome: str | None
    known_at: datetime | None


def get_quiz_facts(session: Session, enrolment: Enrolment, step_id: int) -> QuizFacts:
    """Return what awaits a trainee at a quiz step.

    Raises:
        NotFound: the step is no quiz of this cohort.
    """
    query = (
        select(QuizVersion, func.sum(QuizSlot.draw_count))
        .join(CohortQuiz, CohortQuiz.quiz_version_id == QuizVersion.id)
        .join(Quiz, Quiz.id == CohortQuiz.quiz_id)
        .join(QuizSlot, QuizSlot.quiz_version_id == QuizVersion.id)
        .where(CohortQuiz.cohort_id == enrolment.cohort_id, Quiz.key == _key_of(step_id))
        .group_by(QuizVersion.id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return QuizFacts(version=row[0], question_count=row[1])


def get_quiz_key(session: Session, step_id: int) -> str:
    """Return the key of the quiz a step names, ``<course slug>/<step path>``.

    Raises:
        NotFound: there is no such step.
    """
    key: str | None = session.scalar(select(_key_of(step_id)))
    if key is None:
        raise NotFound
    return key


def _is_own(user_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return what makes a sitting a person's own: theirs, and they still take part."""
    return Enrolment.user_id == user_id, Enrolment.status == "active"


def get_own_attempt(session: Session, attempt_id: int, *, user_id: int) -> Attempt:
    """Return a person's own sitting with enrolment, cohort, edition, step and quiz version.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    query = _attempts().where(Attempt.id == attempt_id, *_is_own(user_id))
    attempt = session.scalar(query)
    if attempt is None:
        raise NotFound
    return attempt


def list_sittings_with(session: Session, attempt_id: int, *, user_id: int) -> list[Attempt]:
    """Return all sittings of the quiz ``attempt_id`` is one of, in order; empty when it is not one's own."""
    this = aliased(Attempt)
    query = (
        _attempts()
        .join(this, and_(this.enrolment_id == Attempt.enrolment_id, this.quiz_id == Attempt.quiz_id))
        .where(this.id == attempt_id, *_is_own(user_id))
        .order_by(Attempt.number)
    )
    return list(session.scalars(query))


def list_attempts(session: Session, enrolment_id: int, *, quiz_id: int) -> list[Attempt]:
    """Return a trainee's sittings of a quiz in their order."""
    query = (
        select(Attempt)
        .where(Attempt.enrolment_id == enrolment_id, Attempt.quiz_id == quiz_id)
        .order_by(Attempt.number)
    )
    return list(session.scalars(query))


def find_open_attempt(session: Session, enrolment_id: int, *, quiz_id: int) -> Attempt | None:
    """Return the sitting that is going on, or None."""
    query = select(Attempt).where(
        Attempt.enrolment_id == enrolment_id, Attempt.quiz_id == quiz_id, Attempt.state == "in_progress"
    )
    return session.scalar(query)


def list_items(session: Session, attempt_id: int) -> list[PaperItem]:
    """Return a paper in order, with question versions and the answers that stand, in one query."""
    query = (
        select(PaperItem)
        .where(PaperItem.attempt_id == attempt_id)
        .options(
            joinedload(PaperItem.question_version, innerjoin=True).defer(QuestionVersion.source),
            joinedload(PaperItem.response),
        )
        .order_by(PaperItem.position)
    )
    return list(session.scalars(query))


def list_marked_items(session: Session, attempt_id: int) -> list[tuple[PaperItem, Mark | None]]:
    """Return a paper in order, each question with its newest mark, in one query."""
    newest = (
        select(func.max(Mark.number))
        .where(Mark.item_id == PaperItem.id)
        .correlate(PaperItem)
        .scalar_subquery()
    )
    query = (
        select(PaperItem, Mark)
        .outerjoin(Mark, and_(Mark.item_id == PaperItem.id, Mark.number == newest))
        .where(PaperItem.attempt_id == attempt_id)
        .options(
            joinedload(PaperItem.question_version, innerjoin=True).defer(QuestionVersion.source),
            joinedload(PaperItem.response),
        )
        .order_by(PaperItem.position)
    )
    return [(item, mark) for item, mark in session.execute(query)]


def list_headings(session: Session, step_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Return the headings of lessons: step id → anchor → text."""
    query = select(Lesson.step_id, Lesson.outline).where(Lesson.step_id.in_(step_ids))
    return {step_id: dict(outline) for step_id, outline in session.execute(query)}


def list_seen_questions(session: Session, enrolment_id: int, *, quiz_id: int) -> set[int]:
    """Return the ids of the questions on a trainee's earlier papers of a quiz."""
    query = (
        select(QuestionVersion.question_id)
        .join(PaperItem, PaperItem.question_version_id == QuestionVersion.id)
        .join(Attempt, Attempt.id == PaperItem.attempt_id)
        .where(Attempt.enrolment_id == enrolment_id, Attempt.quiz_id == quiz_id)
    )
    return set(session.scalars(query))


def list_overdue(
    session: Session, *, now: datetime, limit: int, enrolment_id: int | None = None
) -> list[int]:
    """Return ids of open sittings whose time has run out, the longest first; of one person or of all."""
    query = (
        select(Attempt.id)
        .where(Attempt.state == "in_progress", Attempt.deadline_at < now)
        .order_by(Attempt.deadline_at)
        .limit(limit)
    )
    if enrolment_id is not None:
        query = query.where(Attempt.enrolment_id == enrolment_id)
    return list(session.scalars(query))


def list_open_items(
    session: Session, attempt_id: int, *, user_id: int | None, event_ids: dict[int, str]
) -> dict[int, OpenItem]:
    """Return the questions at the positions of ``event_ids`` on a person's own paper, by position.

    One query; empty when the sitting is not that person's. ``user_id`` None asks for anybody's.
    """
    query = (
        select(
            PaperItem.id,
            PaperItem.position,
            PaperItem.prepared,
            QuestionVersion.type,
            QuestionVersion.content,
            Cohort.time_zone,
            Attempt.deadline_at,
            Response.sequence,
            Response.raw,
            Response.is_flagged,
            Response.format_error,
            AnswerEvent.event_id,
            AnswerEvent.outcome,
            AnswerEvent.received_at,
        )
        .join(Attempt, Attempt.id == PaperItem.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(QuestionVersion, QuestionVersion.id == PaperItem.question_version_id)
        .outerjoin(Response, Response.item_id == PaperItem.id)
        .outerjoin(AnswerEvent, _is_known(list(event_ids.values())))
        .where(Attempt.id == attempt_id, PaperItem.position.in_(event_ids))
    )
    if user_id is not None:
        query = query.where(*_is_own(user_id))
    found: dict[int, OpenItem] = {}
    for row in session.execute(query):
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
            deadline_at=row.deadline_at,
            standing=Standing(row.sequence or 0, row.raw, bool(row.is_flagged), row.format_error or ""),
            known_outcome=row.outcome if is_this else None,
            known_at=row.received_at if is_this else None,
        )
    return found


def _is_known(event_ids: Sequence[str]) -> ColumnElement[bool]:
    return and_(
        AnswerEvent.attempt_id == PaperItem.attempt_id,
        AnswerEvent.item_id == PaperItem.id,
        AnswerEvent.event_id.in_(event_ids),
    )


def _key_of(step_id: int) -> Any:
    return (
        select(Course.slug + "/" + Step.path)
        .join(Edition, Edition.course_id == Course.id)
        .join(Step, Step.edition_id == Edition.id)
        .where(Step.id == step_id)
        .scalar_subquery()
    )


def _attempts() -> Select[Attempt]:
    return (
        select(Attempt)
        .join(Attempt.enrolment)
        .join(Enrolment.cohort)
        .options(
            contains_eager(Attempt.enrolment)
            .contains_eager(Enrolment.cohort)
            .joinedload(Cohort.edition, innerjoin=True),
            joinedload(Attempt.step, innerjoin=True),
            joinedload(Attempt.quiz_version, innerjoin=True),
        )
    )
