"""A person's own pages: password and login of their own, one-time links, who may help."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from lms.core.accounts import services
from lms.core.accounts.cli import user as group
from lms.core.accounts.logins import fold_login, fold_phone, read_login
from lms.core.accounts.models import PasswordReset, Role, User, UserSession
from lms.core.accounts.queries import find_reset_user, hash_token
from lms.core.audit.models import AuditEvent
from lms.core.clock import utc_now
from lms.core.db import begin_write
from lms.core.errors import Invalid, NotFound
from tests import factories
from tests.conftest import NOW
from tests.lms.core.accounts.people import (
    OTHER_PASSWORD,
    PASSWORD,
    code_now,
    count_rows,
    is_signed_in,
    make_organiser,
    make_trainee,
    post_password,
)

NEW = {"password": OTHER_PASSWORD, "again": OTHER_PASSWORD}


@pytest.mark.parametrize(
    ("typed", "login"),
    [
        ("0812-3456-7890", "+6281234567890"),
        ("(0351) 452 345", "+62351452345"),
        ("+65 6123 4567", "+6561234567"),
        ("Siti.Aminah@Contoh.ID", "siti.aminah@contoh.id"),
    ],
)
def test_login_is_an_address_or_a_number(typed: str, login: str) -> None:
    assert read_login(typed) == login


@pytest.mark.parametrize(
    "typed", ["", "siti", "@", "a@b", "a b@", "08", "12345", "+62", "x" * 300 + "@contoh.id"]
)
def test_other_logins_are_refused_at_the_field(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_login(typed)
    assert refused.value.field == "login"


def test_folding_meets_twins() -> None:
    assert fold_login(" Ａ@B.co\u200b") == fold_login("a@b.co")
    assert fold_phone("٠٨١٢٣٤٥٦٧٨٩") is None


def test_trainee_with_a_card_sets_login_and_password(client: FlaskClient, session: Session) -> None:
    user = factories.make_user(session)
    factories.sign_in(client, user.id)

    response = client.post("/akun/sandi", data={"login": "0812 3456 7890", **NEW})

    assert response.status_code == 303
    assert post_password(client, "+6281234567890", OTHER_PASSWORD).location == "/"


@pytest.mark.parametrize(
    "wrong",
    [
        {"login": "siti", **NEW},
        {"login": "bob@contoh.test", **NEW},
        {"login": "siti@contoh.test", "password": OTHER_PASSWORD, "again": PASSWORD},
        {"login": "siti@contoh.test", "password": "password1234", "again": "password1234"},
        {"login": "siti@contoh.test", "password": "", "again": ""},
        {"password": OTHER_PASSWORD, "again": OTHER_PASSWORD},
    ],
)
def test_wrong_input_is_refused_and_changes_nothing(
    client: FlaskClient, session: Session, wrong: dict[str, str]
) -> None:
    make_trainee(session, login="bob@contoh.test")
    user = factories.make_user(session)
    factories.sign_in(client, user.id)

    response = client.post("/akun/sandi", data=wrong)

    assert response.status_code == 422
    assert "field-error" in response.get_data(as_text=True)
    session.refresh(user)
    assert (user.login, user.password_hash) == (None, None)


def test_old_password_is_needed_for_a_new_one(client: FlaskClient, session: Session) -> None:
    make_trainee(session)
    post_password(client, "siti@contoh.test")

    assert client.post("/akun/sandi", data=NEW).status_code == 422
    assert client.post("/akun/sandi", data={"old": OTHER_PASSWORD, **NEW}).status_code == 422
    assert client.post("/akun/sandi", data={"old": PASSWORD, **NEW}).status_code == 303


def test_guessing_the_old_password_is_slowed_down(client: FlaskClient, session: Session) -> None:
    make_trainee(session)
    post_password(client, "siti@contoh.test")

    codes = [
        client.post("/akun/sandi", data={"old": f"salah salah {n}", **NEW}).status_code for n in range(6)
    ]

    assert codes == [422] * 5 + [429]


def test_login_changes_with_the_password(client: FlaskClient, session: Session) -> None:
    make_trainee(session, login="bob@contoh.test")
    make_trainee(session)
    post_password(client, "siti@contoh.test")

    taken = client.post("/akun/alamat", data={"login": "BOB@contoh.test", "old": PASSWORD})
    wrong = client.post("/akun/alamat", data={"login": "baru@contoh.test", "old": OTHER_PASSWORD})
    right = client.post("/akun/alamat", data={"login": "baru@contoh.test", "old": PASSWORD})

    assert (taken.status_code, wrong.status_code, right.status_code) == (422, 422, 303)
    assert post_password(client, "baru@contoh.test").status_code == 303


def test_two_people_never_share_a_login(session: Session) -> None:
    services.create_user(session, name="A", role=Role.TRAINEE, login="a@contoh.test", now=NOW)

    with pytest.raises(Invalid):
        services.create_user(session, name="B", role=Role.TRAINEE, login=" Ａ@contoh.test ", now=NOW)


def test_organiser_needs_a_branch(session: Session) -> None:
    with pytest.raises(Invalid):
        services.create_user(session, name="A", role=Role.ORGANISER, login="a@contoh.test", now=NOW)


def _reset_token(session: Session, user: User) -> str:
    token = services.make_password_reset(session, None, user_id=user.id, now=utc_now())
    session.commit()
    return token


def test_link_leaves_the_address_sets_the_password_once_and_ends_sessions(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    user = make_trainee(session)
    elsewhere = app.test_client()
    post_password(elsewhere, "siti@contoh.test")
    token = _reset_token(session, user)

    opened = client.get(f"/sandi/{token}")
    page = client.get(opened.location)

    assert (opened.status_code, opened.location, opened.headers["Referrer-Policy"]) == (
        303,
        "/sandi",
        "no-referrer",
    )
    assert token not in page.get_data(as_text=True)
    assert client.post("/sandi", data=NEW).status_code == 303
    assert not is_signed_in(elsewhere)
    assert not is_signed_in(client)
    assert post_password(client, "siti@contoh.test", OTHER_PASSWORD).status_code == 303
    client.get(f"/sandi/{token}")
    assert client.get("/sandi").status_code == 404
    assert client.post("/sandi", data=NEW).status_code == 404


def test_opening_the_link_changes_nothing(client: FlaskClient, session: Session) -> None:
    user = make_trainee(session)
    token = _reset_token(session, user)

    for _ in range(3):
        client.get(f"/sandi/{token}")
        client.get("/sandi")

    assert find_reset_user(session, token, now=utc_now()) is not None
    assert not is_signed_in(client)


def test_token_is_long_stored_hashed_and_short_lived(session: Session) -> None:
    user = make_trainee(session)

    token = services.make_password_reset(session, None, user_id=user.id, now=NOW)
    session.commit()

    (row,) = session.query(PasswordReset).all()
    assert (len(token), row.token_sha256) == (43, hash_token(token))
    assert find_reset_user(session, token, now=NOW + timedelta(minutes=29)) is not None
    assert find_reset_user(session, token, now=NOW + timedelta(minutes=30)) is None


def test_newer_link_and_own_change_make_older_links_worthless(session: Session) -> None:
    user = make_trainee(session)
    first, second = _reset_token(session, user), _reset_token(session, user)
    assert find_reset_user(session, first, now=utc_now()) is None

    services.change_password(session, user.id, password_hash="x", now=utc_now())
    session.commit()

    assert find_reset_user(session, second, now=utc_now()) is None


@pytest.mark.parametrize("token", ["x", "0" * 43, "../../etc", "%00", "' OR 1=1 --"])
def test_made_up_link_says_that_it_is_over(client: FlaskClient, token: str) -> None:
    client.get(f"/sandi/{token}")

    assert client.get("/sandi").status_code == 404


def test_refused_password_keeps_the_link(client: FlaskClient, session: Session) -> None:
    token = _reset_token(session, make_trainee(session))
    client.get(f"/sandi/{token}")

    assert (
        client.post("/sandi", data={"password": "password1234", "again": "password1234"}).status_code == 422
    )
    assert client.post("/sandi", data=NEW).status_code == 303


def test_trainee_without_a_login_chooses_one_with_the_link(client: FlaskClient, session: Session) -> None:
    token = _reset_token(session, factories.make_user(session))
    client.get(f"/sandi/{token}")

    assert client.post("/sandi", data=NEW).status_code == 422
    assert client.post("/sandi", data={"login": "0812 3456 7890", **NEW}).status_code == 303
    assert post_password(client, "081234567890", OTHER_PASSWORD).status_code == 303


def test_second_factor_is_asked_for_after_a_new_password(client: FlaskClient, session: Session) -> None:
    token = _reset_token(session, make_organiser(session))
    client.get(f"/sandi/{token}")
    client.post("/sandi", data=NEW)

    assert post_password(client, "panitia@contoh.test", OTHER_PASSWORD).location == "/masuk/kode"
    assert client.get("/akun").status_code == 403


def test_organiser_helps_trainees_only_and_an_admin_everybody(session: Session) -> None:
    trainee, organiser = make_trainee(session), make_organiser(session)
    admin = factories.make_user(session, Role.ADMIN)
    trainer = factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session))

    services.make_password_reset(session, organiser.id, user_id=trainee.id, now=NOW)
    services.make_password_reset(session, admin.id, user_id=organiser.id, now=NOW)
    for helper, other in ((organiser, admin), (organiser, trainer), (trainer, trainee), (trainee, trainee)):
        with pytest.raises(NotFound):
            services.make_password_reset(session, helper.id, user_id=other.id, now=NOW)
    session.commit()

    events = session.query(AuditEvent).where(AuditEvent.action == "user.reset_handed_out").all()
    assert [(event.actor_id, event.object_id) for event in events] == [
        (organiser.id, trainee.id),
        (admin.id, organiser.id),
    ]


def test_switched_off_account_gets_no_way_in(client: FlaskClient, session: Session) -> None:
    user = make_trainee(session)
    token = _reset_token(session, user)
    services.set_active(session, None, user_id=user.id, is_active=False, now=NOW)
    session.commit()

    client.get(f"/sandi/{token}")

    assert client.get("/sandi").status_code == 404


def test_sweep_takes_what_has_run_out(session: Session) -> None:
    _reset_token(session, make_trainee(session))

    services.sweep(session, now=utc_now() + timedelta(days=2))
    session.commit()

    assert count_rows(PasswordReset) == 0


def test_staff_who_sign_in_tidy_up(client: FlaskClient, session: Session) -> None:
    make_organiser(session)
    services.make_password_reset(
        session, None, user_id=make_trainee(session).id, now=utc_now() - timedelta(days=3)
    )
    session.commit()

    post_password(client, "panitia@contoh.test")

    assert count_rows(PasswordReset) == 0


def test_command_adds_somebody_who_sets_a_password(app: Flask, client: FlaskClient, session: Session) -> None:
    factories.make_branch(session, code="MDN")
    run = app.test_cli_runner()

    done = run.invoke(
        group,
        [
            "add",
            "--name",
            "Panitia Baru",
            "--login",
            "Baru@Contoh.test",
            "--role",
            "organiser",
            "--branch",
            "MDN",
        ],
    )

    assert done.exit_code == 0, done.output
    link = re.search(r"http://127\.0\.0\.1:8000(/sandi/\S+)", done.output)
    assert link
    client.get(link[1])
    client.post("/sandi", data=NEW)
    assert post_password(client, "baru@contoh.test", OTHER_PASSWORD).location == "/akun/kode"


def test_command_says_what_is_wrong(app: Flask, session: Session) -> None:
    factories.make_branch(session, code="MDN")
    base = ["add", "--name", "X", "--login", "x@contoh.test", "--role"]
    run = app.test_cli_runner()

    unknown = run.invoke(group, [*base, "organiser", "--branch", "XXX"])
    role = run.invoke(group, [*base, "king"])
    nobody = run.invoke(group, ["reset", "tidakada@contoh.test"])

    assert "MDN" in str(unknown.exception)
    assert role.exit_code == 2
    assert "tidakada@contoh.test" in str(nobody.exception)
    assert count_rows(User) == 0


def test_command_resets_password_and_second_factor(app: Flask, client: FlaskClient, session: Session) -> None:
    user = make_organiser(session)

    done = app.test_cli_runner().invoke(group, ["reset", "PANITIA@contoh.test", "--second-factor"])

    assert done.exit_code == 0, done.output
    session.refresh(user)
    assert user.totp_secret is None
    assert "/sandi/" in done.output


def test_account_page_shows_the_browser_in_words(client: FlaskClient, session: Session) -> None:
    make_trainee(session)
    agent = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
    client.post(
        "/masuk", data={"login": "siti@contoh.test", "password": PASSWORD}, headers={"User-Agent": agent}
    )

    page = client.get("/akun").get_data(as_text=True)

    assert "Chrome" in page
    assert "Android" in page


def test_name_with_markup_is_text(client: FlaskClient, session: Session) -> None:
    user = make_trainee(session, name="<img src=x onerror=1>{{7*7}}")
    post_password(client, "siti@contoh.test")

    page = client.get("/akun").get_data(as_text=True)

    assert "&lt;img src=x onerror=1&gt;{{7*7}}" in page
    assert user.name not in page


def test_staff_account_page_works(client: FlaskClient, session: Session) -> None:
    make_organiser(session)
    post_password(client, "panitia@contoh.test")
    client.post("/masuk/kode", data={"code": code_now()})

    assert is_signed_in(client)


def test_stale_password_session_of_a_card_is_not_fresh(client: FlaskClient, session: Session) -> None:
    user = factories.make_user(session)
    factories.sign_in(client, user.id)
    begin_write(session)
    session.execute(update(UserSession).values(fresh_at=utc_now() - timedelta(hours=1)))
    session.commit()

    assert client.get("/akun/sandi").status_code == 403
    assert client.post("/akun/sandi", data={"login": "0812 3456 7890", **NEW}).status_code == 403


def test_forgotten_password_page_names_the_way(client: FlaskClient) -> None:
    assert client.get("/lupa-sandi").status_code == 200
