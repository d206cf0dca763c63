"""Every address × every person × own, foreign, 0, missing and huge ids, against access.yaml (check 2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from sqlalchemy import update
from werkzeug.routing import Rule
from werkzeug.routing.converters import NumberConverter
from werkzeug.test import TestResponse

from lms.core.accounts.models import User, UserSession
from lms.core.db import Base, begin_write, db
from tests.security.conftest import Stage
from tests.security.observe import contents, plain_body, verdict
from tests.security.world import PEOPLE

TABLE = yaml.safe_load((Path(__file__).parent / "access.yaml").read_text(encoding="utf-8"))

NOWHERE = {"int": (0, 999_999_999, 2**31, 2**63, 10**30), "text": ("0", "tidak-ada", "9" * 90)}
"""Values of a parameter that no thing has: too large for a column, too."""


def body(rule: Rule, stage: Stage, person: str) -> dict[str, str]:
    """Return what must be in a form so that the view gets as far as the thing itself."""
    if rule.endpoint == "accounts.end_session":
        return {"session": hashlib.sha256(stage.world.tokens.get(person, "").encode()).hexdigest()}
    if rule.endpoint == "certificates.start_batch":
        return {"kind": "print"}
    if rule.endpoint == "attempts.save":
        return {"q1-event": "matrix", "q1-seq": "5", "q1-choice": "1"}
    return {}


def ask(stage: Stage, person: str, rule: Rule, method: str, side: str, **changed: object) -> TestResponse:
    """Send the request."""
    url = stage.url(rule, side, **changed)
    data = body(rule, stage, person) if method == "POST" else None
    return stage.browser(person).open(url, method=method, data=data)


def expected(person: str, route: str, side: str) -> str:
    """Return the word access.yaml has for this."""
    word = str(TABLE["kinds"][TABLE["routes"][route]][person])
    if word in {"sign_in", "401"}:
        return word
    return "ok" if word in {"all", side} else "404"


def rules_of(stage: Stage, route: str) -> Iterator[Rule]:
    """Yield the rules behind a line of the table."""
    method, endpoint = route.split()
    yield from (rule for rule in stage.rules(method) if rule.endpoint == endpoint)


def test_table_lists_exactly_what_the_application_answers_to(stage: Stage) -> None:
    found = {
        f"{method} {rule.endpoint}"
        for rule in stage.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert not found - set(TABLE["routes"]), "addresses without a rule: add them to access.yaml"
    assert not set(TABLE["routes"]) - found, "rules without an address"
    assert {route.split(maxsplit=1)[0] for route in TABLE["routes"]} <= {"GET", "POST"}
    assert all(set(kind) == set(PEOPLE) for kind in TABLE["kinds"].values())


@pytest.mark.parametrize("route", TABLE["routes"])
def test_everybody_gets_what_the_table_says(stage: Stage, route: str) -> None:
    method = route.split(maxsplit=1)[0]
    before = contents()
    allowed = []
    for rule in rules_of(stage, route):
        for person in PEOPLE:
            for side in "ab" if rule.arguments else "a":
                if expected(person, route, side) == "ok":
                    allowed.append((rule, person, side))
                    continue
                got = verdict(ask(stage, person, rule, method, side))
                assert got == expected(person, route, side), f"{person} at {side}: {got}"
                if got == "sign_in":  # signing out is what such a request may do
                    stage.reset()
    assert contents() == before, "a refused request changed something"

    for rule, person, side in allowed:
        assert verdict(ask(stage, person, rule, method, side)) == "ok", f"{person} at {side}"
        if method == "POST":
            stage.reset()


@pytest.mark.parametrize("route", TABLE["routes"])
def test_what_is_foreign_and_what_is_not_there_look_alike(stage: Stage, route: str) -> None:
    before = contents()
    for rule in rules_of(stage, route):
        for person in PEOPLE:
            for name in sorted(rule.arguments):
                if f"{rule.endpoint}:{name}" in TABLE["unknown_is_answered"]:
                    continue
                _compare(stage, route, rule, person, name)
    assert contents() == before


def _compare(stage: Stage, route: str, rule: Rule, person: str, name: str) -> None:
    method = route.split(maxsplit=1)[0]
    foreign = ask(stage, person, rule, method, "b") if expected(person, route, "b") == "404" else None
    kind = "int" if isinstance(rule._converters[name], NumberConverter) else "text"
    entitled = expected(person, route, "a") == "ok"
    for value in NOWHERE[kind] if entitled else NOWHERE[kind][1:2]:
        response = ask(stage, person, rule, method, "a", **{name: value})
        word = "404" if len(str(value)) > 9 and kind == "int" else expected(person, route, "a")
        assert verdict(response) == (word if word in {"sign_in", "401"} else "404"), (
            f"{person}, {name}={value}"
        )
        if foreign is not None:
            assert plain_body(response) == plain_body(foreign), f"{person}, {name}={value}"


STAFF_ONLY = {
    route: person
    for route, kind in TABLE["routes"].items()
    for person in ("admin", "organiser", "trainer")
    if TABLE["kinds"][kind][person] in {"a", "all"} and TABLE["kinds"][kind]["other"] == "none"
}


@pytest.mark.parametrize("route", STAFF_ONLY)
def test_staff_without_second_factor_get_nowhere(stage: Stage, route: str) -> None:
    method, person = route.split(maxsplit=1)[0], STAFF_ONLY[route]
    for rule in rules_of(stage, route):
        _set(UserSession, second_factor_at=None)
        assert verdict(ask(stage, person, rule, method, "a")) == "403"
        _set(User, totp_secret=None, totp_enrolled_at=None)
        assert verdict(ask(stage, person, rule, method, "a")) == ("code" if method == "GET" else "403")
        stage.reset()


def _set(model: type[Base], **values: object) -> None:
    session = db.session()
    begin_write(session)
    session.execute(update(model).values(**values))
    session.commit()
