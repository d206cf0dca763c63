"""That somebody looked is noted: when, by what way, what they read; never who."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from certificates import services
from certificates.checking import notes
from certificates.checking.arrivals import Way
from certificates.checking.notes import note_check
from certificates.checking.verdict import Verdict
from certificates.codes import new_code
from certificates.links import link_token
from certificates.models import Certificate, CertificateCheck
from tests.factories import NOW


def noted(session: Session) -> list[tuple[str, str]]:
    """Return ways and verdicts of all notes."""
    rows = session.scalars(select(CertificateCheck).order_by(CertificateCheck.id))
    return [(row.way, row.verdict) for row in rows]


def test_each_way_is_noted_with_what_was_read(
    app: Flask, session: Session, client: FlaskClient, certificate: Certificate, qr_path: str
) -> None:
    code, user_id, certificate_id = certificate.code, certificate.user_id, certificate.id
    client.get(f"/v/{code}")
    client.get(qr_path)
    client.get(f"/v/{code}/{link_token(app.config['CARD_KEY'], code)}")
    services.set_hidden(session, user_id, certificate_id=certificate_id, is_hidden=True)
    session.commit()
    client.get(f"/v/{code}")
    assert noted(session) == [("code", "valid"), ("qr", "valid"), ("link", "valid"), ("code", "hidden")]


def test_nothing_is_noted_of_unknown_codes_forgeries_and_the_holder(
    session: Session,
    client: FlaskClient,
    sign_in: Callable[[int], FlaskClient],
    certificate: Certificate,
    qr_path: str,
) -> None:
    code = certificate.code
    sign_in(certificate.user_id).get(f"/v/{code}")
    client.get(f"/v/{new_code()}")
    client.get(qr_path[:-2] + ("AA" if qr_path[-2:] != "AA" else "BA"))
    client.head(f"/v/{code}")
    assert noted(session) == []


def test_the_same_look_is_noted_once_in_a_while(session: Session, certificate: Certificate) -> None:
    certificate_id = certificate.id
    for minutes in (0, 1, 9, 11, 12):
        now = NOW + timedelta(minutes=minutes)
        note_check(session, certificate_id, way=Way.QR, verdict=Verdict.VALID, now=now)
    note_check(session, certificate_id, way=Way.CODE, verdict=Verdict.VALID, now=NOW)
    assert noted(session) == [("qr", "valid"), ("qr", "valid"), ("code", "valid")]


def test_where_nothing_can_be_noted_the_answer_comes_anyway(
    session: Session, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, certificate: Certificate
) -> None:
    def full() -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(notes, "own_transaction", full)
    assert "verdict valid" in client.get(f"/v/{certificate.code}").get_data(as_text=True)
    assert noted(session) == []


def test_the_table_has_no_place_for_who_it_was() -> None:
    columns = {column.key for column in inspect(CertificateCheck).columns}
    assert columns == {"id", "certificate_id", "at", "way", "verdict"}
