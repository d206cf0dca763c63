"""Reads: quizzes as a trainee meets them, sittings, papers. What belongs to somebody else is not found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from courses.catalogue.models import Course, Edition, Lesson, Step
from courses.cohorts.models import Cohort, Enrolment
from lms.core.errors import NotFound
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.bank.models import (
    CohortQuiz,
    QuestionVersion,
    Quiz,
    QuizSlot,
    QuizVersion,
    SlotCandidate,
)
from quizzes.grading.leaving_out import is_left_out
from quizzes.grading.models import Mark, QuestionReport
from quizzes.grading.worth import Worth, worth_of


@dataclass(frozen=True)
class QuizFacts:
    """The version of a quiz a cohort runs on, and how many questions a paper of it has."""

    version: QuizVersion
    question_count: int
    # Questions that are left out of papers begun now: their facts have changed, or they were at fault.
    left_out: int = 0


def get_quiz_facts(session: Session, enrolment: Enrolment, step_id: int) -> QuizFacts:
    """Return what awaits a trainee at a quiz step.

    Raises:
        NotFound: the step is no quiz of this cohort.
    """
    rows = session.execute(_slots_of(), {"cohort": enrolment.cohort_id, "step": step_id}).all()
    if not rows:
        raise NotFound
    wanted = sum(row[1] for row in rows)
    # A slot without candidates in the count has none at all: starting says so.
    there = sum(min(row[1], row[2] - row[3]) if row[3] else row[1] for row in rows)
    return QuizFacts(version=rows[0][0], question_count=there, left_out=wanted - there)


@cache
def _slots_of() -> Select[*tuple[Any, ...]]:
    """Return the query of the page before every quiz, put together once."""
    left_out = (
        select(func.count())
        .select_from(SlotCandidate)
        .join(QuestionVersion, QuestionVersion.id == SlotCandidate.question_version_id)
        .where(SlotCandidate.slot_id == QuizSlot.id, is_left_out(QuestionVersion, bindparam("cohort")))
        .correlate(QuizSlot)
        .scalar_subquery()
    )
    candidates = (
        select(func.count()).where(SlotCandidate.slot_id == QuizSlot.id).correlate(QuizSlot).scalar_subquery()
    )
    return (
        select(QuizVersion, QuizSlot.draw_count, candidates, left_out)
        .join(CohortQuiz, CohortQuiz.quiz_version_id == QuizVersion.id)
        .join(Quiz, Quiz.id == CohortQuiz.quiz_id)
        .join(QuizSlot, QuizSlot.quiz_version_id == QuizVersion.id)
        .where(CohortQuiz.cohort_id == bindparam("cohort"), Quiz.key == key_of(bindparam("step")))
    )


def get_quiz_key(session: Session, step_id: int) -> str:
    """Return the key of the quiz a step names, ``<course slug>/<step path>``.

    Raises:
        NotFound: there is no such step.
    """
    key: str | None = session.scalar(select(key_of(step_id)))
    if key is None:
        raise NotFound
    return key


def has_begun() -> ColumnElement[bool]:
    """Return what makes a row a sitting: a paper drawn ahead is none yet."""
    return Attempt.state != "drawn"


def has_met() -> ColumnElement[bool]:
    """Return what lets a person see a question: its sitting has begun and, one at a time, has come to it."""
    is_reached = or_(Attempt.place == 0, PaperItem.position <= Attempt.place, Attempt.state == "submitted")
    return and_(has_begun(), is_reached)


def get_own_attempt(session: Session, attempt_id: int, *, user_id: int) -> Attempt:
    """Return a person's own sitting with enrolment, cohort, edition, step and quiz version.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    attempt = session.scalar(_own_attempt(), {"attempt": attempt_id, "user": user_id})
    if attempt is None:
        raise NotFound
    return attempt


def list_sittings_with(session: Session, attempt_id: int, *, user_id: int) -> list[Attempt]:
    """Return all sittings of the quiz ``attempt_id`` is one of, in order; empty when it is not one's own."""
    return list(session.scalars(_sittings_with(), {"attempt": attempt_id, "user": user_id}))


@cache
def _sittings_with() -> Select[Attempt]:
    this = aliased(Attempt)
    whose = Enrolment.user_id == bindparam("user"), Enrolment.status == "active"
    return (
        _attempts()
        .join(this, and_(this.enrolment_id == Attempt.enrolment_id, this.quiz_id == Attempt.quiz_id))
        .where(this.id == bindparam("attempt"), *whose)
        .order_by(Attempt.number)
    )


def list_attempts(session: Session, enrolment_id: int, *, quiz_id: int) -> list[Attempt]:
    """Return a trainee's sittings of a quiz in their order."""
    return list(session.scalars(_attempts_at(), {"enrolment": enrolment_id, "quiz": quiz_id}))


@cache
def _attempts_at() -> Select[Attempt]:
    whose = Attempt.enrolment_id == bindparam("enrolment"), Attempt.quiz_id == bindparam("quiz")
    return select(Attempt).where(*whose, has_begun()).order_by(Attempt.number)


def find_open_attempt(session: Session, enrolment_id: int, *, quiz_id: int) -> Attempt | None:
    """Return the sitting that is going on, or None."""
    query = select(Attempt).where(
        Attempt.enrolment_id == enrolment_id, Attempt.quiz_id == quiz_id, Attempt.state == "in_progress"
    )
    return session.scalar(query)


def count_attempts(session: Session, enrolment_id: int, *, quiz_id: int) -> tuple[int, int | None]:
    """Return how many sittings of a quiz a trainee has begun, and the one that is going on."""
    count, going_on = session.execute(_count_of(), {"enrolment": enrolment_id, "quiz": quiz_id}).one()
    return count, going_on


@cache
def _count_of() -> Select[*tuple[Any, ...]]:
    open_id = func.max(case((Attempt.state == "in_progress", Attempt.id)))
    whose = Attempt.enrolment_id == bindparam("enrolment"), Attempt.quiz_id == bindparam("quiz")
    return select(func.count(), open_id).where(*whose, has_begun())


def list_items(session: Session, attempt_id: int, *, is_reviewed: bool = False) -> list[PaperItem]:
    """Return a paper in order, with question versions and the answers that stand, in one query.

    What is shown of a question only with its answer is left out, unless ``is_reviewed``.
    """
    return list(session.scalars(_items(is_reviewed=is_reviewed), {"attempt": attempt_id}))


@cache
def _items(*, is_reviewed: bool) -> Select[PaperItem]:
    version = joinedload(PaperItem.question_version, innerjoin=True).defer(QuestionVersion.source)
    if not is_reviewed:
        version = version.defer(QuestionVersion.citations, raiseload=True)
        version = version.defer(QuestionVersion.explanation_html, raiseload=True)
    return (
        select(PaperItem)
        .where(PaperItem.attempt_id == bindparam("attempt"))
        .options(version, joinedload(PaperItem.response))
        .order_by(PaperItem.position)
    )


@dataclass(frozen=True)
class WorthItem:
    """A question on a paper with what its answer is worth after all judgements."""

    item_id: int
    question_id: int
    marks: Decimal
    worth: Worth


def list_marked_items(session: Session, attempt_id: int) -> list[tuple[PaperItem, Worth]]:
    """Return a paper in order, each question with what its answer is worth, in two queries."""
    worths = {item.item_id: item.worth for item in list_worths(session, [attempt_id]).get(attempt_id, [])}
    return [(item, worths[item.id]) for item in list_items(session, attempt_id, is_reviewed=True)]


def list_judged_by(
    session: Session, marked: Collection[tuple[PaperItem, Worth]]
) -> dict[int, QuestionVersion]:
    """Return by id of item the version it was marked by, where that is another than the one on the paper.

    One query, and none where nothing was marked anew.
    """
    others = {
        item.id: worth.version_id
        for item, worth in marked
        if worth.version_id is not None and worth.version_id != item.question_version_id
    }
    if not others:
        return {}
    query = select(QuestionVersion).where(QuestionVersion.id.in_(others.values()))
    versions = {version.id: version for version in session.scalars(query)}
    return {item_id: versions[version_id] for item_id, version_id in others.items()}


def list_worths(session: Session, attempt_ids: Collection[int]) -> dict[int, list[WorthItem]]:
    """Return by sitting what every question of its paper is worth, in one query."""
    papers: dict[int, dict[tuple[int, int, Decimal], list[Mark]]] = {}
    for attempt_id, item_id, question_id, marks, mark in session.execute(
        _marks_of(), {"attempts": list(attempt_ids)}
    ):
        judged = papers.setdefault(attempt_id, {}).setdefault((item_id, question_id, marks), [])
        if mark is not None:
            judged.append(mark)
    return {
        attempt_id: [WorthItem(*item, worth_of(judged)) for item, judged in items.items()]
        for attempt_id, items in papers.items()
    }


@cache
def _marks_of() -> Select[*tuple[Any, ...]]:
    return (
        select(PaperItem.attempt_id, PaperItem.id, QuestionVersion.question_id, PaperItem.marks, Mark)
        .join(QuestionVersion, QuestionVersion.id == PaperItem.question_version_id)
        .outerjoin(Mark, Mark.item_id == PaperItem.id)
        .where(PaperItem.attempt_id.in_(bindparam("attempts", expanding=True)))
        .order_by(PaperItem.attempt_id, PaperItem.position, Mark.number)
    )


def get_attempt_of_cohort(session: Session, attempt_id: int, *, cohort_id: int) -> Attempt:
    """Return a sitting of somebody in a cohort, with enrolment, step and quiz version.

    Raises:
        NotFound: there is none.
    """
    attempt = session.scalar(_attempts().where(Attempt.id == attempt_id, Enrolment.cohort_id == cohort_id))
    if attempt is None:
        raise NotFound
    return attempt


def list_reported(session: Session, attempt_id: int) -> dict[int, QuestionReport]:
    """Return what its person reported of a paper, by position of the question."""
    return {row[0]: row[1] for row in session.execute(_reported(), {"attempt": attempt_id})}


@cache
def _reported() -> Select[*tuple[Any, ...]]:
    return (
        select(PaperItem.position, QuestionReport)
        .join(QuestionReport, QuestionReport.item_id == PaperItem.id)
        .where(PaperItem.attempt_id == bindparam("attempt"))
        .order_by(PaperItem.position)
    )


def list_headings(session: Session, step_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Return the headings of lessons: step id → anchor → text."""
    query = select(Lesson.step_id, Lesson.outline).where(Lesson.step_id.in_(step_ids))
    return {step_id: dict(outline) for step_id, outline in session.execute(query)}


Seen = dict[int, list[dict[str, Any]]]
"""By question what was prepared of it on earlier papers."""


def list_seen_questions(session: Session, enrolment_id: int, *, quiz_id: int) -> Seen:
    """Return the questions on a trainee's earlier papers of a quiz by id, with what was prepared of each."""
    return list_seen_of(session, [enrolment_id], quiz_id=quiz_id).get(enrolment_id, {})


def list_seen_of(session: Session, enrolment_ids: Collection[int], *, quiz_id: int) -> dict[int, Seen]:
    """Return by enrolment the questions on earlier papers; a paper drawn ahead nobody has seen."""
    people = {"enrolments": list(enrolment_ids), "quiz": quiz_id}
    seen: dict[int, Seen] = {}
    for enrolment_id, question_id, prepared in session.execute(_seen(), people):
        seen.setdefault(enrolment_id, {}).setdefault(question_id, []).append(prepared)
    return seen


@cache
def _seen() -> Select[*tuple[Any, ...]]:
    whose = Attempt.enrolment_id.in_(bindparam("enrolments", expanding=True))
    return (
        select(Attempt.enrolment_id, QuestionVersion.question_id, PaperItem.prepared)
        .join(PaperItem, PaperItem.question_version_id == QuestionVersion.id)
        .join(Attempt, Attempt.id == PaperItem.attempt_id)
        .where(whose, Attempt.quiz_id == bindparam("quiz"), has_begun())
    )


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


def key_of(step_id: Any) -> Any:
    """Return the key of the quiz a step names, as part of a query."""
    return (
        select(Course.slug + "/" + Step.path)
        .join(Edition, Edition.course_id == Course.id)
        .join(Step, Step.edition_id == Edition.id)
        .where(Step.id == step_id)
        .scalar_subquery()
    )


@cache
def _own_attempt() -> Select[Attempt]:
    whose = Enrolment.user_id == bindparam("user"), Enrolment.status == "active"
    return _attempts().where(Attempt.id == bindparam("attempt"), *whose)


def _attempts() -> Select[Attempt]:
    return (
        select(Attempt)
        .join(Attempt.enrolment)
        .join(Enrolment.cohort)
        .where(has_begun())
        .options(
            contains_eager(Attempt.enrolment)
            .contains_eager(Enrolment.cohort)
            .joinedload(Cohort.edition, innerjoin=True),
            joinedload(Attempt.step, innerjoin=True),
            joinedload(Attempt.quiz_version, innerjoin=True),
        )
    )
