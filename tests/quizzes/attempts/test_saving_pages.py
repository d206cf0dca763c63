"""Answers are kept by the pages: one from the script, all from the form, and little work for each."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.core.accounts.models import User, UserSession
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from tests.factories import make_question
from tests.pages import CheckedClient
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.attempts.visits import form_of, page, send
from tests.security.test_query_counts import SAVE_LIMIT, counted

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def client(desk: Desk, sign_in: SignIn) -> FlaskClient:
    return sign_in(desk.enrolment.user_id)


@pytest.fixture
def anonymous(app: Flask) -> FlaskClient:
    app.test_client_class = CheckedClient
    return app.test_client()


# --- by script


def test_the_script_is_told_when_and_what_was_saved(desk: Desk, client: FlaskClient) -> None:
    reply = send(client, desk.start(), raw={"choice": ["3"]})

    assert reply.status_code == 200
    assert reply.json["outcome"] == "applied"
    assert reply.json["raw"] == {"choice": ["3"]}
    assert reply.json["time"].endswith("WIB")
    assert len(reply.data) < 1024


def test_a_late_save_is_answered_409_and_says_so(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.submit(desk.start())

    reply = send(client, attempt)

    assert (reply.status_code, reply.json["outcome"]) == (409, "late")


def test_signed_out_the_script_gets_401_and_nothing_is_kept(desk: Desk, anonymous: FlaskClient) -> None:
    attempt = desk.start()

    reply = send(anonymous, attempt)

    assert reply.status_code == 401
    assert reply.is_json
    assert desk.events(attempt) == []


def test_signed_out_a_form_is_sent_to_sign_in(desk: Desk, anonymous: FlaskClient) -> None:
    response = anonymous.post(f"/percobaan/{desk.start().id}/jawaban", data={"q1-seq": "1"})

    assert response.status_code == 303
    assert response.location.startswith("/masuk")


def test_a_fresh_token_is_for_the_owner_only(desk: Desk, client: FlaskClient, anonymous: FlaskClient) -> None:
    url = f"/percobaan/{desk.start().id}/token"

    assert client.get(url).json["token"]
    assert anonymous.get(url).status_code == 401


@pytest.mark.parametrize(
    "values",
    [
        {"position": 0},
        {"position": "1"},
        {"position": True},
        {"event": ""},
        {"event": "x" * 41},
        {"event": "<b>ad</b>"},
        {"event": None},
        {"sequence": 0},
        {"sequence": -1},
        {"sequence": 2**31},
        {"sequence": 1.5},
        {"raw": "2"},
        {"raw": {"choice": "2"}},
        {"raw": {"choice": [2]}},
        {"raw": {"choice": ["\x00"]}},
        {"raw": {"choice": ["\ud800"]}},
        {"raw": {"\ud800": ["1"]}},
        {"raw": {"choice": ["x" * 600]}},
        {"flagged": "yes"},
    ],
)
def test_a_malformed_save_is_refused_and_changes_nothing(
    desk: Desk, client: FlaskClient, values: dict[str, Any]
) -> None:
    attempt = desk.start()

    reply = send(client, attempt, **values)

    assert reply.status_code == 422
    assert reply.json["error"]
    assert desk.events(attempt) == []


def test_a_body_larger_than_any_answer_is_not_read(desk: Desk, client: FlaskClient) -> None:
    url = f"/percobaan/{desk.start().id}/jawaban"

    assert client.post(url, data="[" * 200_001, content_type="application/json").status_code == 413


@pytest.mark.parametrize("body", ["", "null", "[]", "{", '"x"', "1" * 5000, "[" * 5000])
def test_a_body_that_is_no_save_is_refused(desk: Desk, client: FlaskClient, body: str) -> None:
    url = f"/percobaan/{desk.start().id}/jawaban"

    reply = client.post(url, data=body, content_type="application/json")

    assert reply.status_code == 422


def test_a_position_beyond_the_paper_is_404(desk: Desk, client: FlaskClient) -> None:
    assert send(client, desk.start(), position=6).status_code == 404


# --- without script


def test_the_form_saves_all_answers_and_comes_back(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()

    response = client.post(
        f"/percobaan/{attempt.id}/jawaban",
        data=form_of(desk, attempt, q1_choice="2", q3_choice="1", q3_flag="1"),
        follow_redirects=True,
    )

    assert "Tersimpan pukul" in response.get_data(as_text=True)
    first, third = desk.standing(attempt, 1), desk.standing(attempt, 3)
    assert first is not None
    assert third is not None
    assert (first.raw, third.raw, third.is_flagged) == ({"choice": ["2"]}, {"choice": ["1"]}, True)
    assert desk.standing(attempt, 2) is None


@pytest.mark.parametrize("length", [600, 15_000])
def test_a_form_keeps_the_others_and_points_at_the_answer_that_is_too_long(
    session: Session, sign_in: SignIn, length: int
) -> None:
    desk = make_desk(session, [make_question(session, "number"), make_question(session)])
    client, attempt = sign_in(desk.enrolment.user_id), desk.start()
    long, other = desk.items(attempt)
    if long.question_version.type != "number":
        long, other = other, long
    answers = {f"q{long.position}_value": "7" * length, f"q{other.position}_choice": "2"}

    response = client.post(f"/percobaan/{attempt.id}/jawaban", data=form_of(desk, attempt, **answers))

    assert response.status_code == 422
    assert f'<a href="#q{long.position}">' in response.text
    assert "Jawaban ini terlalu panjang untuk disimpan." in response.text
    assert "7" * length in response.text
    assert "Tersimpan" in response.text
    assert desk.standing(attempt, long.position) is None
    standing = desk.standing(attempt, other.position)
    assert standing is not None
    assert standing.raw == {"choice": ["2"]}


def test_the_same_form_sent_twice_changes_nothing(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()
    form = form_of(desk, attempt, q1_choice="2")

    for _ in range(2):
        client.post(f"/percobaan/{attempt.id}/jawaban", data=form)

    assert len(desk.events(attempt)) == 1


def test_an_old_page_does_not_overwrite_newer_answers_and_says_so(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()
    send(client, attempt, raw={"choice": ["3"]}, sequence=4)

    response = client.post(
        f"/percobaan/{attempt.id}/jawaban",
        data=form_of(desk, attempt, q1_choice="2"),
        follow_redirects=True,
    )

    assert "yang lebih baru" in response.get_data(as_text=True)
    standing = desk.standing(attempt)
    assert standing is not None
    assert standing.raw == {"choice": ["3"]}
    assert desk.events(attempt)[-1].raw == {"choice": ["2"]}


def test_a_form_after_the_end_is_kept_as_late_and_told_so(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()
    form = form_of(desk, attempt, q1_choice="2")
    desk.submit(attempt)

    client.post(f"/percobaan/{attempt.id}/jawaban", data=form)

    assert [event.outcome for event in desk.events(attempt)] == ["late"]
    assert "tidak dihitung" in page(client, f"/percobaan/{attempt.id}/hasil")


def test_a_form_without_questions_is_404(desk: Desk, client: FlaskClient) -> None:
    url = f"/percobaan/{desk.start().id}/jawaban"

    assert client.post(url, data={"x": "1"}).status_code == 404
    assert client.post(url, data={"q1-choice": "1"}).status_code == 404


@pytest.mark.parametrize("sequence", ["", "x", "-1", "0", "99999999999"])
def test_a_form_with_a_broken_sequence_is_422(desk: Desk, client: FlaskClient, sequence: str) -> None:
    data = {"q1-event": "page-1", "q1-seq": sequence, "q1-choice": "1"}

    assert client.post(f"/percobaan/{desk.start().id}/jawaban", data=data).status_code == 422


def test_unreadable_input_is_shown_at_its_question(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session, [make_question(session, "number")])
    attempt = desk.start()

    response = sign_in(desk.enrolment.user_id).post(
        f"/percobaan/{attempt.id}/jawaban",
        data=form_of(desk, attempt, q1_value="banyak"),
        follow_redirects=True,
    )

    text = response.get_data(as_text=True)
    assert "<title>Galat: " in text
    assert 'href="#q1"' in text
    assert 'value="banyak"' in text


# --- how much work


def test_a_save_takes_at_most_four_queries(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()
    db.session.remove()

    for values in (
        {},
        {"event": "client-2", "sequence": 2},
        {"event": "client-3", "sequence": 1},
        {"event": "client-3", "sequence": 1},
    ):
        with counted() as sent:
            assert send(client, attempt, **values).status_code == 200
        assert len(sent) <= SAVE_LIMIT, sent


def test_a_late_save_takes_at_most_four_queries(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.submit(desk.start())
    db.session.remove()

    with counted() as sent:
        assert send(client, attempt).status_code == 409
    assert len(sent) <= SAVE_LIMIT, sent


def test_a_whole_form_takes_at_most_four_queries(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()
    form = form_of(desk, attempt, **{f"q{n}_choice": "1" for n in range(1, 6)})
    db.session.remove()

    with counted() as sent:
        client.post(f"/percobaan/{attempt.id}/jawaban", data=form)
    assert len(sent) <= SAVE_LIMIT, sent


def test_a_reply_never_grows_beyond_a_kilobyte(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session, [make_question(session, "number")])

    reply = send(sign_in(desk.enrolment.user_id), desk.start(), raw={"value": ["é" * 240]})

    assert reply.status_code == 200
    assert len(reply.data) <= 1024 or len(json.dumps(reply.json, ensure_ascii=False).encode()) <= 1024


def test_somebody_who_only_answers_counts_as_here(client: FlaskClient, desk: Desk) -> None:
    attempt = desk.start()
    begin_write(desk.session)
    long_ago = utc_now() - timedelta(minutes=4, seconds=30)
    desk.session.execute(update(UserSession).values(last_seen_at=long_ago))
    desk.session.execute(update(User).values(last_seen_at=long_ago))
    desk.session.commit()

    assert send(client, attempt).status_code == 200

    desk.session.rollback()
    seen = desk.session.scalar(select(User.last_seen_at).where(User.id == desk.enrolment.user_id))
    assert seen is not None
    assert utc_now() - seen < timedelta(minutes=1)
