"""Failures are counted by address and in total; of many tries at once no more than the limit are answered."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.checking import limits
from certificates.codes import new_code
from certificates.links import link_token
from certificates.models import Certificate
from lms.core.accounts.models import Throttle
from tests.factories import make_user

AT_ONCE = 12


@pytest.fixture
def guessed(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Strangers have guessed so often, from many addresses, that each address has few tries."""
    monkeypatch.setattr(limits, "FREE_IN_TOTAL", 3)
    for number in range(3):
        elsewhere = {"REMOTE_ADDR": f"198.51.100.{number}"}
        assert client.get(f"/v/{new_code()}", environ_base=elsewhere).status_code == 200


@pytest.mark.usefixtures("guessed")
def test_while_strangers_guess_everywhere_who_never_failed_is_answered(
    client: FlaskClient, certificate: Certificate
) -> None:
    for _ in range(limits.FREE_WHILE_GUESSED + 2):
        assert client.get(f"/v/{certificate.code}").status_code == 200


@pytest.mark.usefixtures("guessed")
def test_while_strangers_guess_everywhere_an_address_has_a_few_wrong_codes(
    client: FlaskClient, certificate: Certificate
) -> None:
    found = [client.get(f"/v/{new_code()}").status_code for _ in range(limits.FREE_WHILE_GUESSED + 1)]
    assert found == [200] * limits.FREE_WHILE_GUESSED + [429]
    assert client.get(f"/v/{certificate.code}").status_code == 429, "a hit would tell the guesser"
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get(f"/v/{certificate.code}", environ_base=elsewhere).status_code == 200


@pytest.mark.usefixtures("guessed")
def test_scans_links_and_people_who_are_signed_in_do_not_wait(
    app: Flask,
    session: Session,
    client: FlaskClient,
    sign_in: Callable[[int], FlaskClient],
    certificate: Certificate,
    qr_path: str,
) -> None:
    code = certificate.code
    for _ in range(limits.FREE_WHILE_GUESSED):
        client.get(f"/v/{new_code()}")
    assert client.get(f"/v/{code}").status_code == 429
    assert client.get(qr_path).status_code == 200
    assert client.get(f"/v/{code}/{link_token(app.config['CARD_KEY'], code)}").status_code == 200
    browser = sign_in(make_user(session).id)
    for _ in range(2):
        assert browser.get(f"/v/{new_code()}").status_code == 200
    assert browser.get(f"/v/{code}").status_code == 200


def at_once(app: Flask, path: Callable[[], str], **values: object) -> list[int]:
    """Return the answers to twelve requests that begin together, sorted."""
    start = Barrier(AT_ONCE, timeout=60)

    def ask(_number: int) -> int:
        start.wait()
        return app.test_client().open(path(), **values).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(ask, range(AT_ONCE)))


def failures(session: Session, what: str) -> int:
    """Return how many failures of an address are counted."""
    session.rollback()
    rows = session.scalars(select(Throttle).where(Throttle.key.startswith(f"{what}:")))
    return sum(row.failures for row in rows if row.key != limits.TOTAL.key)


@pytest.mark.parametrize("before", [0, 2, 3])
def test_of_twelve_wrong_codes_at_once_no_more_than_the_limit_are_answered(
    app: Flask, session: Session, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    monkeypatch.setattr(limits, "FREE_CODES", 3)
    for _ in range(before):
        client.get(f"/v/{new_code()}")
    found = at_once(app, lambda: f"/v/{new_code()}")
    assert found == [200] * (3 - before) + [429] * (AT_ONCE - 3 + before)
    assert failures(session, "certificate") == 3


@pytest.mark.usefixtures("guessed")
def test_while_strangers_guess_everywhere_right_codes_at_once_are_no_way_round_the_limit(
    app: Flask, session: Session, certificate: Certificate
) -> None:
    before = failures(session, "certificate")
    code = certificate.code
    found = at_once(app, lambda: f"/v/{code}")
    assert 200 in found
    assert set(found) <= {200, 429}
    assert failures(session, "certificate") == before, "given back"


def test_of_twelve_wrong_names_at_once_no_more_than_the_limit_are_answered(
    app: Flask, session: Session, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FREE_NAMES", 3)
    path = f"/v/{certificate.code}"
    found = at_once(app, lambda: path, method="POST", data={"name": "Nama Tebakan"})
    assert found == [422] * 3 + [429] * (AT_ONCE - 3)
    assert failures(session, "certificate-name") == 3


def test_of_twelve_letters_at_once_no_more_than_the_limit_are_taken_down(app: Flask) -> None:
    data = {"code": "lain", "text": "Nama tidak cocok dengan KTP."}
    found = at_once(app, lambda: "/periksa/ragu", method="POST", data=data)
    assert found == [303] * limits.FREE_DOUBTS + [429] * (AT_ONCE - limits.FREE_DOUBTS)
