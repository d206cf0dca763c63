"""Guessing codes: unknown and malformed look alike, cost the same, and are slowed down."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from certificates.checking import limits
from certificates.codes import new_code
from certificates.links import link_token
from lms.core.accounts.models import Throttle
from lms.core.db import db
from tests.factories import complete, make_enrolment

MALFORMED = ["x", "0" * 17, "0000-0000-0000-00000", "U" * 17, "é" * 9, "1" * 200, "a b", "<script>"]


def normal(body: str) -> str:
    """Return a page without its token, the address it was asked at and the code that was typed."""
    body = re.sub(r'name="csrf_token" value="[^"]*"', "", body)
    body = re.sub(r'placeholder="0000-0000-0000-00000" value="[^"]*"', "", body)
    return re.sub(r'name="next" value="[^"]*"', "", body)


def statements(work: Callable[[], object]) -> list[str]:
    """Return the statements ``work`` sends to the database, without their values."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    work()
    event.remove(db.engine, "before_cursor_execute", note)
    return seen


@pytest.mark.parametrize("malformed", MALFORMED)
def test_unknown_and_malformed_codes_have_the_same_page(client: FlaskClient, malformed: str) -> None:
    unknown, other = client.get(f"/v/{new_code()}"), client.get(f"/v/{malformed}")
    assert unknown.status_code == other.status_code == 200
    assert normal(unknown.get_data(as_text=True)) == normal(other.get_data(as_text=True))
    for name in ("Cache-Control", "X-Robots-Tag", "Content-Type"):
        assert unknown.headers[name] == other.headers[name]


def test_unknown_and_malformed_codes_take_the_same_work(client: FlaskClient) -> None:
    client.get("/v/x")
    unknown = statements(lambda: client.get(f"/v/{new_code()}"))
    assert statements(lambda: client.get("/v/malformed")) == unknown
    assert statements(lambda: client.get("/v/0")) == unknown


def test_after_many_wrong_codes_an_address_waits_and_others_do_not(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    certificate = complete(session, make_enrolment(session))
    for _ in range(limits.FREE_CODES):
        assert client.get(f"/v/{new_code()}").status_code == 200
    refused = client.get(f"/v/{new_code()}")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert client.get(f"/v/{certificate.code}").status_code == 429, "a hit would tell the guesser"
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get(f"/v/{certificate.code}", environ_base=elsewhere).status_code == 200
    token = link_token(app.config["CARD_KEY"], certificate.code)
    assert client.get(f"/v/{certificate.code}/{token}").status_code == 200, "a true link is no guess"


def test_good_codes_never_count(session: Session, client: FlaskClient) -> None:
    certificate = complete(session, make_enrolment(session))
    for _ in range(60):
        assert client.get(f"/v/{certificate.code}").status_code == 200
    assert session.scalars(select(Throttle)).all() == []


def test_a_number_opens_nothing(session: Session, client: FlaskClient) -> None:
    certificate = complete(session, make_enrolment(session))
    answer = client.get("/periksa", query_string={"kode": certificate.serial}, follow_redirects=True)
    assert "verdict" not in answer.get_data(as_text=True)
    assert "verdict unknown" in client.get(f"/v/{certificate.id}").get_data(as_text=True)


def test_the_throttle_holds_no_addresses(session: Session, client: FlaskClient) -> None:
    client.get("/v/x")
    rows = session.scalars(select(Throttle)).all()
    assert len(rows) == 2, "one for the address, one for all"
    assert not any("127.0.0.1" in row.key for row in rows)
