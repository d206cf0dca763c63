"""Changes: a trainee reports a question, a trainer answers."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict
from quizzes.attempts.results import lock_person_of
from quizzes.grading import report_queries
from quizzes.grading.models import QuestionReport


def report_question(
    session: Session, *, item_id: int, user_id: int, text: str, now: datetime
) -> QuestionReport:
    """Keep what a trainee finds wrong with a question on their own paper; one report for each question.

    Raises:
        NotFound: no such question on a paper of theirs.
        Conflict: they have reported it before.
    """
    begin_write(session)
    item = report_queries.find_own_item(session, item_id, user_id=user_id)
    lock_person_of(session, item.attempt_id, user_id=user_id)
    if session.scalar(select(QuestionReport.id).where(QuestionReport.item_id == item.id)) is not None:
        raise Conflict(_l("You have reported this question already. The answer will stand at your result."))
    report = QuestionReport(item_id=item.id, text=text, created_at=now)
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
    row = report_queries.get_report(session, actor, report_id=report_id)
    closing = (
        update(QuestionReport)
        .where(QuestionReport.id == report_id, QuestionReport.answered_at.is_(None))
        .values(answer=answer, answered_at=now, answered_by_id=actor.user_id)
        .returning(QuestionReport.id)
    )
    if session.scalar(closing) is None:
        raise Conflict(_l("Somebody has answered this report already."))
    record(
        session,
        "question_report.answered",
        at=now,
        actor_id=actor.user_id,
        object_type="question_report",
        object_id=report_id,
        branch_id=row.cohort.branch_id,
        question_id=row.question_id,
        answer=answer,
    )
