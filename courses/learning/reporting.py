"""Changes: a trainee reports a lesson, a trainer answers."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courses.cohorts.models import Enrolment
from courses.learning import report_queries
from courses.learning.models import ReportOfLesson
from courses.learning.services import require_open
from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound


def report_lesson(
    session: Session, enrolment: Enrolment, step_id: int, *, text: str, now: datetime
) -> ReportOfLesson:
    """Keep what a trainee finds wrong in a lesson that is open for them; one report for each lesson.

    Raises:
        NotFound: no such lesson in this course.
        Conflict: it is locked, or they have reported it before.
    """
    enrolment_id = enrolment.id
    if require_open(session, enrolment, step_id, now=now).kind != "lesson":
        raise NotFound
    begin_write(session)
    # Two taps of one person, one after the other.
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment_id).with_for_update())
    if report_queries.find_own_report(session, enrolment_id, step_id) is not None:
        raise Conflict(_l("You have reported this lesson already. The answer will stand here."))
    report = ReportOfLesson(enrolment_id=enrolment_id, step_id=step_id, text=text, created_at=now)
    session.add(report)
    session.flush()
    return report


def answer_report(session: Session, actor: Actor, *, report_id: int, answer: str, now: datetime) -> None:
    """Answer a report and close it, once.

    Raises:
        NotFound: there is none at the actor's branches.
        Conflict: somebody has answered it.
    """
    begin_write(session)
    row = report_queries.get_report(session, actor, report_id)
    closing = (
        update(ReportOfLesson)
        .where(ReportOfLesson.id == report_id, ReportOfLesson.answered_at.is_(None))
        .values(answer=answer, answered_at=now, answered_by_id=actor.user_id)
        .returning(ReportOfLesson.id)
    )
    if session.scalar(closing) is None:
        raise Conflict(_l("Somebody has answered this report already."))
    record(
        session,
        "lesson_report.answered",
        at=now,
        actor_id=actor.user_id,
        object_type="lesson_report",
        object_id=report_id,
        branch_id=row.cohort.branch_id,
        path=row.step.path,
        answer=answer,
    )
