"""A paused question is on no new paper; papers that are begun keep it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.core.db import begin_write
from lms.core.errors import Conflict
from quizzes.attempts.queries import get_quiz_facts
from quizzes.bank.models import StaleState, StaleVersion
from tests import factories
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.bank.users import pause

SignIn = Callable[[int], FlaskClient]


def drawing_desk(session: Session, *, draw: int, out_of: int) -> tuple[Desk, list[int]]:
    """Return a trainee before a quiz that draws, and the ids of what it draws from."""
    versions = [factories.make_question(session) for _ in range(out_of)]
    desk = make_desk(session)
    desk.step = factories.make_quiz_step(session, desk.enrolment.cohort, versions, draw=draw)
    return desk, [version.id for version in versions]


def on_paper(desk: Desk) -> set[int]:
    return {item.question_version_id for item in desk.items(desk.start())}


def test_a_named_question_is_left_out_and_the_rest_makes_the_result(desk: Desk) -> None:
    first = desk.start()
    gone = desk.items(first)[0].question_version_id
    desk.submit(first)
    pause(desk.session, gone)

    attempt = desk.start()

    assert gone not in on_paper(desk)
    assert (attempt.left_out, attempt.marks_possible) == (1, 4)
    desk.answer(attempt, right=4)
    assert desk.submit(attempt).percent == 100


def test_a_paper_that_is_begun_keeps_it(desk: Desk) -> None:
    before = on_paper(desk)

    pause(desk.session, min(before))

    assert on_paper(desk) == before
    assert desk.start().left_out == 0


@pytest.mark.parametrize("seed", range(25))
def test_a_draw_chooses_among_the_others(session: Session, seed: int) -> None:
    desk, ids = drawing_desk(session, draw=2, out_of=4)
    desk.rng = Random(seed)
    for version_id in ids[:2]:
        pause(session, version_id)

    assert on_paper(desk) == set(ids[2:])
    assert desk.start().left_out == 0


def test_a_pool_that_runs_dry_makes_a_shorter_paper(session: Session) -> None:
    desk, ids = drawing_desk(session, draw=3, out_of=4)
    for version_id in ids[:3]:
        pause(session, version_id)

    assert on_paper(desk) == {ids[3]}
    assert desk.start().left_out == 2


def test_a_quiz_with_no_question_left_is_not_begun(session: Session) -> None:
    desk, ids = drawing_desk(session, draw=2, out_of=2)
    for version_id in ids:
        pause(session, version_id)

    with pytest.raises(Conflict, match="setiap soal kuis ini sedang diperiksa"):
        desk.start()


def test_what_is_released_comes_back(session: Session) -> None:
    desk, ids = drawing_desk(session, draw=2, out_of=2)
    pause(session, ids[0])
    begin_write(session)
    row = session.get_one(StaleVersion, ids[0])
    row.state, row.is_paused = StaleState.RELEASED, False
    session.commit()

    assert on_paper(desk) == set(ids)


def test_what_awaits_counts_without_paused_questions(session: Session) -> None:
    desk, ids = drawing_desk(session, draw=2, out_of=3)
    for version_id in ids[:2]:
        pause(session, version_id)

    facts = get_quiz_facts(session, desk.enrolment, desk.step.id)

    assert (facts.question_count, facts.left_out) == (1, 1)


def test_the_pages_of_a_sitting_say_what_is_missing(session: Session, sign_in: SignIn) -> None:
    desk, ids = drawing_desk(session, draw=2, out_of=2)
    pause(session, ids[0])
    client = sign_in(desk.enrolment.user_id)
    address = f"/belajar/{desk.enrolment.id}/kuis/{desk.step.id}"

    start = client.get(address).text
    attempt = desk.start()
    paper = client.get(f"/percobaan/{attempt.id}").text
    desk.submit(attempt)
    result = client.get(f"/percobaan/{attempt.id}/hasil").text

    assert all("1 soal sedang diperiksa" in page for page in (start, paper, result))


def test_the_page_of_a_quiz_without_questions_offers_no_begin(session: Session, sign_in: SignIn) -> None:
    desk, ids = drawing_desk(session, draw=1, out_of=1)
    pause(session, ids[0])
    client = sign_in(desk.enrolment.user_id)
    address = f"/belajar/{desk.enrolment.id}/kuis/{desk.step.id}"

    page = client.get(address).text

    assert "setiap soal kuis ini sedang diperiksa" in page
    assert 'class="action-bar"' not in page
