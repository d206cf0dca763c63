"""A desk with an essay among its questions, and trainers who mark."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.learning.models import Progress
from lms.core.accounts.actor import Actor
from lms.core.accounts.models import Branch, Role, User
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.bank.models import QuestionVersion
from tests.factories import add, make_question, make_user
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.bank.actors import actor_of


def essay_desk(session: Session, **settings: Any) -> Desk:
    """Return a desk whose quiz has an essay and a single choice, each worth half; 60 % pass."""
    return make_desk(session, [make_question(session, "essay"), make_question(session)], **settings)


def hand_in(desk: Desk, right: int = 2) -> Attempt:
    """Answer everything, the first ``right`` rightly, and hand it in."""
    attempt = desk.start()
    desk.answer(attempt, right=right)
    return desk.submit(attempt)


def essay_of(desk: Desk, attempt: Attempt) -> PaperItem:
    """Return the essay on a paper."""
    query = (
        select(PaperItem)
        .join(PaperItem.question_version)
        .where(PaperItem.attempt_id == attempt.id, QuestionVersion.type == "essay")
    )
    return desk.session.scalars(query).one()


def trainer_of(desk: Desk) -> User:
    """Return a new trainer of the branch of a desk."""
    branch = desk.session.get_one(Branch, desk.enrolment.cohort.branch_id)
    return make_user(desk.session, Role.TRAINER, branch=branch)


def marker(desk: Desk) -> Actor:
    """Return a new trainer of the branch of a desk, as a request knows them."""
    branch = desk.session.get_one(Branch, desk.enrolment.cohort.branch_id)
    return actor_of(trainer_of(desk), branch)


def read_lessons(desk: Desk) -> None:
    """Do all of the course but the quiz."""
    for step in desk.step.module.steps:
        if step.kind == "lesson":
            row = Progress(enrolment_id=desk.enrolment.id, step_id=step.id, opened_at=desk.now)
            row.completed_at = desk.now
            add(desk.session, row)
