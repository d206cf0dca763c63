"""What a cohort leaves out comes on none of its new papers, and on none drawn ahead."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.queries import get_own_enrolment
from lms.core.jobs.models import Job
from quizzes.attempts.drawing import draw_ahead
from quizzes.attempts.models import Attempt
from quizzes.attempts.queries import get_quiz_facts
from quizzes.grading.leaving_out import list_left_out
from tests import factories
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.attempts.test_paused import drawing_desk
from tests.quizzes.bank.users import pause
from tests.quizzes.grading.desks import hand_in
from tests.quizzes.grading.test_rulings import FULL, RESTORED, VOID, decide, question_at

SignIn = Callable[[int], FlaskClient]


def questions_of(desk: Desk, attempt: Attempt) -> set[int]:
    return {item.question_version.question_id for item in desk.items(attempt)}


def draw(desk: Desk) -> None:
    draw_ahead(
        desk.session,
        cohort_id=desk.enrolment.cohort_id,
        step_id=desk.step.id,
        rng=Random(3),
        now=desk.now,
    )
    desk.session.commit()


def drawn_of(desk: Desk) -> list[int]:
    query = select(Attempt.id).where(Attempt.enrolment_id == desk.enrolment.id, Attempt.state == "drawn")
    return list(desk.session.scalars(query))


def test_a_named_question_is_missing_and_the_paper_says_so(desk: Desk) -> None:
    first = hand_in(desk)
    question_id = question_at(desk, first, 1)
    decide(desk, question_id, VOID)

    later = desk.start()

    assert question_id not in questions_of(desk, later)
    assert (len(desk.items(later)), later.left_out, later.marks_possible) == (4, 1, 4)
    assert later.paused_count == 0


@pytest.mark.parametrize("seed", range(10))
def test_a_draw_takes_another_one(session: Session, seed: int) -> None:
    desk, _ids = drawing_desk(session, draw=2, out_of=4)
    first = hand_in(desk)
    question_id = question_at(desk, first, 1)
    decide(desk, question_id, VOID)
    desk.rng = Random(seed)

    later = desk.start()

    assert question_id not in questions_of(desk, later)
    assert (len(desk.items(later)), later.left_out) == (2, 0)


@pytest.mark.parametrize("decision", [FULL, RESTORED])
def test_what_counts_again_is_asked_again(desk: Desk, decision: object) -> None:
    first = hand_in(desk)
    question_id = question_at(desk, first, 1)
    decide(desk, question_id, VOID)
    decide(desk, question_id, decision)  # type: ignore[arg-type]

    assert question_id in questions_of(desk, desk.start())


def test_another_cohort_still_asks_it(session: Session) -> None:
    versions = [factories.make_question(session) for _ in range(3)]
    desk, other = make_desk(session, versions), make_desk(session, versions)
    question_id = question_at(desk, hand_in(desk), 1)
    decide(desk, question_id, VOID)

    assert question_id in questions_of(other, other.start())


def test_a_paper_that_is_begun_keeps_it_and_does_not_count_it(desk: Desk) -> None:
    question_id = question_at(desk, hand_in(desk), 1)
    begun = desk.start()
    decide(desk, question_id, VOID)

    desk.answer(begun, right=5)
    desk.submit(begun)

    assert question_id in questions_of(desk, begun)
    assert (begun.marks_possible, begun.percent) == (4, 100)


def test_papers_drawn_ahead_are_drawn_anew(desk: Desk) -> None:
    question_id = question_at(desk, hand_in(desk), 1)
    draw(desk)
    assert drawn_of(desk)

    decide(desk, question_id, VOID)

    assert not drawn_of(desk)
    job = desk.session.scalars(select(Job).where(Job.kind == "draw_papers")).one()
    assert job.payload["cohort_id"] == desk.enrolment.cohort_id
    draw(desk)
    (ahead,) = drawn_of(desk)
    later = desk.start()
    assert later.id == ahead
    assert question_id not in questions_of(desk, later)


def test_papers_of_a_quiz_that_cannot_ask_it_stay_drawn(session: Session, desk: Desk) -> None:
    question_id = question_at(desk, hand_in(desk), 1)
    other_step = factories.make_quiz_step(session, desk.enrolment.cohort)
    other = Desk(session, desk.enrolment, other_step, desk.now)
    draw(other)
    before = drawn_of(desk)

    decide(desk, question_id, VOID)

    assert drawn_of(desk) == before != []


def test_the_start_page_counts_what_is_left_out_once(desk: Desk, sign_in: SignIn) -> None:
    first = hand_in(desk)
    version = desk.items(first)[0].question_version
    decide(desk, version.question_id, VOID)
    pause(desk.session, version.id)
    enrolment = get_own_enrolment(desk.session, desk.enrolment.id, user_id=desk.enrolment.user_id)

    facts = get_quiz_facts(desk.session, enrolment, desk.step.id)
    left_out = list_left_out(desk.session, facts.version.id, cohort_id=enrolment.cohort_id)

    assert (facts.question_count, facts.left_out) == (4, 1)
    assert left_out.paused == left_out.voided == left_out.all == {version.id}
    page = sign_in(enrolment.user_id).get(f"/belajar/{enrolment.id}/kuis/{desk.step.id}").text
    assert "1 soal sedang diperiksa" in page
