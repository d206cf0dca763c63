"""The result of a sitting, as a trainee reads it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import make_question
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.attempts.visits import page

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def client(desk: Desk, sign_in: SignIn) -> FlaskClient:
    return sign_in(desk.enrolment.user_id)


def test_the_result_says_first_whether_it_was_enough(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()
    desk.answer(attempt, right=4)

    response = client.post(f"/percobaan/{attempt.id}/kirim", follow_redirects=True)

    text = response.get_data(as_text=True)
    assert "<h1>Anda lulus: 4 dari 5 benar</h1>" in text
    assert "Belum tepat" in text


def test_who_failed_reads_what_is_missing_and_how_often_they_may_try(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.submit(desk.start())

    text = page(client, f"/percobaan/{attempt.id}/hasil")

    assert "Untuk lulus perlu 60%; kali ini 0%." in text
    assert "Anda masih punya 2 kesempatan, sampai" in text


def test_the_result_leads_to_what_to_read_again(session: Session, sign_in: SignIn) -> None:
    version = make_question(session, read="day-1/01-modul/materi-1#isi", explanation_html="<p>Alasan.</p>")
    desk = make_desk(session, [version])
    attempt = desk.submit(desk.start())
    lesson = next(step for step in desk.step.module.steps if step.path.endswith("materi-1"))

    text = page(sign_in(desk.enrolment.user_id), f"/percobaan/{attempt.id}/hasil")

    assert f'href="/belajar/{desk.enrolment.id}/materi/{lesson.id}#isi"' in text
    assert "Alasan." in text


def test_a_quiz_may_show_the_score_only(session: Session, sign_in: SignIn) -> None:
    version = make_question(session, explanation_html="<p>Alasan.</p>")
    desk = make_desk(session, [version], show_result="score_only", pass_percent=None)
    attempt = desk.submit(desk.start())

    text = page(sign_in(desk.enrolment.user_id), f"/percobaan/{attempt.id}/hasil")

    assert "Selesai: 0 dari 1 benar" in text
    assert "Alasan." not in text
    assert version.stem_html not in text
