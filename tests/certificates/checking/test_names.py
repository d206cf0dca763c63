"""Whoever has only the code types the name, and reads whether it is right; guesses are few."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates import services
from certificates.checking import limits
from certificates.codes import new_code
from certificates.models import Certificate
from lms.core.accounts.models import Throttle
from tests.certificates.checking.conftest import NAME
from tests.security.test_certificate_codes import normal


def test_the_right_name_is_confirmed_and_shown(client: FlaskClient, certificate: Certificate) -> None:
    answer = client.post(f"/v/{certificate.code}", data={"name": "siti aminah s.sos"})
    body = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert NAME in body
    assert "sama dengan nama pada sertifikat ini" in body
    assert 'name="name"' not in body


def test_a_wrong_name_is_told_beside_its_field_and_shows_nothing(
    client: FlaskClient, certificate: Certificate
) -> None:
    answer = client.post(f"/v/{certificate.code}", data={"name": "Siti Aminah"})
    body = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "<title>Galat: Asli dan berlaku" in body
    assert 'id="name-error"' in body
    assert NAME not in body


def test_a_name_is_taken_over_https_from_a_browser_that_sends_the_bare_origin(
    app: Flask, client: FlaskClient, certificate: Certificate
) -> None:
    """Without any Referer Flask-WTF refuses every form over HTTPS; these pages hide their address."""
    path, origin = f"/v/{certificate.code}", "https://localhost"
    assert client.get(path, base_url=origin).headers["Referrer-Policy"] == "no-referrer, strict-origin"
    browser = {"base_url": origin, "headers": {"Referer": f"{origin}/"}}
    assert NAME in client.post(path, data={"name": NAME}, **browser).get_data(as_text=True)


def test_an_empty_name_is_asked_for_and_counts_nothing(
    session: Session, client: FlaskClient, certificate: Certificate
) -> None:
    assert client.post(f"/v/{certificate.code}", data={"name": " "}).status_code == 422
    assert session.scalars(select(Throttle)).all() == []


def test_a_name_opens_nothing_that_is_hidden(
    session: Session, client: FlaskClient, certificate: Certificate
) -> None:
    services.set_hidden(session, certificate.user_id, certificate_id=certificate.id, is_hidden=True)
    session.commit()
    body = client.post(f"/v/{certificate.code}", data={"name": NAME}).get_data(as_text=True)
    assert "verdict hidden" in body
    assert NAME not in body


def test_a_name_for_a_code_nobody_has_is_answered_like_the_code(client: FlaskClient) -> None:
    code = new_code()
    asked = client.post(f"/v/{code}", data={"name": NAME})
    assert normal(asked.get_data(as_text=True)) == normal(client.get(f"/v/{code}").get_data(as_text=True))


def test_guesses_from_one_address_and_for_one_certificate_are_slowed_down(
    session: Session, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, certificate: Certificate
) -> None:
    path = f"/v/{certificate.code}"
    monkeypatch.setattr(limits, "FREE_NAMES", 2)
    monkeypatch.setattr(limits, "FREE_NAMES_OF_ONE", 3)

    def guess(name: str, address: str) -> int:
        return client.post(path, data={"name": name}, environ_base={"REMOTE_ADDR": address}).status_code

    assert [guess("Sita", "192.0.2.1") for _ in range(3)] == [422, 422, 429]
    assert guess(NAME, "192.0.2.1") == 429, "a hit would tell the guesser"
    assert guess("Sita", "192.0.2.2") == 422
    assert guess("Sita", "192.0.2.3") == 429, "this certificate was guessed at too often"
    assert client.get(path).status_code == 200
