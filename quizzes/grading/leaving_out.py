"""Reads: which questions come on no new paper of a cohort, and why."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from quizzes.bank.models import QuestionVersion, QuizSlot, SlotCandidate
from quizzes.bank.stale.pausing import is_paused
from quizzes.grading.models import REGRADED, MarkKind, Ruling


@dataclass(frozen=True)
class LeftOut:
    """Ids of the question versions of a quiz that are not drawn now."""

    # Their facts have changed, or somebody paused them: for everybody.
    paused: frozenset[int]
    # Left out for this cohort by a decision that stands.
    voided: frozenset[int]

    @property
    def all(self) -> frozenset[int]:
        """Both."""
        return self.paused | self.voided


def list_left_out(session: Session, quiz_version_id: int, *, cohort_id: int) -> LeftOut:
    """Return what a quiz version cannot ask in a cohort for now, in one query."""
    rows = session.execute(_left_out(), {"version": quiz_version_id, "cohort": cohort_id}).all()
    return LeftOut(
        frozenset(row.id for row in rows if row.is_paused), frozenset(row.id for row in rows if row.is_voided)
    )


@cache
def _left_out() -> Select[*tuple[Any, ...]]:
    """Return the query of every start, put together once."""
    paused = is_paused(QuestionVersion.id, QuizSlot.case_version_id).label("is_paused")
    voided = is_voided(QuestionVersion.question_id, bindparam("cohort")).label("is_voided")
    return (
        select(QuestionVersion.id, paused, voided)
        .join(SlotCandidate, SlotCandidate.question_version_id == QuestionVersion.id)
        .join(SlotCandidate.slot)
        .where(QuizSlot.quiz_version_id == bindparam("version"), or_(paused, voided))
    )


def is_left_out(version: type[QuestionVersion], cohort_id: Any) -> ColumnElement[bool]:
    """Return the condition that a question version comes on no new paper of a cohort."""
    return or_(is_paused(version.id, QuizSlot.case_version_id), is_voided(version.question_id, cohort_id))


def is_voided(question_id: Any, cohort_id: Any) -> ColumnElement[bool]:
    """Return the condition that the decision that stands about a question in a cohort leaves it out."""
    newest = aliased(Ruling)
    last = (
        select(func.max(newest.id))
        .where(newest.cohort_id == cohort_id, newest.question_id == Ruling.question_id)
        .where(newest.decision != REGRADED)
        .correlate(Ruling)
        .scalar_subquery()
    )
    return exists().where(
        Ruling.cohort_id == cohort_id,
        Ruling.question_id == question_id,
        Ruling.decision == MarkKind.VOID,
        Ruling.id == last,
    )
