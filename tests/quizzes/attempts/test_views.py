"""The pages of a quiz, as a trainee meets them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role
from lms.core.db import db
from tests.factories import make_branch, make_question, make_user
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.attempts.visits import form_of, overdue, page, send, start_url
from tests.security.test_query_counts import PAGE_LIMIT, counted

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def client(desk: Desk, sign_in: SignIn) -> FlaskClient:
    return sign_in(desk.enrolment.user_id)


# --- what awaits


def test_the_start_page_says_what_awaits(desk: Desk, client: FlaskClient) -> None:
    text = page(client, start_url(desk))

    for words in ("Tanpa batas waktu", "Paling sedikit 60%", "Sisa 3 dari 3", "Hasil terbaik Anda", "Mulai"):
        assert words in text


def test_one_button_starts_and_leads_to_the_paper(desk: Desk, client: FlaskClient) -> None:
    response = client.post(start_url(desk))

    assert response.status_code == 303
    assert response.location.startswith("/percobaan/")


def test_an_open_sitting_is_gone_on_with(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()

    text = page(client, start_url(desk))

    assert "Lanjutkan jawaban saya" in text
    assert f'href="/percobaan/{attempt.id}"' in text


def test_a_locked_quiz_says_what_opens_it(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session, release=[{"after": "previous"}])
    client = sign_in(desk.enrolment.user_id)

    assert "Materi 2" in page(client, start_url(desk))
    assert client.post(start_url(desk)).status_code == 409


def test_results_so_far_are_listed(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()
    desk.answer(attempt, right=2)
    desk.submit(attempt)

    text = page(client, start_url(desk))

    assert "40%" in text
    assert "Sisa 2 dari 3" in text
    assert "Coba lagi" in text


def test_when_all_tries_are_used_no_button_starts(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session, attempts_allowed=1)
    desk.submit(desk.start())
    client = sign_in(desk.enrolment.user_id)

    text = page(client, start_url(desk))

    assert "Semua kesempatan Anda untuk kuis ini sudah terpakai." in text
    assert "Coba lagi" not in text
    assert client.post(start_url(desk)).status_code == 409


def test_before_the_posttest_the_name_is_checked(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session, purpose="posttest")

    text = page(sign_in(desk.enrolment.user_id), start_url(desk))

    assert f'href="/belajar/{desk.enrolment.id}/nama"' in text
    assert "Mulai" not in text


def test_starting_hands_an_overdue_sitting_in_first(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session, time_limit_minutes=5)
    old = overdue(desk)

    response = sign_in(desk.enrolment.user_id).post(start_url(desk))

    session.expire_all()
    assert old.submitted_by == "deadline"
    assert response.location != f"/percobaan/{old.id}"


def test_a_lesson_has_no_quiz_page(desk: Desk, client: FlaskClient) -> None:
    lesson = next(step for step in desk.step.module.steps if step.kind == "lesson")

    assert client.get(f"/belajar/{desk.enrolment.id}/kuis/{lesson.id}").status_code == 404


# --- the paper


def test_the_paper_shows_all_questions_in_one_form(desk: Desk, client: FlaskClient) -> None:
    text = page(client, f"/percobaan/{desk.start().id}")

    assert text.count("<fieldset") == 5
    assert 'name="q5-seq"' in text


def test_another_phone_shows_the_same_paper_and_answers(desk: Desk, sign_in: SignIn) -> None:
    attempt = desk.start()
    send(sign_in(desk.enrolment.user_id), attempt, raw={"choice": ["2"]}, flagged=True, sequence=7)

    text = page(sign_in(desk.enrolment.user_id), f"/percobaan/{attempt.id}")

    assert 'value="2" id="q1-choice-2" checked' in text
    assert 'data-sequence="7"' in text
    assert 'name="q1-seq" value="8"' in text


def test_the_paper_is_kept_by_the_browser_and_nobody_else(desk: Desk, client: FlaskClient) -> None:
    response = client.get(f"/percobaan/{desk.start().id}")

    assert response.headers["Cache-Control"] == "private, no-cache"


def test_the_timer_is_also_there_in_words(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session, time_limit_minutes=30)

    assert "30 menit" in page(sign_in(desk.enrolment.user_id), f"/percobaan/{desk.start().id}")


def test_a_quiz_without_a_time_limit_shows_no_timer(desk: Desk, client: FlaskClient) -> None:
    assert "data-left" not in page(client, f"/percobaan/{desk.start().id}")


def test_an_overdue_paper_offers_one_button_and_changes_nothing(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session, time_limit_minutes=5)
    attempt = overdue(desk)
    client = sign_in(desk.enrolment.user_id)

    text = page(client, f"/percobaan/{attempt.id}")

    assert "Waktu habis" in text
    session.expire_all()
    assert attempt.state == "in_progress"
    client.post(f"/percobaan/{attempt.id}/kirim")
    session.expire_all()
    assert (attempt.state, attempt.submitted_by) == ("submitted", "deadline")


def test_a_paper_handed_in_leads_to_its_result(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.submit(desk.start())

    for path in ("", "/periksa"):
        assert client.get(f"/percobaan/{attempt.id}{path}").status_code == 303


def test_before_handing_in_the_empty_and_the_flagged_are_listed(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()

    response = client.post(
        f"/percobaan/{attempt.id}/jawaban",
        data=form_of(desk, attempt, q1_choice="2", q2_choice="1", q2_flag="1", then="check"),
        follow_redirects=True,
    )

    assert response.request.path == f"/percobaan/{attempt.id}/periksa"
    empty, _between, flagged = response.get_data(as_text=True).partition("Ditandai untuk dicek lagi")
    assert all(f'href="/percobaan/{attempt.id}#q{n}"' in empty for n in (3, 4, 5))
    assert f'href="/percobaan/{attempt.id}#q1"' not in empty
    assert f'href="/percobaan/{attempt.id}#q2"' in flagged


# --- who may


@pytest.mark.parametrize("path", ["", "/periksa", "/hasil", "/token"])
def test_a_stranger_finds_nothing(desk: Desk, sign_in: SignIn, path: str) -> None:
    attempt = desk.start()
    stranger = make_desk(desk.session).enrolment

    assert sign_in(stranger.user_id).get(f"/percobaan/{attempt.id}{path}").status_code == 404


@pytest.mark.parametrize("path", ["/jawaban", "/kirim"])
def test_a_stranger_changes_nothing(desk: Desk, sign_in: SignIn, path: str) -> None:
    attempt = desk.start()
    client = sign_in(make_desk(desk.session).enrolment.user_id)

    response = client.post(f"/percobaan/{attempt.id}{path}", data=form_of(desk, attempt, q1_choice="1"))

    assert response.status_code == 404
    assert desk.events(attempt) == []


def test_a_stranger_cannot_start_for_somebody(desk: Desk, sign_in: SignIn) -> None:
    client = sign_in(make_desk(desk.session).enrolment.user_id)

    assert client.get(start_url(desk)).status_code == 404
    assert client.post(start_url(desk)).status_code == 404


@pytest.mark.parametrize("role", [Role.ADMIN, Role.ORGANISER, Role.TRAINER])
def test_staff_cannot_take_quizzes(desk: Desk, sign_in: SignIn, role: Role) -> None:
    user = make_user(desk.session, role, branch=make_branch(desk.session))
    client = sign_in(user.id)

    assert client.get(start_url(desk)).status_code == 404
    assert client.get(f"/percobaan/{desk.start().id}").status_code == 404


# --- how much work


@pytest.mark.parametrize("count", [2, 30])
def test_every_page_takes_at_most_eight_queries(session: Session, sign_in: SignIn, count: int) -> None:
    desk = make_desk(session, [make_question(session) for _ in range(count)], attempts_allowed=0)
    for _ in range(2):
        desk.submit(desk.start())
    attempt = desk.start()
    client = sign_in(desk.enrolment.user_id)
    urls = (
        start_url(desk),
        f"/percobaan/{attempt.id}",
        f"/percobaan/{attempt.id}/periksa",
        f"/percobaan/{attempt.id - 1}/hasil",
    )
    db.session.remove()

    for url in urls:
        client.get("/bantuan")
        with counted() as sent:
            assert client.get(url).status_code == 200
        assert len(sent) <= PAGE_LIMIT, (url, sent)
        db.session.remove()
