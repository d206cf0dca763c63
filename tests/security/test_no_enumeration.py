"""Nobody learns who or what is here by trying (check 20)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from lms.core.accounts import passwords
from lms.core.db import db
from tests.security.conftest import Stage
from tests.security.observe import plain_body


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every hash that is compared: the costly part of signing in."""
    calls: list[str] = []
    original = passwords.PasswordHasher.verify

    def verify(self: passwords.PasswordHasher, *args: object, **kwargs: object) -> bool:
        calls.append("verify")
        return bool(original(self, *args, **kwargs))  # type: ignore[arg-type]

    monkeypatch.setattr(passwords.PasswordHasher, "verify", verify)
    return calls


@pytest.fixture
def statements(stage: Stage) -> Iterator[list[str]]:
    """The statements sent to the database, without their values."""
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def same(stage: Stage, path: str, first: dict[str, str], second: dict[str, str]) -> tuple[int, int]:
    """Assert that two tries get the same answer, apart from what was typed; return their status."""
    bodies, codes = [], []
    for values in (first, second):
        response = stage.browser("anonymous", fresh=True).post(path, data=values)
        body = plain_body(response)
        for value in values.values():
            body = body.replace(value, "TYPED")
        bodies.append(body)
        codes.append(response.status_code)
    assert bodies[0] == bodies[1]
    assert codes[0] == codes[1]
    return codes[0], codes[1]


def test_unknown_login_and_wrong_password_look_and_cost_the_same(stage: Stage, hashed: list[str]) -> None:
    known = stage.world.logins["trainee"]

    same(
        stage,
        "/masuk",
        {"login": known, "password": "bukan sandi saya"},
        {"login": "tidak@ada.test", "password": "bukan sandi saya"},
    )

    assert hashed == ["verify", "verify"]


def test_account_without_password_costs_the_same(stage: Stage, hashed: list[str]) -> None:
    same(
        stage,
        "/masuk",
        {"login": stage.world.logins["other"], "password": "bukan sandi saya"},
        {"login": "tidak@ada.test", "password": "bukan sandi saya"},
    )

    assert hashed == ["verify", "verify"]


def test_unknown_card_and_wrong_pin_look_the_same(stage: Stage) -> None:
    number = stage.world.logins["card"]

    status, _ = same(
        stage, "/masuk/kartu", {"number": number, "pin": "000000"}, {"number": "99999999", "pin": "000000"}
    )

    assert status == 422


def test_unknown_and_malformed_codes_look_and_cost_the_same(stage: Stage, statements: list[str]) -> None:
    pages, costs = [], []
    for code in ("0000000000000000G", "ZZZZZZZZZZZZZZZZZ", "tidak-ada", "9" * 60):
        statements.clear()
        pages.append(plain_body(stage.browser("anonymous", fresh=True).get(f"/v/{code}")).replace(code, ""))
        costs.append(sorted(statements))

    assert len(set(pages)) == 1
    assert all(len(cost) == len(costs[0]) for cost in costs)


def test_tokens_of_cards_and_resets_tell_nothing(stage: Stage) -> None:
    good = stage.world.objects["token"]["a"]
    pages = set()
    for token in (good[:-1] + ("b" if good[-1] in "aA" else "a"), "x", "x" * 100, good + "x"):
        response = stage.browser("anonymous", fresh=True).get(f"/k/{token}")
        assert response.status_code == 404
        pages.add(plain_body(response))
    assert len(pages) == 1


def test_a_reset_link_that_is_not_one_looks_like_one_that_is_over(stage: Stage) -> None:
    client = stage.browser("anonymous", fresh=True)
    client.get(f"/sandi/{'x' * 43}")

    assert client.get("/sandi").status_code == 404
