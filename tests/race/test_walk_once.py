"""Twelve first answers to a case of the bank at once: one quiz keeps all walks, and each person has one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.models import Enrolment
from lms.core.clock import utc_now
from quizzes.attempts.models import AnswerEvent, Attempt
from quizzes.bank.models import Quiz, QuizVersion
from tests import factories
from tests.quizzes.attempts.test_offers import make_case
from tests.race.conftest import Crowd, Server
from tests.servers import Answer, send_once

ROUNDS = 8
PEOPLE = 6


def answering(server: Server, enrolment: Enrolment, question_id: int) -> Callable[[], Answer]:
    """Return what gives the first answer on a phone of its own."""
    phone = server.phone(enrolment.user_id)
    path = f"/belajar/{enrolment.id}/kasus/{question_id}/1"
    form = {"langkah": "1", "jawab-choice": "2"}
    return partial(send_once, phone.port, phone.holder, "POST", path, form=form)


def test_all_begin_at_once(session: Session, server: Server, crowd: Crowd) -> None:
    cohort = factories.make_cohort(session, starts_on=(utc_now() - timedelta(days=1)).date())
    people = [factories.make_enrolment(session, cohort=cohort) for _ in range(PEOPLE)]
    for round_number in range(1, ROUNDS + 1):
        case = make_case(session)
        taps = [answering(server, person, case.question_id) for person in people for _twice in range(2)]

        replies = crowd.rush(taps)

        assert {reply.status for reply in replies} == {303}
        assert {reply.headers["Location"].rpartition("/")[2] for reply in replies} == {"2"}
        session.rollback()
        assert len(session.scalars(select(Quiz.id)).all()) == round_number
        assert len(session.scalars(select(QuizVersion.id)).all()) == round_number
        walks = session.scalars(select(Attempt.enrolment_id).order_by(Attempt.id.desc()).limit(PEOPLE)).all()
        assert sorted(walks) == sorted(person.id for person in people)
        assert len(session.scalars(select(Attempt.id)).all()) == PEOPLE * round_number
        assert len(session.scalars(select(AnswerEvent.id)).all()) == PEOPLE * round_number
