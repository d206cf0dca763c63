"""No change without a token of this browser (check 11)."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from flask_wtf.csrf import CSRFProtect

from tests.security.conftest import Stage
from tests.security.observe import contents

SENDERS = ("anonymous", "trainee", "organiser", "trainer", "admin")


def bare(stage: Stage, person: str) -> FlaskClient:
    """Return a person's browser that sends no token by itself."""
    client = stage.browser(person, fresh=True)
    client.sends_token = False  # type: ignore[attr-defined]
    return client


def test_protection_is_on_and_nothing_is_exempt(stage: Stage) -> None:
    protection = stage.app.extensions["csrf"]

    assert isinstance(protection, CSRFProtect)
    assert stage.app.config["WTF_CSRF_ENABLED"]
    assert stage.app.config["WTF_CSRF_CHECK_DEFAULT"]
    assert not protection._exempt_views
    assert not protection._exempt_blueprints
    assert set(stage.app.config["WTF_CSRF_METHODS"]) >= {"POST", "PUT", "PATCH", "DELETE"}


@pytest.mark.parametrize("person", SENDERS)
def test_no_change_without_a_token_or_with_a_wrong_one(stage: Stage, person: str) -> None:
    client, before = bare(stage, person), contents()
    foreign = _token_of(stage, "other")

    for rule in stage.app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            url = stage.url(rule)
            answers = [
                client.open(url, method=method),
                client.open(url, method=method, data={"csrf_token": "wrong"}),
                client.open(url, method=method, data={"csrf_token": foreign}),
                client.open(url, method=method, headers={"X-CSRFToken": foreign}),
                client.open(url, method=method, json={"csrf_token": foreign}),
                client.open(f"{url}?csrf_token={foreign}", method=method),
            ]
            assert [a.status_code for a in answers] == [400] * 6, f"{method} {url} as {person}"

    assert contents() == before


def _token_of(stage: Stage, person: str) -> str:
    page = stage.browser(person).get("/").get_data(as_text=True)
    return page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


def test_token_of_another_sign_in_is_worth_nothing(stage: Stage) -> None:
    token = _token_of(stage, "anonymous")

    response = bare(stage, "trainee").post("/tampilan", data={"csrf_token": token, "theme": "dark"})

    assert response.status_code == 400


def test_token_of_this_browser_works(stage: Stage) -> None:
    client = bare(stage, "trainee")
    page = client.get("/").get_data(as_text=True)
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]

    assert client.post("/tampilan", data={"csrf_token": token, "theme": "dark"}).status_code == 303


def test_over_https_a_foreign_page_cannot_send_even_with_a_token(stage: Stage) -> None:
    stage.app.config["TRUSTED_HOSTS"] = ["localhost"]
    client = bare(stage, "anonymous")
    page = client.get("/", base_url="https://localhost").get_data(as_text=True)
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]

    for referer in ("https://evil.test/", "https://localhost.evil.test/", None):
        response = client.post(
            "/tampilan",
            base_url="https://localhost",
            data={"csrf_token": token, "theme": "dark"},
            headers={"Referer": referer} if referer else {},
        )
        assert response.status_code == 400, referer
