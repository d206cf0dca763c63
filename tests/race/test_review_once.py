"""Colleagues who review one version at the same moment: one verdict stands, nobody else is in the history."""

from __future__ import annotations

from functools import partial

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.core.accounts.actor import Actor
from lms.core.accounts.models import Role
from lms.core.db import begin_write, db
from lms.core.errors import Conflict
from quizzes.bank.models import Question, QuestionStatus
from quizzes.bank.review.colleagues import decide
from quizzes.bank.review.models import QuestionEvent
from quizzes.types import get_type
from tests import factories
from tests.factories import NOW
from tests.quizzes.bank.actors import actor_of
from tests.race.conftest import Crowd

PARALLEL = 12


def review(app: Flask, actor: Actor, question_id: int, verdict: QuestionStatus) -> bool:
    """Return whether the verdict stands."""
    with app.app_context():
        about = {"question_id": question_id, "number": 1, "verdict": verdict, "reason": "Sudah dilihat."}
        try:
            decide(db.session(), actor, **about, now=NOW)
            db.session.commit()
        except Conflict:
            db.session.rollback()
            return False
        return True


def test_of_many_verdicts_one_stands(app: Flask, session: Session, crowd: Crowd) -> None:
    branch = factories.make_branch(session)
    source = dict(get_type("single_choice").examples()[0].source) | {"stem": "Apa bentuk hukum BPJS?"}
    question_id = factories.make_question(session, source=source).question_id
    begin_write(session)
    waits = {"branch_id": branch.id, "status": "review"}
    session.execute(update(Question).where(Question.id == question_id).values(waits))
    session.commit()
    people = [factories.make_user(session, Role.TRAINER, branch=branch) for _ in range(PARALLEL)]
    actors = [actor_of(person, branch) for person in people]
    session.rollback()
    verdicts = [QuestionStatus.READY, QuestionStatus.DRAFT] * (PARALLEL // 2)

    outcomes = crowd.rush(
        [
            partial(review, app, actor, question_id, verdict)
            for actor, verdict in zip(actors, verdicts, strict=True)
        ]
    )

    event = session.scalars(select(QuestionEvent)).one()
    assert outcomes.count(True) == 1
    assert event.actor_id == actors[outcomes.index(True)].user_id
    assert session.get_one(Question, question_id).status == event.after == verdicts[outcomes.index(True)]
