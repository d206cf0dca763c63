"""Limits of sign-in hold over all processes, and a hall behind one address gets in (check 19)."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask

from courses.cohorts.card_codes import card_pin, card_token
from lms.core.accounts.passwords import hash_password
from lms.core.clock import utc_now
from lms.core.db import db
from tests import conftest, factories
from tests.servers import Answer, Server, make_pass, running, send_once

PASSWORD = "kuda laut biru 47"
PEOPLE = 50
TYPOS = 3


@dataclass(frozen=True)
class Hall:
    """A server of four processes, and people in front of it."""

    app: Flask
    server: Server
    accounts: list[str]
    """Logins, all with PASSWORD."""
    cards: list[tuple[str, str, str]]
    """Number, PIN and address."""

    def post(self, path: str, form: dict[str, str]) -> Answer:
        """Send a form from a new browser."""
        return send_once(self.server.port, make_pass(self.app), "POST", path, form=form)


@pytest.fixture(scope="module")
def hall(template_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """One server for all: starting four processes is what takes long here."""
    with conftest.installed(template_instance, tmp_path_factory.mktemp("hall")) as app:
        with conftest.furnishing(app):
            accounts, cards = _make_accounts(), _make_cards(app)
        config = app.config
        with running(config["INSTANCE"], config["DATABASE_URL"], workers=4, threads=2) as server:
            yield Hall(app, server, accounts, cards)


def _make_accounts() -> list[str]:
    session, hashed = db.session(), hash_password(PASSWORD)
    logins = [f"orang{n}@contoh.test" for n in range(PEOPLE + 2)]
    for login in logins:
        factories.make_user(session, login=login, password_hash=hashed)
    return logins


def _make_cards(app: Flask) -> list[tuple[str, str, str]]:
    session, today = db.session(), utc_now().date()
    cohort = factories.make_cohort(
        session, starts_on=today - timedelta(days=1), ends_on=today + timedelta(days=1)
    )
    key, found = app.config["CARD_KEY"], []
    for _ in range(PEOPLE + 1):
        card = factories.make_enrolment(session, cohort=cohort).card
        assert card is not None
        pin, token = card_pin(key, card.id, card.generation), card_token(key, card.id, card.generation)
        found.append((card.number, pin, f"/k/{quote(token)}"))
    return found


def at_once(work: Callable[[int], Answer], count: int, *, threads: int = 10) -> list[Answer]:
    """Do ``work`` for every number below ``count``, ten at a time."""
    answers: list[Answer | None] = [None] * count
    numbers = iter(range(count))
    lock = threading.Lock()

    def take() -> None:
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            answers[number] = work(number)

    crew = [threading.Thread(target=take) for _ in range(threads)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join(120)
    assert all(answer is not None for answer in answers)
    return [answer for answer in answers if answer is not None]


def test_one_account_is_guarded_in_total_not_by_process(hall: Hall) -> None:
    wrong = {"login": hall.accounts[PEOPLE], "password": "bukan sandi saya"}

    answers = at_once(lambda n: hall.post("/masuk", wrong), 30)

    counts = Counter(answer.status for answer in answers)
    assert set(counts) <= {422, 429}, counts
    assert counts[422] <= 10, f"{counts[422]} guesses were checked: the limit counts by process"
    waits = [answer.headers["Retry-After"] for answer in answers if answer.status == 429]
    assert waits
    assert all(int(wait) >= 1 for wait in waits)


def test_owner_gets_in_from_the_usual_device_while_a_stranger_guesses(hall: Hall) -> None:
    right = {"login": hall.accounts[PEOPLE + 1], "password": PASSWORD}
    device = make_pass(hall.app)
    first = send_once(hall.server.port, device, "POST", "/masuk", form=right)
    assert first.status == 303
    remembered = [cookie for cookie in first.cookies if not cookie.startswith("session=")]
    assert remembered, "the device is not remembered"

    at_once(lambda n: hall.post("/masuk", right | {"password": f"tebakan {n} saja"}), 30)
    stranger = hall.post("/masuk", right)
    cookies = "; ".join([device.cookie, *remembered])
    again = send_once(hall.server.port, device, "POST", "/masuk", form=right, Cookie=cookies)

    assert stranger.status == 429
    assert again.status == 303


def test_one_card_is_guarded_in_total(hall: Hall) -> None:
    number = hall.cards[PEOPLE][0]

    answers = at_once(lambda n: hall.post("/masuk/kartu", {"number": number, "pin": f"{n:06d}"}), 30)

    counts = Counter(answer.status for answer in answers)
    assert set(counts) <= {422, 429}, counts
    assert counts[422] <= 10


def test_fifty_people_with_cards_behind_one_address_get_in(hall: Hall) -> None:
    """Half of them scan; half of them type, and mistype three times each."""

    def arrive(n: int) -> Answer:
        number, pin, address = hall.cards[n]
        if n % 2:
            assert send_once(hall.server.port, None, "GET", address).status == 200
            return hall.post(address, {})
        for typo in range(TYPOS):
            wrong = str((int(pin) + typo + 1) % 1_000_000).zfill(6)
            assert hall.post("/masuk/kartu", {"number": number, "pin": wrong}).status == 422
        return hall.post("/masuk/kartu", {"number": number, "pin": pin})

    answers = at_once(arrive, PEOPLE)

    assert Counter(answer.status for answer in answers) == {303: PEOPLE}
    assert {answer.headers["Location"] for answer in answers} == {"/"}


def test_fifty_people_with_passwords_behind_one_address_get_in(hall: Hall) -> None:
    def arrive(n: int) -> Answer:
        for typo in range(TYPOS if n % 5 == 0 else 0):
            wrong = {"login": hall.accounts[n], "password": f"{PASSWORD}{typo}"}
            assert hall.post("/masuk", wrong).status == 422
        return hall.post("/masuk", {"login": hall.accounts[n], "password": PASSWORD})

    answers = at_once(arrive, PEOPLE)

    assert Counter(answer.status for answer in answers) == {303: PEOPLE}
