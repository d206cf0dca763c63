"""A session begins new, ends when it should, and never comes back (check 17).

The single rules are tested in tests/lms/core/accounts; here what must hold for every page and every person.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.core.accounts.models import User, UserSession
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from tests.security.conftest import Stage
from tests.security.observe import verdict
from tests.security.test_authz_matrix import TABLE, expected
from tests.security.world import PASSWORD

SIGNED_IN = ("trainee", "trainer", "organiser", "admin")


def change(values: dict[str, object], *, user_id: int, model: type = UserSession) -> None:
    """Change rows of one person behind the application's back."""
    column = UserSession.user_id if model is UserSession else User.id
    session = db.session()
    begin_write(session)
    session.execute(update(model).where(column == user_id).values(**values))
    session.commit()


def is_out(client: FlaskClient) -> bool:
    """Return whether this browser is signed out."""
    return verdict(client.get("/akun")) == "sign_in"


def cookie_of(client: FlaskClient) -> str:
    """Return the session cookie as the browser keeps it."""
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


@pytest.mark.parametrize("person", SIGNED_IN)
def test_copied_cookie_is_worthless_after_sign_out(stage: Stage, person: str) -> None:
    client = stage.browser(person)
    client.get("/akun")
    copied = cookie_of(client)

    client.post("/keluar")

    thief = stage.app.test_client()
    thief.set_cookie("session", copied)
    for rule in stage.rules("GET"):
        if expected("anonymous", f"GET {rule.endpoint}", "a") == "sign_in":
            assert verdict(thief.get(stage.url(rule))) in {"sign_in", "401"}, rule.endpoint


def test_signing_in_gives_a_new_session_and_keeps_nothing_of_the_old(stage: Stage) -> None:
    client = stage.browser("anonymous", fresh=True)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "planted" * 6
        cookie["planted"] = "1"
        cookie["locale"] = "en"

    client.post("/masuk", data={"login": stage.world.logins["trainee"], "password": PASSWORD})

    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != "planted" * 6
        assert "planted" not in cookie
        assert cookie["locale"] == "en"
    assert not is_out(client)


def test_every_sign_in_has_a_session_of_its_own(stage: Stage) -> None:
    tokens = set()
    for _ in range(3):
        client = stage.browser("anonymous", fresh=True)
        client.post("/masuk", data={"login": stage.world.logins["trainee"], "password": PASSWORD})
        with client.session_transaction() as cookie:
            tokens.add(cookie["_user_id"])

    assert len(tokens) == 3
    assert all(len(token) >= 43 for token in tokens)


def test_database_keeps_only_hashes_of_sessions(stage: Stage) -> None:
    kept = set(db.session.scalars(select(UserSession.token_sha256)))

    assert not kept & set(stage.world.tokens.values())


@pytest.mark.parametrize("person", SIGNED_IN)
@pytest.mark.parametrize(
    "ending",
    [
        {"last_seen_at": utc_now() - timedelta(hours=13)},
        {"expires_at": utc_now() - timedelta(seconds=1)},
    ],
    ids=["unused for too long", "older than it may get"],
)
def test_session_that_is_over_opens_nothing(stage: Stage, person: str, ending: dict[str, object]) -> None:
    change(ending, user_id=stage.world.users[person])

    assert is_out(stage.browser(person))


@pytest.mark.parametrize("person", ["trainer", "organiser", "admin"])
def test_session_of_staff_ends_after_an_hour_of_silence(stage: Stage, person: str) -> None:
    change({"last_seen_at": utc_now() - timedelta(minutes=61)}, user_id=stage.world.users[person])

    assert is_out(stage.browser(person))


@pytest.mark.parametrize("person", SIGNED_IN)
def test_account_that_is_switched_off_is_out_at_once(stage: Stage, person: str) -> None:
    assert not is_out(stage.browser(person))

    change({"is_active": False}, user_id=stage.world.users[person], model=User)

    assert is_out(stage.browser(person))


def test_role_counts_from_the_next_page_on(stage: Stage) -> None:
    assert stage.browser("organiser").get("/angkatan").status_code == 200

    change({"role": "trainer"}, user_id=stage.world.users["organiser"], model=User)

    assert stage.browser("organiser").get("/angkatan").status_code == 404


def test_new_password_ends_the_sessions_of_other_devices(stage: Stage) -> None:
    other = stage.browser("anonymous", fresh=True)
    other.post("/masuk", data={"login": stage.world.logins["trainee"], "password": PASSWORD})
    assert not is_out(other)

    new = "sepeda hijau di sawah 9"
    form = {"old": PASSWORD, "password": new, "password_again": new, "again": new, "repeat": new}
    assert stage.browser("trainee").post("/akun/sandi", data=form).status_code == 303

    assert is_out(other)
    assert not is_out(stage.browser("trainee"))


def test_no_address_signs_in_by_being_opened(stage: Stage) -> None:
    for rule in stage.rules("GET"):
        client = stage.browser("anonymous", fresh=True)
        client.get(stage.url(rule))
        assert is_out(client), rule.endpoint
    assert TABLE["routes"]


def test_forged_cookie_opens_nothing(stage: Stage) -> None:
    good = cookie_of(stage.browser("trainee"))
    # Not the last sign: some of its bits say nothing.
    changed = good[:-6] + ("A" if good[-6] != "A" else "B") + good[-5:]
    for forged in (changed, good.split(".")[0], "", "e30.x.y"):
        client = stage.app.test_client()
        client.set_cookie("session", forged)
        assert is_out(client)
