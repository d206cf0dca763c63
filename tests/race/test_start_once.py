"""Twelve starts at the same moment, forty times: one sitting each, and never more than allowed."""

from __future__ import annotations

from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort
from lms.core.clock import utc_now
from quizzes.attempts.models import Attempt
from tests import factories
from tests.race.conftest import Crowd, Server

ROUNDS = 40
PARALLEL = 12


def make_hall(session: Session) -> Cohort:
    today = utc_now().date()
    return factories.make_cohort(
        session, edition=factories.make_edition(session, lessons=1), starts_on=today, ends_on=today
    )


def count_attempts(session: Session, enrolment_id: int) -> int:
    session.rollback()
    query = select(func.count()).where(Attempt.enrolment_id == enrolment_id)
    return session.scalar(query) or 0


def test_parallel_starts_give_one_sitting(session: Session, server: Server, crowd: Crowd) -> None:
    cohort = make_hall(session)
    step_id = factories.make_quiz_step(session, cohort, attempts_allowed=3).id
    for _ in range(ROUNDS):
        enrolment = factories.make_enrolment(session, cohort=cohort)
        path = f"/belajar/{enrolment.id}/kuis/{step_id}"
        phones = [server.phone(enrolment.user_id) for _ in range(PARALLEL)]

        replies = crowd.rush([partial(phone.post, path) for phone in phones])

        assert {reply.status for reply in replies} == {303}
        assert len({reply.headers.get("Location", "") for reply in replies}) == 1
        assert count_attempts(session, enrolment.id) == 1


def test_starts_and_hand_ins_in_parallel_never_exceed_the_tries(
    session: Session, server: Server, crowd: Crowd
) -> None:
    cohort = make_hall(session)
    step_id = factories.make_quiz_step(session, cohort, attempts_allowed=2).id
    for _ in range(ROUNDS // 4):
        enrolment = factories.make_enrolment(session, cohort=cohort)
        path = f"/belajar/{enrolment.id}/kuis/{step_id}"
        phones = [server.phone(enrolment.user_id) for _ in range(PARALLEL)]
        first = phones[0].post(path).headers["Location"]
        starts = [partial(phone.post, path) for phone in phones[:6]]
        hand_ins = [partial(phone.post, f"{first}/kirim") for phone in phones[6:]]

        replies = crowd.rush(starts + hand_ins)

        assert {reply.status for reply in replies} <= {303, 409}
        assert count_attempts(session, enrolment.id) <= 2
        open_count = session.scalar(
            select(func.count()).where(Attempt.enrolment_id == enrolment.id, Attempt.state == "in_progress")
        )
        assert open_count is not None
        assert open_count <= 1
