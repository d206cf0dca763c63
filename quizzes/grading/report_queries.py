"""Reads: what trainees report of questions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session, joinedload

from courses.cohorts.models import Cohort, Enrolment
from lms.core.accounts.actor import Actor
from lms.core.errors import NotFound
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.attempts.queries import has_met
from quizzes.bank.models import QuestionVersion
from quizzes.grading.models import QuestionReport
from quizzes.grading.queries import PAGE_SIZE, works_in


@dataclass(frozen=True)
class ReportRow:
    """A report with where it comes from."""

    report: QuestionReport
    cohort: Cohort
    person: str
    question_id: int
    summary: str
    attempt_id: int
    position: int


def list_reports(
    session: Session, actor: Actor, *, cohort_id: int | None = None, question_id: int | None = None
) -> list[ReportRow]:
    """Return reports of questions in the actor's branches, open ones first, then the newest."""
    query = _reports().where(works_in(actor))
    if cohort_id is not None:
        query = query.where(Cohort.id == cohort_id, QuestionVersion.question_id == question_id)
    else:
        query = query.where(QuestionReport.answered_at.is_(None))
    is_open = case((QuestionReport.answered_at.is_(None), 0), else_=1)
    query = query.order_by(is_open, QuestionReport.id.desc()).limit(PAGE_SIZE)
    return [ReportRow(*row) for row in session.execute(query)]


def get_report(session: Session, actor: Actor, *, report_id: int) -> ReportRow:
    """Return one report.

    Raises:
        NotFound: there is none, or it is another branch's.
    """
    row = session.execute(_reports().where(QuestionReport.id == report_id, works_in(actor))).one_or_none()
    if row is None:
        raise NotFound
    return ReportRow(*row)


def reports_of(session: Session, item_ids: Collection[int]) -> dict[int, QuestionReport]:
    """Return the reports of questions on a paper, by item."""
    query = select(QuestionReport).where(QuestionReport.item_id.in_(item_ids))
    return {report.item_id: report for report in session.scalars(query)}


def find_own_item(session: Session, item_id: int, *, user_id: int) -> PaperItem:
    """Return a question a person has met on a paper of their own.

    Raises:
        NotFound: there is none, it is somebody else's, or they have not come to it.
    """
    query = (
        select(PaperItem)
        .join(PaperItem.attempt)
        .join(Attempt.enrolment)
        .where(PaperItem.id == item_id, Enrolment.user_id == user_id, Enrolment.status == "active")
        .where(has_met(), Attempt.step_id.is_not(None))
        .options(joinedload(PaperItem.question_version, innerjoin=True).defer(QuestionVersion.source))
        .options(joinedload(PaperItem.attempt, innerjoin=True), joinedload(PaperItem.response))
    )
    item = session.scalar(query)
    if item is None:
        raise NotFound
    return item


def _reports() -> Select[Any]:
    columns: tuple[Any, ...] = (
        QuestionReport,
        Cohort,
        Enrolment.name,
        QuestionVersion.question_id,
        QuestionVersion.summary,
        PaperItem.attempt_id,
        PaperItem.position,
    )
    return (
        select(*columns)
        .join(PaperItem, PaperItem.id == QuestionReport.item_id)
        .join(QuestionVersion, QuestionVersion.id == PaperItem.question_version_id)
        .join(Attempt, Attempt.id == PaperItem.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
    )
