"""A colleague who finds a question right, for tests that are about something else."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Branch, Role
from quizzes.bank.models import Question, QuestionStatus, QuestionVersion
from quizzes.bank.review import colleagues, statuses
from tests import factories
from tests.factories import NOW
from tests.quizzes.bank.actors import actor_of


def approve(session: Session, question_id: int) -> None:
    """Ask for a review of the question as it stands, and let a new colleague of its branch approve it."""
    session.rollback()
    branch = session.get_one(Branch, session.get_one(Question, question_id).branch_id)
    colleague = actor_of(factories.make_user(session, Role.TRAINER, branch=branch, name="Rekan"), branch)
    number = session.scalar(
        select(QuestionVersion.number)
        .where(QuestionVersion.question_id == question_id)
        .order_by(QuestionVersion.as_of.desc(), QuestionVersion.number.desc())
        .limit(1)
    )
    assert number is not None
    asked = QuestionStatus.REVIEW
    statuses.set_status(session, colleague, question_id=question_id, status=asked, now=NOW)
    colleagues.decide(
        session,
        colleague,
        question_id=question_id,
        number=number,
        verdict=QuestionStatus.READY,
        reason="",
        now=NOW,
    )
    session.commit()
