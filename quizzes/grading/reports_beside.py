"""Reads: reports of trainees beside what they are about: a lesson of a working copy, or a question."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.orm import Session

from courses.catalogue.drafts.reports import LessonReport
from courses.cohorts.models import Cohort, Enrolment
from courses.learning import report_queries
from lms.core.accounts.actor import Actor
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.bank.models import Question, QuestionVersion
from quizzes.grading.models import QuestionReport
from quizzes.grading.queries import works_in

MAX_SHOWN = 20


def list_of_lesson(session: Session, actor: Actor, *, slug: str, path: str) -> Sequence[LessonReport]:
    """Return reports of a lesson and of questions that send their reader to it, open ones first."""
    of_lesson = [
        LessonReport(
            cohort_id=row.cohort.id,
            question_id=None,
            summary=row.step.title,
            text=row.report.text,
            created_at=row.report.created_at,
            is_open=row.report.answered_at is None,
            lesson_report_id=row.report.id,
        )
        for row in report_queries.list_of_lesson(session, actor, slug=slug, path=path)
    ]
    of_course = Question.key.startswith(f"{slug}/", autoescape=True)
    reads = or_(QuestionVersion.read == path, QuestionVersion.read.startswith(f"{path}#", autoescape=True))
    found = [*of_lesson, *_list(session, actor, of_course, reads)]
    return sorted(found, key=lambda one: (one.is_open, one.created_at), reverse=True)[:MAX_SHOWN]


def list_of_question(session: Session, actor: Actor, *, question_id: int) -> Sequence[LessonReport]:
    """Return reports of a question, whatever its version, open ones first."""
    return _list(session, actor, Question.id == question_id)


def _list(session: Session, actor: Actor, *conditions: ColumnElement[bool]) -> Sequence[LessonReport]:
    is_done = case((QuestionReport.answered_at.is_(None), 0), else_=1)
    query = (
        select(QuestionReport, Cohort.id, Question.id, QuestionVersion.summary)
        .join(PaperItem, PaperItem.id == QuestionReport.item_id)
        .join(QuestionVersion, QuestionVersion.id == PaperItem.question_version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .join(Attempt, Attempt.id == PaperItem.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(works_in(actor), *conditions)
        .order_by(is_done, QuestionReport.id.desc())
        .limit(MAX_SHOWN)
    )
    return [
        LessonReport(
            cohort_id, question_id, summary, report.text, report.created_at, report.answered_at is None
        )
        for report, cohort_id, question_id, summary in session.execute(query)
    ]
