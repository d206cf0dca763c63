"""The second factor: enrolment, codes that work once, recovery, and what stays closed without it."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from lms.core.accounts import totp
from lms.core.accounts.models import RecoveryCode, User, UserSession
from lms.core.accounts.second_factor import remove_second_factor
from lms.core.accounts.vault import Vault
from lms.core.clock import utc_now
from lms.core.db import begin_write
from tests.conftest import NOW
from tests.lms.core.accounts.people import (
    CODES,
    SECRET,
    code_now,
    is_signed_in,
    make_organiser,
    make_trainee,
    post_password,
)


def _hidden(page: str) -> str:
    found = re.search(r'name="sealed"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def _typed_secret(page: str) -> str:
    found = re.search(r'<p class="code">([A-Z2-7 ]+)</p>', page)
    assert found
    return found[1].replace(" ", "")


def _make_stale(session: Session) -> None:
    begin_write(session)
    session.execute(update(UserSession).values(fresh_at=utc_now() - timedelta(minutes=11)))
    session.commit()


def test_code_drifts_by_one_period_at_most() -> None:
    code = totp.code_at(SECRET, NOW)

    assert totp.find_counter(SECRET, code, now=NOW + timedelta(seconds=30)) is not None
    assert totp.find_counter(SECRET, code, now=NOW - timedelta(seconds=30)) is not None
    assert totp.find_counter(SECRET, code, now=NOW + timedelta(seconds=90)) is None
    assert totp.find_counter(SECRET, "000000", now=NOW) is None


def test_code_follows_the_standard() -> None:

    # RFC 6238, appendix B, SHA-1, the last six digits.
    secret = base64.b32encode(b"12345678901234567890").decode()

    assert totp.code_at(secret, datetime.fromtimestamp(59, UTC)) == "287082"
    assert totp.code_at(secret, datetime.fromtimestamp(1111111109, UTC)) == "081804"


def test_recovery_code_is_read_as_people_write_it() -> None:
    assert totp.fold_code(" aaaa bbbb-ccci ") == "AAAABBBBCCC1"
    assert totp.fold_code("OooL-iIII-0000") == "000111110000"


def test_vault_opens_only_what_it_sealed() -> None:
    mine, other = Vault(b"a" * 32), Vault(b"b" * 32)

    assert mine.unseal(mine.seal(SECRET)) == SECRET
    assert other.unseal(mine.seal(SECRET)) is None
    assert mine.unseal("") is None
    assert mine.unseal("\udcff") is None
    assert SECRET not in mine.seal(SECRET)
    assert mine.digest("x") != other.digest("x")


def test_new_organiser_enrols_and_gets_ten_codes_once(client: FlaskClient, session: Session) -> None:
    user = make_organiser(session, enrolled=False)
    post_password(client, "panitia@contoh.test")
    page = client.get("/akun/kode").get_data(as_text=True)
    secret = _typed_secret(page)

    response = client.post(
        "/akun/kode", data={"sealed": _hidden(page), "code": totp.code_at(secret, utc_now())}
    )

    shown = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", response.get_data(as_text=True))
    assert (response.status_code, len(set(shown))) == (200, 10)
    assert is_signed_in(client)
    session.refresh(user)
    assert secret not in (user.totp_secret or "")
    stored = {row.code_sha256 for row in session.query(RecoveryCode).all()}
    assert stored == {Vault(current_app.config["VAULT_KEY"]).digest(totp.fold_code(code)) for code in shown}
    assert shown[0] not in client.get("/akun").get_data(as_text=True)


def test_wrong_first_code_keeps_the_secret_and_enrols_nothing(client: FlaskClient, session: Session) -> None:
    user = make_organiser(session, enrolled=False)
    post_password(client, "panitia@contoh.test")
    page = client.get("/akun/kode").get_data(as_text=True)

    response = client.post("/akun/kode", data={"sealed": _hidden(page), "code": "000000"})

    assert response.status_code == 422
    assert _typed_secret(response.get_data(as_text=True)) == _typed_secret(page)
    session.refresh(user)
    assert user.totp_secret is None


@pytest.mark.parametrize("forge", ["", "x", "other"])
def test_secret_sealed_for_somebody_else_is_not_taken(
    client: FlaskClient, session: Session, forge: str
) -> None:
    user = make_organiser(session, enrolled=False)
    post_password(client, "panitia@contoh.test")
    sealed = (
        Vault(current_app.config["VAULT_KEY"]).seal(f"{user.id + 1} {SECRET}") if forge == "other" else forge
    )

    response = client.post("/akun/kode", data={"sealed": sealed, "code": code_now()})

    assert response.status_code == 422
    session.refresh(user)
    assert user.totp_secret is None


def test_staff_without_second_factor_reach_only_its_enrolment(client: FlaskClient, session: Session) -> None:
    make_organiser(session, enrolled=False)
    post_password(client, "panitia@contoh.test")

    assert client.get("/akun").location == "/akun/kode"
    assert client.get("/akun/sandi").location == "/akun/kode"
    assert client.post("/akun/sesi-lain").status_code == 403


def test_staff_who_did_not_show_it_get_403(client: FlaskClient, session: Session) -> None:
    make_organiser(session)
    post_password(client, "panitia@contoh.test")

    for path in ("/akun", "/akun/sandi", "/akun/kode", "/akun/kode-cadangan", "/akun/alamat"):
        assert client.get(path).status_code == 403, path


def test_right_code_opens_and_leads_on(client: FlaskClient, session: Session) -> None:
    make_organiser(session)
    post_password(client, "panitia@contoh.test")

    response = client.post("/masuk/kode?next=/akun", data={"code": code_now()})

    assert (response.status_code, response.location) == (303, "/akun")
    assert is_signed_in(client)


def test_code_page_does_not_lead_off_the_site(client: FlaskClient, session: Session) -> None:
    make_organiser(session)
    post_password(client, "panitia@contoh.test")

    assert client.post("/masuk/kode?next=//evil.test", data={"code": code_now()}).location == "/"


def test_same_code_works_once(app: Flask, client: FlaskClient, session: Session) -> None:
    make_organiser(session)
    code = code_now()
    post_password(client, "panitia@contoh.test")
    client.post("/masuk/kode", data={"code": code})
    thief = app.test_client()
    post_password(thief, "panitia@contoh.test")

    assert thief.post("/masuk/kode", data={"code": code}).status_code == 422
    assert thief.get("/akun").status_code == 403


def test_earlier_code_does_not_work_after_a_later_one(client: FlaskClient, session: Session) -> None:
    user = make_organiser(session)
    begin_write(session)
    session.execute(update(User).where(User.id == user.id).values(totp_last_counter=2**31 - 1))
    session.commit()
    post_password(client, "panitia@contoh.test")

    assert client.post("/masuk/kode", data={"code": code_now()}).status_code == 422


def test_guessing_codes_is_slowed_down(client: FlaskClient, session: Session) -> None:
    make_organiser(session)
    post_password(client, "panitia@contoh.test")

    codes = [client.post("/masuk/kode", data={"code": f"{n:06d}"}).status_code for n in range(7)]

    assert codes == [422] * 5 + [429] * 2
    assert client.post("/masuk/kode", data={"code": code_now()}).status_code == 429


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1234567", "9" * 5000])
def test_unreadable_code_is_an_error_at_the_field_and_no_try(
    client: FlaskClient, session: Session, typed: str
) -> None:
    make_organiser(session)
    post_password(client, "panitia@contoh.test")

    for _ in range(8):
        assert client.post("/masuk/kode", data={"code": typed}).status_code == 422


def test_recovery_code_works_once(app: Flask, client: FlaskClient, session: Session) -> None:
    make_organiser(session)
    post_password(client, "panitia@contoh.test")
    assert client.post("/masuk/kode-cadangan", data={"code": CODES[0].lower()}).status_code == 303
    assert is_signed_in(client)
    thief = app.test_client()
    post_password(thief, "panitia@contoh.test")

    assert thief.post("/masuk/kode-cadangan", data={"code": CODES[0]}).status_code == 422
    assert thief.get("/akun").status_code == 403


def test_guessing_recovery_codes_is_slowed_down(client: FlaskClient, session: Session) -> None:
    make_organiser(session)
    post_password(client, "panitia@contoh.test")

    tries = [f"AAAA-AAAA-{n:04d}" for n in range(6)]

    assert [client.post("/masuk/kode-cadangan", data={"code": c}).status_code for c in tries] == [422] * 5 + [
        429
    ]


def test_new_recovery_codes_replace_the_old(client: FlaskClient, session: Session) -> None:
    make_organiser(session)
    post_password(client, "panitia@contoh.test")
    client.post("/masuk/kode", data={"code": code_now()})

    page = client.post("/akun/kode-cadangan").get_data(as_text=True)

    assert len(re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page)) == 10
    assert session.query(RecoveryCode).count() == 10


@pytest.mark.parametrize("path", ["/akun/sandi", "/akun/alamat", "/akun/kode", "/akun/kode-cadangan"])
def test_what_protects_the_account_asks_for_a_fresh_sign_in(
    client: FlaskClient, session: Session, path: str
) -> None:
    make_organiser(session)
    post_password(client, "panitia@contoh.test")
    client.post("/masuk/kode", data={"code": code_now()})
    assert client.get(path).status_code == 200
    _make_stale(session)

    page = client.get(path)

    assert (page.status_code, client.post(path).status_code) == (403, 403)
    assert f"/masuk?next={path}" in page.get_data(as_text=True)
    assert client.get(f"/masuk?next={path}").status_code == 200


def test_signing_in_once_more_makes_fresh_and_comes_back(client: FlaskClient, session: Session) -> None:
    make_trainee(session)
    post_password(client, "siti@contoh.test")
    _make_stale(session)

    response = post_password(client, "siti@contoh.test", target="/akun/sandi")

    assert response.location == "/akun/sandi"
    assert client.get("/akun/sandi").status_code == 200


def test_lost_second_factor_is_taken_off_and_every_session_ends(
    client: FlaskClient, session: Session
) -> None:
    user = make_organiser(session)
    post_password(client, "panitia@contoh.test")
    client.post("/masuk/kode", data={"code": code_now()})

    remove_second_factor(session, None, user_id=user.id, now=NOW)
    session.commit()

    assert not is_signed_in(client)
    assert session.query(RecoveryCode).count() == 0
    assert post_password(client, "panitia@contoh.test").location == "/akun/kode"


def test_secret_of_another_installation_says_so(client: FlaskClient, session: Session) -> None:
    user = make_organiser(session)
    begin_write(session)
    session.execute(update(User).where(User.id == user.id).values(totp_secret="-"))
    session.commit()
    post_password(client, "panitia@contoh.test")

    assert client.post("/masuk/kode", data={"code": code_now()}).status_code == 422
