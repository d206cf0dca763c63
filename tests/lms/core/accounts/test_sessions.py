"""The life of a session: how it begins, how long it lasts, and all the ways it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from lms.core.accounts import services, sessions
from lms.core.accounts.models import Role, User, UserSession
from lms.core.accounts.queries import find_signed_in, hash_token
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from lms.core.errors import Conflict
from tests import factories
from tests.conftest import NOW
from tests.lms.core.accounts.people import (
    OTHER_PASSWORD,
    PASSWORD,
    code_now,
    count_rows,
    hashed,
    is_signed_in,
    make_organiser,
    make_trainee,
    post_password,
)


def _open(session: Session, user: User, *, days: int = 40) -> str:
    token = sessions.open_session(
        session, user.id, via="password", now=NOW, user_agent="", expires_at=NOW + timedelta(days=days)
    )
    session.commit()
    return token


def _lives(session: Session, token: str, after: timedelta) -> bool:
    session.rollback()
    return find_signed_in(session, token=token, now=NOW + after, idle_minutes=720) is not None


def _age(session: Session, **values: object) -> None:
    begin_write(session)
    session.execute(update(UserSession).values(**values))
    session.commit()


def test_trainee_who_pauses_half_a_day_stays_signed_in(session: Session) -> None:
    token = _open(session, make_trainee(session))

    assert _lives(session, token, timedelta(hours=12))
    assert not _lives(session, token, timedelta(hours=12, seconds=1))


def test_staff_who_pause_an_hour_sign_in_again(session: Session) -> None:
    token = _open(session, make_organiser(session))

    assert _lives(session, token, timedelta(minutes=60))
    assert not _lives(session, token, timedelta(minutes=60, seconds=1))


def test_session_ends_however_busy_it_is(session: Session) -> None:
    token = _open(session, make_trainee(session), days=1)
    _age(session, last_seen_at=NOW + timedelta(days=1))

    assert _lives(session, token, timedelta(hours=23, minutes=59))
    assert not _lives(session, token, timedelta(days=1))


def test_staff_sign_in_every_day_and_trainees_after_forty(client: FlaskClient, session: Session) -> None:
    make_trainee(session)
    make_organiser(session)
    post_password(client, "siti@contoh.test")
    post_password(client, "panitia@contoh.test")
    client.get("/")

    longest = {row.user_id: row.expires_at - row.created_at for row in session.query(UserSession).all()}

    assert list(longest.values()) == [timedelta(days=1)]


def test_two_tokens_never_meet(session: Session) -> None:
    user = make_trainee(session)

    assert len({_open(session, user) for _ in range(50)}) == 50


def test_session_given_to_a_browser_before_is_not_adopted(client: FlaskClient, session: Session) -> None:
    mallory = _open(session, make_trainee(session, login="mallory@contoh.test"))
    make_trainee(session)
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": mallory, "csrf_token": "planted", "theme": "dark", "reset": "planted"})

    post_password(client, "siti@contoh.test")

    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != mallory
        assert cookie.get("csrf_token") != "planted"
        assert "reset" not in cookie
        assert cookie["theme"] == "dark"


def test_cookie_replayed_after_signing_out_is_refused(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    make_trainee(session)
    post_password(client, "siti@contoh.test")
    stolen = client.get_cookie("session")
    assert stolen is not None

    response = client.post("/keluar")

    assert response.headers["Clear-Site-Data"] == '"cache"'
    thief = app.test_client()
    thief.set_cookie("session", stolen.value)
    assert not is_signed_in(thief)
    assert count_rows(UserSession) == 0


def test_every_page_says_whose_it_is_and_no_file_does(client: FlaskClient, session: Session) -> None:
    user_id = make_trainee(session).id
    assert client.get("/").headers["X-Person"] == "0"

    post_password(client, "siti@contoh.test")

    assert client.get("/akun").headers["X-Person"] == str(user_id)
    assert client.get("/no-such-page").headers["X-Person"] == str(user_id)
    assert "X-Person" not in client.get("/pekerja.js").headers
    client.post("/keluar")
    assert client.get("/masuk").headers["X-Person"] == "0"


def test_signing_out_does_not_work_by_link(client: FlaskClient, session: Session) -> None:
    make_trainee(session)
    post_password(client, "siti@contoh.test")

    assert client.get("/keluar").status_code == 405
    assert is_signed_in(client)


def _two_browsers(app: Flask, client: FlaskClient, session: Session) -> tuple[User, FlaskClient]:
    user, other = make_trainee(session), app.test_client()
    post_password(client, "siti@contoh.test")
    post_password(other, "siti@contoh.test")
    assert is_signed_in(client)
    assert is_signed_in(other)
    return user, other


def test_owner_ends_one_other_session(app: Flask, client: FlaskClient, session: Session) -> None:
    _, other = _two_browsers(app, client, session)
    with other.session_transaction() as cookie:
        session_id = hash_token(cookie["_user_id"])
    assert session_id in client.get("/akun").get_data(as_text=True)

    client.post("/akun/sesi", data={"session": session_id})

    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_owner_ends_all_other_sessions(app: Flask, client: FlaskClient, session: Session) -> None:
    _, other = _two_browsers(app, client, session)

    client.post("/akun/sesi-lain")

    assert is_signed_in(client)
    assert not is_signed_in(other)


@pytest.mark.parametrize("session_id", ["", "0", "x" * 5000, "0" * 64])
def test_session_of_nobody_or_somebody_else_cannot_be_ended(
    client: FlaskClient, session: Session, session_id: str
) -> None:
    bob = hash_token(_open(session, make_trainee(session, login="bob@contoh.test")))
    make_trainee(session)
    post_password(client, "siti@contoh.test")

    assert client.post("/akun/sesi", data={"session": session_id}).status_code == 404
    assert client.post("/akun/sesi", data={"session": bob}).status_code == 404
    assert count_rows(UserSession) == 2


def test_new_password_ends_all_other_sessions(app: Flask, client: FlaskClient, session: Session) -> None:
    _, other = _two_browsers(app, client, session)

    response = client.post(
        "/akun/sandi", data={"old": PASSWORD, "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    )

    assert response.status_code == 303
    assert is_signed_in(client)
    assert not is_signed_in(other)


@pytest.mark.parametrize(
    "act",
    [
        lambda s, user_id: services.set_active(s, None, user_id=user_id, is_active=False, now=NOW),
        lambda s, user_id: services.change_role(
            s, None, user_id=user_id, role=Role.ADMIN, branch_ids=[], now=NOW
        ),
        sessions.end_sessions_of,
    ],
    ids=["switched off", "new role", "ended"],
)
def test_what_staff_do_ends_every_session_at_once(
    app: Flask, client: FlaskClient, session: Session, act: Callable[[Session, int], None]
) -> None:
    user, other = _two_browsers(app, client, session)

    act(session, user.id)
    session.commit()

    assert not is_signed_in(client)
    assert not is_signed_in(other)


def test_session_opened_while_the_password_changed_does_not_open(session: Session) -> None:
    user = make_trainee(session)
    services.change_password(session, user.id, password_hash=hashed(OTHER_PASSWORD), now=NOW)
    session.commit()

    with pytest.raises(Conflict):
        sessions.open_password_session(
            session,
            user.id,
            seen_hash=hashed(),
            new_hash=None,
            now=NOW,
            user_agent="",
            expires_at=NOW + timedelta(days=1),
        )


def test_use_is_written_down_once_a_minute(client: FlaskClient, session: Session) -> None:
    make_trainee(session)
    post_password(client, "siti@contoh.test")
    _age(session, last_seen_at=utc_now() - timedelta(minutes=5))
    writes: list[str] = []

    @event.listens_for(db.engine, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE user_session"):
            writes.append(statement)

    client.get("/akun")
    client.get("/akun")
    client.get("/akun")

    assert len(writes) == 1


def test_who_is_signed_in_costs_one_query_whatever_the_number_of_branches(session: Session) -> None:
    user = factories.make_user(session, Role.TRAINER)
    branches = [factories.make_branch(session).id for _ in range(5)]
    services.change_role(session, None, user_id=user.id, role=Role.TRAINER, branch_ids=branches, now=NOW)
    token = _open(session, user)
    session.rollback()
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))

    found = find_signed_in(session, token=token, now=NOW, idle_minutes=720)

    assert len([text for text in statements if text != "BEGIN"]) == 1
    assert found is not None
    assert found.actor.branch_ids == set(branches)


def test_account_speaks_its_language_unless_the_browser_says_otherwise(
    client: FlaskClient, session: Session
) -> None:
    make_trainee(session, locale="en")
    post_password(client, "siti@contoh.test")
    assert 'lang="en"' in client.get("/akun").get_data(as_text=True)

    client.post("/tampilan", data={"locale": "id"})

    assert 'lang="id"' in client.get("/akun").get_data(as_text=True)


def test_second_factor_shown_in_one_browser_is_not_shown_in_another(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    make_organiser(session)
    post_password(client, "panitia@contoh.test")
    client.post("/masuk/kode", data={"code": code_now()})
    other = app.test_client()

    post_password(other, "panitia@contoh.test")

    assert client.get("/akun").status_code == 200
    assert other.get("/akun").status_code == 403
