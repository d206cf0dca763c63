"""Reads: answers that wait for a marker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from courses.cohorts.models import Cohort, Enrolment
from lms.core.accounts.actor import Actor
from lms.core.accounts.models import User
from lms.core.errors import NotFound
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.bank.models import QuestionVersion, QuizVersion
from quizzes.grading.models import RULINGS, Judgement, Mark, MarkKind

PAGE_SIZE = 50
"""Rows on one page; those that need somebody most come first."""


@dataclass(frozen=True)
class Heap:
    """Answers to one question in one cohort that wait for this marker."""

    cohort: Cohort
    title: str
    summary: str
    count: int
    # Where to begin: the one that waits longest.
    first_item_id: int


@dataclass(frozen=True)
class Paper:
    """One answer as a marker needs it, with what markers think of it so far."""

    item: PaperItem
    attempt: Attempt
    person: Enrolment
    cohort: Cohort
    quiz: QuizVersion
    judgements: list[Judgement]


@dataclass(frozen=True)
class MarkedAnswer:
    """An answer that has its mark from a person."""

    item_id: int
    summary: str
    cohort: Cohort
    person: str
    quiz: QuizVersion
    mark: Mark


@dataclass(frozen=True)
class Opinion:
    """What one marker thought of an answer, or, with a number, the mark that followed."""

    at: datetime
    # 0–1
    fraction: Decimal
    marker: str
    comment: str
    reason: str = ""
    number: int = 0


def works_in(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a cohort is of the actor's branches."""
    return Cohort.id.is_not(None) if actor.is_admin else Cohort.branch_id.in_(actor.branch_ids)


def get_cohort(session: Session, cohort_id: int, *, actor: Actor) -> Cohort:
    """Return a cohort of the actor's branches.

    Raises:
        NotFound: there is none, or it is another branch's.
    """
    cohort = session.scalar(select(Cohort).where(Cohort.id == cohort_id, works_in(actor)))
    if cohort is None:
        raise NotFound
    return cohort


def list_heaps(session: Session, actor: Actor) -> list[Heap]:
    """Return what waits for this marker, by cohort and question, the oldest first."""
    query = (
        _waiting(
            actor,
            Cohort,
            func.max(QuizVersion.title),
            func.max(QuestionVersion.summary),
            func.count(),
            func.min(PaperItem.id),
        )
        .group_by(Cohort.id, QuestionVersion.question_id)
        .order_by(func.min(PaperItem.id))
        .limit(PAGE_SIZE)
    )
    return [Heap(*row) for row in session.execute(query)]


def count_waiting(session: Session, actor: Actor) -> int:
    """Return how many answers wait for this marker."""
    return session.scalar(_waiting(actor, func.count())) or 0


def find_next(session: Session, actor: Actor, *, item_id: int, skips: bool = False) -> int | None:
    """Return the next answer for this marker after one: of the same question, before others.

    With ``skips`` the answer itself is left for later.
    """
    this = select(Attempt.quiz_id, QuestionVersion.question_id).select_from(PaperItem)
    this = this.join(PaperItem.attempt).join(PaperItem.question_version).where(PaperItem.id == item_id)
    row = session.execute(this).one_or_none()
    if row is None:
        return None
    is_same = case((and_(Attempt.quiz_id == row[0], QuestionVersion.question_id == row[1]), 0), else_=1)
    query = _waiting(actor, PaperItem.id).order_by(
        is_same, case((PaperItem.id > item_id, 0), else_=1), PaperItem.id
    )
    found: int | None = session.scalar((query.where(PaperItem.id != item_id) if skips else query).limit(1))
    return found


def get_paper(session: Session, actor: Actor, *, item_id: int) -> Paper:
    """Return an answer that waits for a person, or did.

    Raises:
        NotFound: there is none, or it is another branch's, or no person has to judge it.
    """
    query = (
        select(PaperItem, Attempt, Enrolment, Cohort, QuizVersion)
        .join(Attempt, Attempt.id == PaperItem.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .join(Mark, and_(Mark.item_id == PaperItem.id, *_needs_a_person()))
        .where(PaperItem.id == item_id, works_in(actor), Attempt.state == "submitted")
        .options(
            joinedload(PaperItem.question_version, innerjoin=True).defer(QuestionVersion.source),
            joinedload(PaperItem.response),
        )
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    judged = select(Judgement).where(Judgement.item_id == item_id).order_by(Judgement.id)
    return Paper(*row, list(session.scalars(judged)))


def list_marked(session: Session, actor: Actor) -> list[MarkedAnswer]:
    """Return answers marked by hand in the actor's branches, the last marked first."""
    later = aliased(Mark)
    is_corrected = exists().where(
        later.item_id == Mark.item_id, later.kind == MarkKind.HAND, later.number > Mark.number
    )
    query = (
        select(PaperItem.id, QuestionVersion.summary, Cohort, Enrolment.name, QuizVersion, Mark)
        .select_from(Mark)
        .join(PaperItem, PaperItem.id == Mark.item_id)
        .join(QuestionVersion, QuestionVersion.id == PaperItem.question_version_id)
        .join(Attempt, Attempt.id == PaperItem.attempt_id)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Mark.kind == MarkKind.HAND, works_in(actor), ~is_corrected)
        .order_by(Mark.id.desc())
        .limit(PAGE_SIZE)
    )
    return [MarkedAnswer(*row) for row in session.execute(query)]


def list_history(session: Session, item_id: int) -> list[Opinion]:
    """Return what was thought of an answer by whom, and which marks followed, the oldest first."""
    marks = select(Mark, User.name).outerjoin(User, User.id == Mark.graded_by_id)
    marks = marks.where(Mark.item_id == item_id, Mark.kind == MarkKind.HAND)
    judged = select(Judgement, User.name).outerjoin(User, User.id == Judgement.marker_id)
    judged = judged.where(Judgement.item_id == item_id)
    found = [
        Opinion(one.judged_at, one.fraction, name or "", one.comment) for one, name in session.execute(judged)
    ]
    found += [
        Opinion(one.graded_at, one.fraction or Decimal(0), name or "", one.comment, one.reason, one.number)
        for one, name in session.execute(marks)
    ]
    # A mark comes with the judgement that made it, and after it.
    return sorted(found, key=lambda one: (one.at, one.number))


def is_waiting(session: Session, item_id: int) -> bool:
    """Return whether no mark was given by hand yet."""
    query = select(Mark.id).where(Mark.item_id == item_id, Mark.kind == MarkKind.HAND)
    return session.scalar(query.limit(1)) is None


def _needs_a_person() -> tuple[ColumnElement[bool], ...]:
    return Mark.kind == MarkKind.AUTOMATIC, Mark.fraction.is_(None)


def _waiting(actor: Actor, *columns: Any) -> Select[Any]:
    """Return a query over answers that wait for this marker: not marked, not left out, not judged by them."""
    other = Mark.__table__.alias("other")
    by_hand = exists().where(other.c.item_id == PaperItem.id, other.c.kind == MarkKind.HAND.value)
    mine = exists().where(Judgement.item_id == PaperItem.id, Judgement.marker_id == actor.user_id)
    ruling = (
        select(other.c.kind)
        .where(other.c.item_id == PaperItem.id, other.c.kind.in_([kind.value for kind in RULINGS]))
        .order_by(other.c.number.desc())
        .limit(1)
        .correlate(PaperItem)
        .scalar_subquery()
    )
    return (
        select(*columns)
        .select_from(Mark)
        .join(PaperItem, PaperItem.id == Mark.item_id)
        .join(QuestionVersion, QuestionVersion.id == PaperItem.question_version_id)
        .join(Attempt, Attempt.id == PaperItem.attempt_id)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(*_needs_a_person(), ~by_hand, ~mine, works_in(actor), Enrolment.status == "active")
        .where(func.coalesce(ruling, "").not_in([MarkKind.VOID.value, MarkKind.FULL.value]))
    )
