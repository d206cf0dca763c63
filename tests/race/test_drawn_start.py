"""Twelve starts of one drawn paper at the same moment, and drawing while people begin: one sitting each."""

from __future__ import annotations

from functools import partial
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.core.db import db
from quizzes.attempts.drawing import draw_ahead
from quizzes.attempts.models import Attempt, PaperItem
from tests import factories
from tests.race.conftest import Crowd, Phone, Server
from tests.race.test_start_once import make_hall
from tests.servers import Answer

ROUNDS = 12
PARALLEL = 12


def draw(session: Session, cohort_id: int, step_id: int) -> int:
    drawn = draw_ahead(session, cohort_id=cohort_id, step_id=step_id, rng=Random(1), now=utc_now())
    session.commit()
    return drawn.count


def count_items(session: Session, attempt_id: int) -> int:
    query = select(func.count()).where(PaperItem.attempt_id == attempt_id)
    return session.scalar(query) or 0


def test_parallel_starts_of_a_drawn_paper_give_one_sitting(
    session: Session, server: Server, crowd: Crowd
) -> None:
    cohort = make_hall(session)
    step_id = factories.make_quiz_step(session, cohort, attempts_allowed=3).id
    for number in range(1, ROUNDS + 1):
        enrolment = factories.make_enrolment(session, cohort=cohort)
        assert draw(session, cohort.id, step_id) >= 1
        ahead = session.scalars(select(Attempt.id).where(Attempt.enrolment_id == enrolment.id)).one()
        path = f"/belajar/{enrolment.id}/kuis/{step_id}"
        phones = [server.phone(enrolment.user_id) for _ in range(PARALLEL)]

        replies = crowd.rush([partial(phone.post, path) for phone in phones])

        assert {reply.status for reply in replies} == {303}, number
        assert {reply.headers["Location"] for reply in replies} == {f"/percobaan/{ahead}"}


def test_people_who_begin_while_papers_are_drawn_get_one_whole_paper(
    session: Session, server: Server, crowd: Crowd
) -> None:
    cohort = make_hall(session)
    step_id = factories.make_quiz_step(session, cohort, attempts_allowed=1).id
    cohort_id, app = cohort.id, server.app

    def draw_in_between(_round: int) -> Answer:
        with app.app_context():
            draw(db.session(), cohort_id, step_id)
            db.session.remove()
        return Answer(303, {}, b"")

    for number in range(ROUNDS):
        enrolments = [factories.make_enrolment(session, cohort=cohort) for _ in range(PARALLEL // 2)]
        starts = [
            partial(Phone.post, server.phone(enrolment.user_id), f"/belajar/{enrolment.id}/kuis/{step_id}")
            for enrolment in enrolments
        ]
        drawings = [partial(draw_in_between, number) for _ in range(PARALLEL - len(starts))]

        replies = crowd.rush(starts + drawings)

        assert {reply.status for reply in replies} == {303}
        assert len({reply.headers["Location"] for reply in replies[: len(starts)]}) == len(starts)
        session.rollback()
        for enrolment in enrolments:
            query = select(Attempt.id, Attempt.state).where(Attempt.enrolment_id == enrolment.id)
            attempt_id, state = session.execute(query).one()
            assert (state, count_items(session, attempt_id)) == ("in_progress", 5)
