"""Reads: what trainees report of lessons. Trainers read those of cohorts of their branches."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, select
from sqlalchemy.orm import Session

from courses.catalogue.models import Course, Edition, Step
from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import ReportOfLesson
from lms.core.accounts.actor import Actor
from lms.core.errors import NotFound

MAX_SHOWN = 50


@dataclass(frozen=True)
class ReportRow:
    """A report with where it comes from."""

    report: ReportOfLesson
    cohort: Cohort
    person: str
    step: Step


def find_own_report(session: Session, enrolment_id: int, step_id: int) -> ReportOfLesson | None:
    """Return what a person has reported of a lesson, or None."""
    query = select(ReportOfLesson).where(
        ReportOfLesson.enrolment_id == enrolment_id, ReportOfLesson.step_id == step_id
    )
    return session.scalar(query)


def list_open(session: Session, actor: Actor) -> list[ReportRow]:
    """Return reports of lessons nobody has answered, the newest first."""
    query = _reports(actor).where(ReportOfLesson.answered_at.is_(None))
    return _rows(session, query.order_by(ReportOfLesson.id.desc()).limit(MAX_SHOWN))


def list_of_lesson(session: Session, actor: Actor, *, slug: str, path: str) -> list[ReportRow]:
    """Return reports of a lesson of a course in all its editions, open ones first, then the newest."""
    is_done = case((ReportOfLesson.answered_at.is_(None), 0), else_=1)
    query = (
        _reports(actor)
        .join(Edition, Edition.id == Step.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .where(Course.slug == slug, Step.path == path)
    )
    return _rows(session, query.order_by(is_done, ReportOfLesson.id.desc()).limit(MAX_SHOWN))


def get_report(session: Session, actor: Actor, report_id: int) -> ReportRow:
    """Return one report.

    Raises:
        NotFound: there is none, or it is another branch's.
    """
    rows = _rows(session, _reports(actor).where(ReportOfLesson.id == report_id))
    if not rows:
        raise NotFound
    return rows[0]


def _rows(session: Session, query: Select[ReportOfLesson, Cohort, str, Step]) -> list[ReportRow]:
    return [ReportRow(*row) for row in session.execute(query)]


def _reports(actor: Actor) -> Select[ReportOfLesson, Cohort, str, Step]:
    return (
        select(ReportOfLesson, Cohort, Enrolment.name, Step)
        .join(Enrolment, Enrolment.id == ReportOfLesson.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Step, Step.id == ReportOfLesson.step_id)
        .where(_works_in(actor))
    )


def _works_in(actor: Actor) -> ColumnElement[bool]:
    return Cohort.id.is_not(None) if actor.is_admin else Cohort.branch_id.in_(actor.branch_ids)
