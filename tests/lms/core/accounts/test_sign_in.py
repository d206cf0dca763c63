"""Signing in with a password: who gets in, what strangers learn, where it leads."""

from __future__ import annotations

import argon2
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.core.accounts import passwords, sign_in
from lms.core.accounts.models import User, UserSession
from lms.core.accounts.queries import hash_token
from lms.core.audit.models import AuditEvent
from lms.core.db import db
from tests.lms.core.accounts.people import (
    PASSWORD,
    count_rows,
    is_signed_in,
    make_organiser,
    make_trainee,
    post_password,
    without_tokens,
)
from tests.pages import CheckedClient

LEAVING = [
    "//evil.test",
    "///evil.test",
    "////evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "\\/evil.test",
    "http://evil.test",
    "https://evil.test/akun",
    "http:///evil.test",
    "http:evil.test",
    "https:evil.test",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "ftp://evil.test",
    " //evil.test",
    "\t//evil.test",
    "/\t/evil.test",
    "/\n/evil.test",
    "/\r/evil.test",
    "/ /evil.test",
    "\x00//evil.test",
    "/\x00/evil.test",
    "/\x7f/evil.test",
    "/\x85/evil.test",
    "/\u2028/evil.test",
    "/\u2029/evil.test",
    "evil.test",
    "@evil.test",
    "//evil.test@127.0.0.1",
    "//127.0.0.1@evil.test",
    ".//evil.test",
    "?next=//evil.test",
    "#//evil.test",
    "/" + "a" * 2001,
]


def test_right_password_opens_the_account(client: FlaskClient, session: Session) -> None:
    make_trainee(session)

    response = post_password(client, "siti@contoh.test")

    assert (response.status_code, response.location) == (303, "/")
    assert is_signed_in(client)


@pytest.mark.parametrize("typed", [" SITI@contoh.test ", "ｓｉｔｉ@contoh.test", "siti@contoh\u200b.test"])
def test_login_is_folded(client: FlaskClient, session: Session, typed: str) -> None:
    make_trainee(session)

    assert post_password(client, typed).status_code == 303


@pytest.mark.parametrize("typed", ["0812 3456 7890", "+62-812-3456-7890", "6281234567890"])
def test_telephone_number_is_a_login(client: FlaskClient, session: Session, typed: str) -> None:
    make_trainee(session, login="+6281234567890")

    assert post_password(client, typed).status_code == 303


def test_password_is_taken_byte_for_byte(client: FlaskClient, session: Session) -> None:
    make_trainee(session)

    assert post_password(client, "siti@contoh.test", PASSWORD + " ").status_code == 422


def test_unknown_login_wrong_password_card_only_and_switched_off_look_alike(
    client: FlaskClient, session: Session
) -> None:
    make_trainee(session)
    make_trainee(session, login="mati@contoh.test", is_active=False)
    make_trainee(session, login="kartu@contoh.test", password_hash=None)
    tries = [
        ("tidakada@contoh.test", PASSWORD),
        ("siti@contoh.test", "salah salah salah salah"),
        ("mati@contoh.test", PASSWORD),
        ("kartu@contoh.test", PASSWORD),
    ]

    answers = [post_password(client, login, password) for login, password in tries]

    assert {answer.status_code for answer in answers} == {422}
    pages = {
        without_tokens(answer).replace(login, "X") for answer, (login, _) in zip(answers, tries, strict=True)
    }
    assert len(pages) == 1


def test_every_refusal_costs_exactly_one_hash(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_trainee(session)
    make_trainee(session, login="kartu@contoh.test", password_hash=None)
    verified: list[str] = []
    real = passwords._HASHER.verify

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            verified.append(argon2.extract_parameters(stored).__repr__())
            return real(stored, password)

    monkeypatch.setattr(passwords, "_HASHER", Counting())

    for login in ("tidakada@contoh.test", "siti@contoh.test", "kartu@contoh.test"):
        post_password(client, login, "salah salah salah salah")

    assert len(verified) == 3
    assert len(set(verified)) == 1


def test_hash_of_older_costs_is_renewed(client: FlaskClient, session: Session) -> None:
    old = argon2.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    user = make_trainee(session, password_hash=old)

    post_password(client, "siti@contoh.test")

    session.refresh(user)
    assert user.password_hash != old
    assert not passwords.needs_rehash(user.password_hash or "")
    assert is_signed_in(client)


def test_no_transaction_is_open_while_hashing(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_trainee(session)
    seen: list[bool] = []

    def watching(stored: str | None, password: str) -> bool:
        seen.append(db.session().in_transaction())
        return passwords.verify_password(stored, password)

    monkeypatch.setattr(sign_in, "verify_password", watching)

    post_password(client, "siti@contoh.test")

    assert seen == [False]


@pytest.mark.parametrize("target", LEAVING)
def test_next_stays_on_this_site(client: FlaskClient, session: Session, target: str) -> None:
    make_trainee(session)

    assert post_password(client, "siti@contoh.test", target=target).location == "/"


@pytest.mark.parametrize("target", ["/akun", "/belajar/3?a=1", "/periksa#x", "/a//b", "/%2F/evil.test"])
def test_next_of_this_site_is_followed(client: FlaskClient, session: Session, target: str) -> None:
    make_trainee(session)

    assert post_password(client, "siti@contoh.test", target=target).location == target


def test_closed_page_sends_to_sign_in_and_back(client: FlaskClient) -> None:
    response = client.get("/akun/sandi?a=1")

    assert response.location == "/masuk?next=/akun/sandi?a%3D1"


def test_empty_and_huge_input_is_refused_at_the_field(client: FlaskClient) -> None:
    assert post_password(client, "", "").status_code == 422
    assert post_password(client, "a" * 300, "x").status_code == 422
    assert post_password(client, "siti@contoh.test", "x" * 201).status_code == 422


def test_huge_password_is_not_hashed(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "verify_password", None)

    assert post_password(client, "siti@contoh.test", "x" * 100_000).status_code == 422


def test_extra_fields_change_nothing(client: FlaskClient, session: Session) -> None:
    user = make_trainee(session)

    client.post(
        "/masuk",
        data={
            "login": "siti@contoh.test",
            "password": PASSWORD,
            "role": "admin",
            "is_active": "",
            "user_id": "1",
        },
    )

    session.refresh(user)
    assert (user.role, user.is_active) == ("trainee", True)


def test_form_without_token_is_refused(client: CheckedClient, session: Session) -> None:
    client.sends_token = False
    make_trainee(session)

    assert post_password(client, "siti@contoh.test").status_code == 400
    assert client.post("/keluar").status_code == 400
    assert count_rows(UserSession) == 0


def test_signing_in_again_replaces_the_session_of_this_browser(client: FlaskClient, session: Session) -> None:
    make_trainee(session)
    make_trainee(session, login="budi@contoh.test")

    post_password(client, "siti@contoh.test")
    post_password(client, "budi@contoh.test")

    assert count_rows(UserSession) == 1


def test_staff_are_led_to_the_second_factor(client: FlaskClient, session: Session) -> None:
    make_organiser(session)
    make_organiser(session, login="baru@contoh.test", enrolled=False)

    assert (
        post_password(client, "panitia@contoh.test", target="/angkatan").location
        == "/masuk/kode?next=/angkatan"
    )
    assert post_password(client, "baru@contoh.test").location == "/akun/kode"


def test_cookie_holds_a_token_that_the_database_does_not(client: FlaskClient, session: Session) -> None:
    make_trainee(session)

    post_password(client, "siti@contoh.test")

    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    (row,) = session.query(UserSession).all()
    assert row.token_sha256 == hash_token(token)
    assert len(token) >= 43


def test_wrong_password_leaves_a_trace_without_what_was_typed(client: FlaskClient, session: Session) -> None:
    user = make_trainee(session)

    post_password(client, "siti@contoh.test", "rahasia yang salah sekali")

    (event,) = session.query(AuditEvent).where(AuditEvent.action == "sign_in.failed").all()
    assert (event.object_id, event.details) == (user.id, {"via": "password"})


def test_a_fresh_database_lets_nobody_in(client: FlaskClient) -> None:
    assert count_rows(User) == 0
    for login in ("admin", "admin@contoh.test", "root"):
        assert post_password(client, login, "admin").status_code == 422
