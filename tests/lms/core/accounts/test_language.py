"""The language of an account greets its owner on every device; the foot of the page is for one browser."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role, User
from lms.core.audit.models import AuditEvent
from tests import factories

SignIn = Callable[[int], FlaskClient]


def language(client: FlaskClient) -> str:
    page = client.get("/akun").get_data(as_text=True)
    return page.split('<html lang="')[1][:2]


def test_the_choice_follows_to_another_device(session: Session, sign_in: SignIn) -> None:
    user = factories.make_user(session)
    here = sign_in(user.id)

    assert here.post("/akun/bahasa", data={"locale": "en"}).location == "/akun"

    page = here.get("/akun").get_data(as_text=True)
    assert "From now on this language greets you" in page
    assert language(sign_in(user.id)) == "en"
    assert session.scalars(select(AuditEvent.action).where(AuditEvent.actor_id == user.id)).all()[-1:] != []


def test_a_browser_may_speak_another_language_until_the_account_says_again(
    session: Session, sign_in: SignIn
) -> None:
    here = sign_in(factories.make_user(session).id)
    here.post("/akun/bahasa", data={"locale": "en"})

    here.post("/tampilan", data={"locale": "id", "next": "/akun"})
    assert language(here) == "id"

    here.post("/akun/bahasa", data={"locale": "en"})
    assert language(here) == "en"


def test_a_language_nobody_speaks_is_refused(session: Session, sign_in: SignIn) -> None:
    user = factories.make_user(session)

    for sent in ({"locale": "xx"}, {}):
        response = sign_in(user.id).post("/akun/bahasa", data=sent)
        assert response.status_code == 422
        assert "Pilih salah satu" in response.get_data(as_text=True)
    session.expire_all()
    assert session.get_one(User, user.id).locale is None


def test_times_stand_in_the_zone_of_the_branch_office_and_say_so(session: Session, sign_in: SignIn) -> None:
    branch = factories.make_branch(session, time_zone="Asia/Jayapura")
    trainer = factories.make_user(session, Role.TRAINER, branch=branch)

    assert "\N{NO-BREAK SPACE}WIT " in sign_in(trainer.id).get("/akun").text
    assert "\N{NO-BREAK SPACE}WIB " in sign_in(factories.make_user(session).id).get("/akun").text
