"""Reads: which version of a quiz a cohort runs on, and which it could."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from courses.cohorts.models import Cohort
from lms.core.accounts.actor import Actor
from lms.core.errors import NotFound
from quizzes.bank.models import (
    CohortQuiz,
    Quiz,
    QuizVersion,
)
from quizzes.bank.queries import PAGE_SIZE
from quizzes.bank.quiz.queries import one_of, with_rules, with_slots


def get_pinned_version(session: Session, *, cohort_id: int, quiz_key: str) -> QuizVersion:
    """Return the version of a quiz a cohort runs on, with slots, candidates and question versions.

    Raises:
        NotFound: the cohort has no such quiz.
    """
    return one_of(session, _pinned_version(), {"cohort": cohort_id, "key": quiz_key})


@cache
def _pinned_version() -> Select[QuizVersion]:
    return (
        with_slots()
        .join(CohortQuiz, CohortQuiz.quiz_version_id == QuizVersion.id)
        .join(Quiz, Quiz.id == CohortQuiz.quiz_id)
        .where(CohortQuiz.cohort_id == bindparam("cohort"), Quiz.key == bindparam("key"))
    )


def list_pins(session: Session, cohort_id: int) -> list[CohortQuiz]:
    """Return the quizzes of a cohort with quiz and version."""
    query = (
        select(CohortQuiz)
        .join(CohortQuiz.quiz_version)
        .where(CohortQuiz.cohort_id == cohort_id)
        .options(
            contains_eager(CohortQuiz.quiz_version).joinedload(QuizVersion.quiz, innerjoin=True),
        )
        .order_by(CohortQuiz.quiz_id)
    )
    return list(session.scalars(query))


def list_newer_versions(session: Session, cohort: Cohort) -> dict[int, QuizVersion]:
    """Return by quiz id the newest published version this cohort could move on to."""
    pinned, newer = aliased(QuizVersion), aliased(QuizVersion)
    query = (
        select(QuizVersion)
        .join(CohortQuiz, CohortQuiz.quiz_id == QuizVersion.quiz_id)
        .join(pinned, pinned.id == CohortQuiz.quiz_version_id)
        .where(
            CohortQuiz.cohort_id == cohort.id,
            QuizVersion.status == "published",
            _usable_by(QuizVersion, cohort),
            QuizVersion.as_of == pinned.as_of,
            QuizVersion.number > pinned.number,
            ~select(newer.id)
            .where(
                newer.quiz_id == QuizVersion.quiz_id,
                newer.status == "published",
                _usable_by(newer, cohort),
                newer.as_of == pinned.as_of,
                newer.number > QuizVersion.number,
            )
            .exists(),
        )
    )
    return {version.quiz_id: version for version in session.scalars(query)}


def list_cohorts_on(
    session: Session, version: QuizVersion, *, actor: Actor
) -> list[tuple[Cohort, QuizVersion]]:
    """Return own cohorts that have this quiz and may run on ``version``, with what they run on.

    The newest first, one page and one more.
    """
    return list(session.execute(select_cohorts_on(version, actor=actor)))


def select_cohorts_on(version: QuizVersion, *, actor: Actor) -> Select[Cohort, QuizVersion]:
    """Select what `list_cohorts_on` returns."""
    query = (
        select(Cohort, QuizVersion)
        .join(CohortQuiz, CohortQuiz.cohort_id == Cohort.id)
        .join(QuizVersion, QuizVersion.id == CohortQuiz.quiz_version_id)
        .where(CohortQuiz.quiz_id == version.quiz_id, QuizVersion.as_of == version.as_of)
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if version.branch_id is not None:
        query = query.where(Cohort.branch_id == version.branch_id)
    if not actor.is_admin:
        query = query.where(Cohort.branch_id.in_(actor.branch_ids))
    return query


def get_cohort(session: Session, cohort_id: int, *, actor: Actor) -> Cohort:
    """Return a cohort of one of the actor's branches: trainers, too, decide on which quiz it runs.

    Raises:
        NotFound: there is none, or it is another branch's.
    """
    cohort = session.get(Cohort, cohort_id)
    if cohort is None or not actor.works_at(cohort.branch_id):
        raise NotFound
    return cohort


def get_usable_version(session: Session, version_id: int, *, cohort: Cohort) -> QuizVersion:
    """Return a published version with its slots that ``cohort`` may run on.

    Raises:
        NotFound: there is none, it is a draft, or it is of another branch or law date.
    """
    query = with_rules().where(
        QuizVersion.id == version_id,
        QuizVersion.status == "published",
        QuizVersion.as_of == cohort.edition.as_of,
        _usable_by(QuizVersion, cohort),
    )
    return one_of(session, query)


def _usable_by(version: Any, cohort: Cohort) -> ColumnElement[bool]:
    return or_(version.branch_id.is_(None), version.branch_id == cohort.branch_id)
