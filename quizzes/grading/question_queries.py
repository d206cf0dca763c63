"""Reads: how questions went in a cohort, and what was decided about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from courses.cohorts.models import Enrolment
from lms.core.errors import NotFound
from quizzes.attempts.models import Attempt, PaperItem, Response
from quizzes.attempts.queries import has_begun
from quizzes.bank.models import QuestionVersion
from quizzes.grading.models import RULINGS, Mark, QuestionReport, Ruling
from quizzes.grading.queries import PAGE_SIZE


@dataclass(frozen=True)
class QuestionRow:
    """How one question went on the papers a cohort handed in."""

    question_id: int
    summary: str
    papers: int
    waiting: int
    # 0–1: what was earned of it on average; None as long as nothing is marked.
    share: Decimal | None
    open_reports: int


def list_question_rows(session: Session, cohort_id: int) -> list[QuestionRow]:
    """Return how the questions went on the papers handed in, the reported, unmarked, hardest ones first.

    What was decided for everybody is left aside: this is about the question.
    """
    waiting = func.sum(case((and_(Mark.id.is_not(None), Mark.fraction.is_(None)), 1), else_=0))
    is_open = and_(QuestionReport.id.is_not(None), QuestionReport.answered_at.is_(None))
    reports = func.sum(case((is_open, 1), else_=0))
    sums = (func.count(), waiting, func.sum(Mark.fraction), func.count(Mark.fraction), reports)
    hardest = func.avg(Mark.fraction).nulls_last()
    query = (
        items_of(cohort_id, QuestionVersion.question_id, func.max(QuestionVersion.summary), *sums)
        .outerjoin(Mark, and_(Mark.item_id == PaperItem.id, Mark.number == _newest_judgement()))
        .outerjoin(QuestionReport, QuestionReport.item_id == PaperItem.id)
        .group_by(QuestionVersion.question_id)
        .order_by(reports.desc(), waiting.desc(), hardest, QuestionVersion.question_id)
        .limit(PAGE_SIZE)
    )
    return [_row(row) for row in session.execute(query)]


def _row(row: Sequence[Any]) -> QuestionRow:
    question_id, summary, papers, waiting, earned, marked, reports = row
    return QuestionRow(
        question_id=question_id,
        summary=summary,
        papers=papers,
        waiting=int(waiting or 0),
        share=earned / marked if marked else None,
        open_reports=int(reports or 0),
    )


def _newest_judgement() -> Any:
    """Return the number of the last mark of an answer that is no decision for everybody."""
    return (
        select(func.max(Mark.number))
        .where(Mark.item_id == PaperItem.id, Mark.kind.not_in(RULINGS))
        .correlate(PaperItem)
        .scalar_subquery()
    )


def get_asked(session: Session, cohort_id: int, *, question_id: int) -> QuestionVersion:
    """Return the newest version of a question on the papers of a cohort, begun or handed in.

    Raises:
        NotFound: it is on none of them.
    """
    query = (
        _begun(cohort_id, QuestionVersion)
        .where(QuestionVersion.question_id == question_id)
        .order_by(QuestionVersion.number.desc())
        .limit(1)
    )
    version: QuestionVersion | None = session.scalar(query)
    if version is None:
        raise NotFound
    return version


def list_fractions(
    session: Session, cohort_id: int, *, question_id: int
) -> list[tuple[Decimal | None, bool]]:
    """Return what each answer to a question earned as judged, and whether anything was answered."""
    query = (
        items_of(cohort_id, Mark.fraction, Response.answer.is_not(None))
        .join(Mark, and_(Mark.item_id == PaperItem.id, Mark.number == _newest_judgement()))
        .outerjoin(Response, Response.item_id == PaperItem.id)
        .where(QuestionVersion.question_id == question_id)
    )
    return [(fraction, bool(answered)) for fraction, answered in session.execute(query)]


def list_rulings(session: Session, cohort_id: int, *, question_id: int) -> list[Ruling]:
    """Return what was decided about a question in a cohort, the newest first."""
    query = (
        select(Ruling)
        .where(Ruling.cohort_id == cohort_id, Ruling.question_id == question_id)
        .order_by(Ruling.id.desc())
    )
    return list(session.scalars(query))


def items_of(cohort_id: int, *columns: Any) -> Select[Any]:
    """Return a query over the questions on papers a cohort handed in."""
    return _begun(cohort_id, *columns).where(Attempt.state == "submitted")


def _begun(cohort_id: int, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(PaperItem)
        .join(QuestionVersion, QuestionVersion.id == PaperItem.question_version_id)
        .join(Attempt, Attempt.id == PaperItem.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id, has_begun())
        # Walks through scenarios count for nothing.
        .where(Attempt.step_id.is_not(None))
    )
