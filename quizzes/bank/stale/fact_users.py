"""What questions use of the facts, as the radar asks for it (`courses.facts.radar.FactUsers`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased, contains_eager

from courses.cohorts.models import Cohort
from courses.facts.book import FactBook
from courses.facts.fact_users import User, UsingQuiz, Warned
from courses.facts.models import UseOwner
from lms.core.accounts.actor import Actor
from lms.core.accounts.models import Branch
from quizzes.bank.models import (
    CohortQuiz,
    Question,
    QuestionVersion,
    QuizSlot,
    QuizVersion,
    SlotCandidate,
    StaleVersion,
)
from quizzes.bank.stale.pausing import is_paused
from quizzes.bank.stale.staleness import pause_stale

REVIEW = "stale.review"
"""Page of a trainer about one question whose facts have changed."""


class QuestionUsers:
    """Questions, and the quizzes that name them."""

    owner_type = UseOwner.QUESTION_VERSION

    def describe(self, session: Session, owner_ids: Collection[int]) -> Mapping[int, User]:
        """Return the questions of those versions with the quizzes that name them, in two queries."""
        if not owner_ids:
            return {}
        query = (
            select(QuestionVersion, Branch.name, StaleVersion.is_paused)
            .join(QuestionVersion.question)
            .outerjoin(Branch, Branch.id == Question.branch_id)
            .outerjoin(StaleVersion, StaleVersion.question_version_id == QuestionVersion.id)
            .where(QuestionVersion.id.in_(owner_ids))
            .options(contains_eager(QuestionVersion.question))
        )
        quizzes = _list_quizzes(session, owner_ids)
        return {
            version.id: User(
                title=version.summary,
                name=version.question.key or str(version.question_id),
                as_of=version.as_of,
                branch=branch or "",
                endpoint=REVIEW,
                values={"question_id": version.question_id},
                is_paused=bool(paused),
                quizzes=quizzes.get(version.id, ()),
            )
            for version, branch, paused in session.execute(query)
        }

    def refresh(self, session: Session, *, book: FactBook, now: datetime) -> int:
        """Pause the questions whose facts have changed."""
        return pause_stale(session, book=book, now=now)

    def warn(self, session: Session, *, actor: Actor, today: date) -> Sequence[Warned]:
        """Return the cohorts that have not ended and run on quizzes with paused questions."""
        count = func.count(SlotCandidate.question_version_id.distinct())
        query = (
            select(Cohort.id, Cohort.name, count)
            .join(CohortQuiz, CohortQuiz.cohort_id == Cohort.id)
            .join(QuizSlot, QuizSlot.quiz_version_id == CohortQuiz.quiz_version_id)
            .join(SlotCandidate, SlotCandidate.slot_id == QuizSlot.id)
            .where(is_paused(SlotCandidate.question_version_id), Cohort.ends_on >= today)
            .group_by(Cohort.id, Cohort.name)
            .order_by(Cohort.name)
            .limit(MANY)
        )
        if not actor.is_admin:
            query = query.where(Cohort.branch_id.in_(actor.branch_ids))
        return [Warned(*row) for row in session.execute(query)]


MANY = 50
"""Cohorts named on one page."""


def _list_quizzes(session: Session, version_ids: Collection[int]) -> dict[int, list[UsingQuiz]]:
    """Return by question version the published quizzes that name it, those no newer one took the place of."""
    newer = aliased(QuizVersion)
    is_replaced = (
        select(newer.id)
        .where(
            newer.quiz_id == QuizVersion.quiz_id,
            newer.status == "published",
            newer.as_of == QuizVersion.as_of,
            newer.branch_id.is_not_distinct_from(QuizVersion.branch_id),
            newer.number > QuizVersion.number,
        )
        .exists()
    )
    named = and_(QuizSlot.quiz_version_id == QuizVersion.id, QuizVersion.status == "published")
    query = (
        select(SlotCandidate.question_version_id, QuizVersion)
        .join(QuizSlot, QuizSlot.id == SlotCandidate.slot_id)
        .join(QuizVersion, named)
        .where(SlotCandidate.question_version_id.in_(version_ids), ~is_replaced)
        .order_by(QuizVersion.id)
    )
    found: dict[int, dict[int, UsingQuiz]] = {}
    for version_id, quiz in session.execute(query):
        using = UsingQuiz(quiz.quiz_id, quiz.id, quiz.title, quiz.number, quiz.as_of)
        found.setdefault(version_id, {})[quiz.id] = using
    return {version_id: list(quizzes.values()) for version_id, quizzes in found.items()}
