"""Questions that come one at a time; in practice each answer is shown and may be tried again."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from quizzes.attempts import stepping
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.types import get_type
from tests.factories import make_question
from tests.quizzes.attempts.conftest import Desk, make_desk

SignIn = Callable[[int], FlaskClient]
PRACTICE = {"purpose": "practice", "pass_percent": None, "show_result": "after_each"}


@pytest.fixture
def desk(session: Session) -> Desk:
    return make_desk(session, is_sequential=True)


@pytest.fixture
def practice(session: Session) -> Desk:
    return make_desk(session, **PRACTICE, retries=2, retry_cost_percent=25, attempts_allowed=0)


def place_of(desk: Desk, attempt: Attempt) -> int:
    desk.session.expire_all()
    return desk.session.get_one(Attempt, attempt.id).place


def item_of(desk: Desk, attempt: Attempt, position: int = 1) -> PaperItem:
    desk.session.expire_all()
    return desk.items(attempt)[position - 1]


def choice(desk: Desk, attempt: Attempt, position: int, *, right: bool) -> str:
    item = item_of(desk, attempt, position)
    kind = get_type(item.question_version.type)
    say = kind.solve if right else kind.miss
    return say(item.question_version.content, item.prepared)["choice"][0]


def press(
    client: FlaskClient, attempt_id: int, place: int, act: str, answer: str = "", seq: int = 1
) -> TestResponse:
    form = {"place": str(place), "do": act}
    if answer:
        # A page that shows what an answer is worth has no fields for another one.
        form |= {f"q{place}-event": f"press-{place}-{seq}", f"q{place}-seq": str(seq)}
        form[f"q{place}-choice"] = answer
    return client.post(f"/percobaan/{attempt_id}/langkah", data=form, follow_redirects=True)


def test_the_page_holds_one_question_and_says_that_it_needs_signal(desk: Desk, sign_in: SignIn) -> None:
    attempt, client = desk.start(), sign_in(desk.enrolment.user_id)

    page = client.get(f"/percobaan/{attempt.id}").text

    assert re.findall(r'name="(q\d+)-event"', page) == ["q1"]
    assert "Soal 1 dari 5" in page
    assert "perlu sinyal" in page
    assert "quiz.js" not in page
    stems = [html.unescape(item.question_version.stem_html) for item in desk.items(attempt)]
    assert [stem in page for stem in stems] == [True, False, False, False, False]


def test_saving_and_going_on_leads_to_the_next_question_and_never_back(desk: Desk, sign_in: SignIn) -> None:
    attempt, client = desk.start(), sign_in(desk.enrolment.user_id)
    page = press(client, attempt.id, 1, "next", "1").text
    assert "Soal 2 dari 5" in page

    reply = desk.save(attempt, 1, event_id="behind", sequence=9, raw={"choice": ["2"]})
    ahead = desk.save(attempt, 3, event_id="ahead-1", sequence=1, raw={"choice": ["2"]})

    assert (reply.outcome, ahead.outcome) == ("superseded", "superseded")
    standing = [item.response and item.response.raw for item in desk.items(attempt)]
    assert standing == [{"choice": ["1"]}, None, None, None, None]
    assert len(desk.events(attempt)) == 3


def test_a_button_pressed_twice_goes_on_once(desk: Desk, sign_in: SignIn) -> None:
    attempt, client = desk.start(), sign_in(desk.enrolment.user_id)
    for _ in range(2):
        press(client, attempt.id, 1, "next", "1")

    assert place_of(desk, attempt) == 2


def test_a_newer_answer_from_another_phone_is_shown_before_the_question_is_left(
    desk: Desk, sign_in: SignIn
) -> None:
    attempt, client = desk.start(), sign_in(desk.enrolment.user_id)
    desk.save(attempt, 1, event_id="other-phone", sequence=1, raw={"choice": ["1"]})

    page = press(client, attempt.id, 1, "next", "2").text

    assert "Soal 1 dari 5" in page
    assert "sudah tersimpan jawaban yang lebih baru" in page
    assert place_of(desk, attempt) == 1
    desk.session.rollback()
    assert "Soal 2 dari 5" in press(client, attempt.id, 1, "next", "2", seq=2).text
    standing = desk.standing(attempt)
    assert standing is not None
    assert standing.raw == {"choice": ["2"]}


def test_another_answer_to_a_question_that_was_left_is_told_not_to_count(desk: Desk, sign_in: SignIn) -> None:
    attempt, client = desk.start(), sign_in(desk.enrolment.user_id)
    press(client, attempt.id, 1, "next", "1")

    page = press(client, attempt.id, 1, "next", "2", seq=2).text

    assert "Soal 1 sudah ditutup" in page
    assert place_of(desk, attempt) == 2


def test_an_answer_looked_at_twice_is_shown_once_without_a_word(practice: Desk, sign_in: SignIn) -> None:
    attempt, client = practice.start(), sign_in(practice.enrolment.user_id)
    wrong = choice(practice, attempt, 1, right=False)
    press(client, attempt.id, 1, "check", wrong)

    page = press(client, attempt.id, 1, "check", wrong).text

    assert "Jawab dulu soal ini" not in page
    assert item_of(practice, attempt).check_count == 1


@pytest.mark.parametrize("settings", [{"is_sequential": True}, PRACTICE], ids=["test", "practice"])
@pytest.mark.parametrize("act", ["next", "save", "check"])
def test_an_answer_that_is_too_long_stays_in_its_field_and_nothing_goes_on(
    session: Session, sign_in: SignIn, settings: dict[str, object], act: str
) -> None:
    desk = make_desk(session, [make_question(session, "number"), make_question(session)], **settings)
    attempt, client = desk.start(), sign_in(desk.enrolment.user_id)
    position = next(item.position for item in desk.items(attempt) if item.question_version.type == "number")
    if position == 2:
        press(client, attempt.id, 1, "next")
    answer = {"place": str(position), "do": act, f"q{position}-event": "long-answer", f"q{position}-seq": "1"}

    response = client.post(
        f"/percobaan/{attempt.id}/langkah", data=answer | {f"q{position}-value": "7" * 600}
    )

    assert response.status_code == 422
    assert f"Soal {position} dari 2" in response.text
    assert f'<a href="#q{position}">Jawaban ini terlalu panjang untuk disimpan.' in response.text
    assert f'value="{"7" * 600}"' in response.text
    assert place_of(desk, attempt) == position
    assert desk.standing(attempt, position) is None
    assert desk.events(attempt) == []


def test_what_is_too_long_for_a_question_that_was_left_leads_to_the_open_one(
    desk: Desk, sign_in: SignIn
) -> None:
    attempt, client = desk.start(), sign_in(desk.enrolment.user_id)
    press(client, attempt.id, 1, "next", "1")

    reply = press(client, attempt.id, 1, "next", "2" * 20_000, seq=2)

    assert reply.status_code == 200
    assert "terlalu panjang" in reply.text
    assert "Soal 2 dari 5" in reply.text
    assert len(desk.events(attempt)) == 1


def test_after_the_last_question_comes_the_handing_in(desk: Desk, sign_in: SignIn) -> None:
    attempt, client = desk.start(), sign_in(desk.enrolment.user_id)
    for place in range(1, 6):
        answer = choice(desk, attempt, place, right=True) if place != 2 else ""
        page = press(client, attempt.id, place, "next", answer).text

    assert "Semua soal sudah dilalui" in page
    assert "Belum dijawab: 2." in page
    assert client.get(f"/percobaan/{attempt.id}/periksa").status_code == 303
    client.post(f"/percobaan/{attempt.id}/kirim")
    desk.session.expire_all()
    assert desk.session.get_one(Attempt, attempt.id).percent == 80


def test_after_the_end_nothing_goes_on(session: Session) -> None:
    desk = make_desk(session, is_sequential=True, time_limit_minutes=5)
    attempt = desk.start()
    end = desk.now + timedelta(minutes=5)

    assert not stepping.move_on(session, attempt.id, place=1, now=end + timedelta(seconds=1))
    assert stepping.move_on(session, attempt.id, place=1, now=end)
    session.rollback()


def test_in_free_order_there_are_no_steps(session: Session) -> None:
    desk = make_desk(session)
    attempt = desk.start()

    assert attempt.place == 0
    assert not stepping.move_on(session, attempt.id, place=0, now=desk.now)
    session.rollback()


def test_a_strangers_paper_takes_no_step(desk: Desk, session: Session, sign_in: SignIn) -> None:
    other = make_desk(session)
    attempt, client = desk.start(), sign_in(other.enrolment.user_id)

    assert press(client, attempt.id, 1, "next", "1").status_code == 404
    assert place_of(desk, attempt) == 1


def test_practice_shows_an_answer_at_once_and_what_is_right_only_at_the_end(
    practice: Desk, sign_in: SignIn
) -> None:
    attempt, client = practice.start(), sign_in(practice.enrolment.user_id)
    wrong = choice(practice, attempt, 1, right=False)

    page = press(client, attempt.id, 1, "check", wrong).text

    assert "Coba lagi" in page
    assert "berkurang 25%" in page
    assert 'name="q1-choice"' not in page


def test_once_shown_an_answer_stands_until_it_is_tried_again(practice: Desk, sign_in: SignIn) -> None:
    attempt, client = practice.start(), sign_in(practice.enrolment.user_id)
    wrong, right = (choice(practice, attempt, 1, right=is_right) for is_right in (False, True))
    press(client, attempt.id, 1, "check", wrong)

    assert (
        practice.save(attempt, 1, event_id="sneak", sequence=50, raw={"choice": [right]}).outcome
        == "superseded"
    )
    press(client, attempt.id, 1, "retry")
    press(client, attempt.id, 1, "check", right, seq=60)

    item = item_of(practice, attempt)
    assert item.response is not None
    assert item.response.raw == {"choice": [right]}
    assert (item.check_count, item.lost_percent, item.is_checked) == (2, 25, True)


def test_trying_again_costs_and_has_an_end(practice: Desk, sign_in: SignIn) -> None:
    attempt, client = practice.start(), sign_in(practice.enrolment.user_id)
    wrong, right = (choice(practice, attempt, 1, right=is_right) for is_right in (False, True))
    for seq in (1, 2):
        press(client, attempt.id, 1, "check", wrong, seq=seq)
        press(client, attempt.id, 1, "retry")
    press(client, attempt.id, 1, "check", right, seq=3)
    press(client, attempt.id, 1, "retry")
    assert item_of(practice, attempt).lost_percent == 50
    press(client, attempt.id, 1, "next")
    client.post(f"/percobaan/{attempt.id}/kirim")

    assert "Mencoba lagi mengurangi 50% nilai soal ini." in client.get(f"/percobaan/{attempt.id}/hasil").text
    practice.session.expire_all()
    assert practice.session.get_one(Attempt, attempt.id).percent == Decimal(10)


def test_nothing_answered_shows_nothing(practice: Desk, sign_in: SignIn) -> None:
    attempt, client = practice.start(), sign_in(practice.enrolment.user_id)

    assert "Jawab dulu soal ini" in press(client, attempt.id, 1, "check").text
    assert item_of(practice, attempt).check_count == 0


def test_a_test_that_is_not_practice_checks_nothing(desk: Desk, sign_in: SignIn) -> None:
    attempt, client = desk.start(), sign_in(desk.enrolment.user_id)
    press(client, attempt.id, 1, "check", "1")
    press(client, attempt.id, 1, "retry")

    item = item_of(desk, attempt)
    assert (item.check_count, item.is_checked, place_of(desk, attempt)) == (0, False, 1)


def test_a_page_takes_few_queries_whatever_the_number_of_questions(practice: Desk, sign_in: SignIn) -> None:
    from tests.security.test_query_counts import counted

    attempt, client = practice.start(), sign_in(practice.enrolment.user_id)
    client.get("/")
    with counted() as sent:
        assert client.get(f"/percobaan/{attempt.id}").status_code == 200
    assert len(sent) <= 8
