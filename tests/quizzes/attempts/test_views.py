"""The pages of a quiz, as a trainee meets them."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role, User, UserSession
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from quizzes.attempts.models import Attempt
from tests.factories import make_branch, make_question, make_user
from tests.pages import CheckedClient
from tests.quizzes.attempts.conftest import Desk, make_desk

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def client(desk: Desk, sign_in: SignIn) -> FlaskClient:
    return sign_in(desk.enrolment.user_id)


@pytest.fixture
def anonymous(app: Flask) -> FlaskClient:
    app.test_client_class = CheckedClient
    return app.test_client()


def start_url(desk: Desk) -> str:
    return f"/belajar/{desk.enrolment.id}/kuis/{desk.step.id}"


def page(client: FlaskClient, url: str) -> str:
    response = client.get(url, follow_redirects=True)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def send(client: FlaskClient, attempt: Attempt, **values: Any) -> Any:
    entry = {"position": 1, "event": "client-1", "sequence": 1, "raw": {"choice": ["1"]}, "flagged": False}
    headers = {"Accept": "application/json"}
    return client.post(f"/percobaan/{attempt.id}/jawaban", json=entry | values, headers=headers)


def form_of(desk: Desk, attempt: Attempt, **answers: str) -> dict[str, str]:
    fields = {}
    for item in desk.items(attempt):
        fields[f"q{item.position}-event"] = f"page-{item.position}"
        fields[f"q{item.position}-seq"] = "1"
    return fields | {name.replace("_", "-"): value for name, value in answers.items()}


def overdue(desk: Desk) -> Attempt:
    attempt = desk.start()
    begin_write(desk.session)
    attempt.deadline_at = desk.now - timedelta(seconds=1)
    desk.session.commit()
    return attempt


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

    assert "29 menit" in page(sign_in(desk.enrolment.user_id), f"/percobaan/{desk.start().id}")


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


# --- saving by script


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

    assert client.post(url, data="[" * 200_000, content_type="application/json").status_code == 413


@pytest.mark.parametrize("body", ["", "null", "[]", "{", '"x"', "1" * 5000, "[" * 5000])
def test_a_body_that_is_no_save_is_refused(desk: Desk, client: FlaskClient, body: str) -> None:
    url = f"/percobaan/{desk.start().id}/jawaban"

    reply = client.post(url, data=body, content_type="application/json")

    assert reply.status_code == 422


def test_a_position_beyond_the_paper_is_404(desk: Desk, client: FlaskClient) -> None:
    assert send(client, desk.start(), position=6).status_code == 404


# --- saving without script


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


# --- the result


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


class Counter:
    """Counts the queries of a block; BEGIN, COMMIT and SAVEPOINT are none."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def note(self, _c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.split(maxsplit=1)[0] not in {
            "BEGIN",
            "COMMIT",
            "ROLLBACK",
            "SAVEPOINT",
            "RELEASE",
            "PRAGMA",
        }:
            self.statements.append(statement)

    def __enter__(self) -> "Counter":
        event.listen(db.engine, "before_cursor_execute", self.note)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(db.engine, "before_cursor_execute", self.note)


def test_a_save_takes_at_most_four_queries(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()
    db.session.remove()

    for values in (
        {},
        {"event": "client-2", "sequence": 2},
        {"event": "client-3", "sequence": 1},
        {"event": "client-3", "sequence": 1},
    ):
        with Counter() as counter:
            assert send(client, attempt, **values).status_code == 200
        assert len(counter.statements) <= 4, counter.statements


def test_a_late_save_takes_at_most_four_queries(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.submit(desk.start())
    db.session.remove()

    with Counter() as counter:
        assert send(client, attempt).status_code == 409
    assert len(counter.statements) <= 4, counter.statements


def test_a_whole_form_takes_at_most_four_queries(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()
    form = form_of(desk, attempt, **{f"q{n}_choice": "1" for n in range(1, 6)})
    db.session.remove()

    with Counter() as counter:
        client.post(f"/percobaan/{attempt.id}/jawaban", data=form)
    assert len(counter.statements) <= 4, counter.statements


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
        with Counter() as counter:
            assert client.get(url).status_code == 200
        assert len(counter.statements) <= 8, (url, counter.statements)
        db.session.remove()


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
