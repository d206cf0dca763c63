"""The QR of a paper: its signature is tested before the database is asked, and shows every fact."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from certificates import services
from certificates.checking import limits, views
from certificates.codes import new_code
from certificates.models import Certificate
from certificates.sealing import seal_certificate
from certificates.signing.ring import KeyRing
from lms.core.accounts.models import Role
from lms.core.db import db
from tests.certificates.checking.conftest import NAME
from tests.factories import NOW, complete, make_enrolment, make_user
from tests.security.test_certificate_codes import normal, statements


def test_a_scan_shows_the_full_name(client: FlaskClient, qr_path: str) -> None:
    body = client.get(qr_path).get_data(as_text=True)
    assert "<title>Asli dan berlaku" in body
    assert NAME in body
    assert "Tanda tangan di dalam QR milik kami" in body


def test_capitals_do_not_matter(client: FlaskClient, qr_path: str) -> None:
    assert NAME in client.get(qr_path.lower()).get_data(as_text=True)


def test_a_scan_opens_what_its_holder_hides(
    session: Session, client: FlaskClient, certificate: Certificate, qr_path: str
) -> None:
    services.set_hidden(session, certificate.user_id, certificate_id=certificate.id, is_hidden=True)
    session.commit()
    assert "verdict hidden" in client.get(f"/v/{certificate.code}").get_data(as_text=True)
    assert NAME in client.get(qr_path).get_data(as_text=True)


def test_a_forged_stamp_asks_the_database_nothing_and_looks_like_an_unknown_code(
    client: FlaskClient, certificate: Certificate, stamp: str
) -> None:
    client.get("/v/x")
    forged = stamp[:-2] + ("AA" if stamp[-2:] != "AA" else "BA")
    strange, address = new_code(), f"/V/{certificate.code}/{forged}"
    assert statements(lambda: client.get(address)) == []
    pages = {
        normal(client.get(path).get_data(as_text=True))
        for path in (address, f"/V/{strange}/{forged}", f"/v/{strange}", "/v/x")
    }
    assert len(pages) == 1
    assert "verdict unknown" in pages.pop()


@pytest.mark.parametrize("place", [*range(1, 120, 7), 119])
def test_a_stamp_with_one_other_character_opens_nothing(
    client: FlaskClient, certificate: Certificate, stamp: str, place: int
) -> None:
    other = stamp[:place] + ("B" if stamp[place] == "A" else "A") + stamp[place + 1 :]
    body = client.get(f"/V/{certificate.code}/{other}").get_data(as_text=True)
    assert "verdict unknown" in body
    assert NAME not in body


def test_the_stamp_of_another_certificate_opens_nothing(
    session: Session, client: FlaskClient, certificate: Certificate, stamp: str
) -> None:
    other = complete(session, make_enrolment(session, name="Budi"))
    assert "verdict unknown" in client.get(f"/V/{other.code}/{stamp}").get_data(as_text=True)


def test_a_stamp_by_a_key_that_is_not_here_cannot_be_checked_and_asks_nothing(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, certificate: Certificate, qr_path: str
) -> None:
    client.get("/v/x")
    monkeypatch.setattr(views, "current_ring", KeyRing)
    assert statements(lambda: client.get(qr_path)) == []
    body = client.get(qr_path).get_data(as_text=True)
    assert "<title>Belum bisa dicek" in body
    assert NAME not in body
    assert "verdict valid" in client.get(f"/v/{certificate.code}").get_data(as_text=True)


def test_a_stamp_of_ours_without_a_record_cannot_be_checked(
    session: Session, client: FlaskClient, certificate: Certificate, qr_path: str
) -> None:
    session.execute(text("DELETE FROM certificate_event WHERE certificate_id = :id"), {"id": certificate.id})
    session.execute(text("DELETE FROM certificate WHERE id = :id"), {"id": certificate.id})
    session.commit()
    assert "verdict unchecked" in client.get(qr_path).get_data(as_text=True)
    assert "verdict unknown" in client.get(f"/v/{certificate.code}").get_data(as_text=True)


def test_a_stamp_cut_on_its_way_is_like_the_code_alone(
    client: FlaskClient, certificate: Certificate, stamp: str
) -> None:
    body = client.get(f"/V/{certificate.code}/{stamp[:-1]}").get_data(as_text=True)
    assert "verdict valid" in body
    assert NAME not in body


def test_scans_are_never_slowed_down(client: FlaskClient, qr_path: str) -> None:
    """Neither by themselves nor by somebody who guesses behind the same address."""
    for _ in range(limits.FREE_CODES + 1):
        client.get(f"/v/{new_code()}")
    assert client.get(f"/v/{new_code()}").status_code == 429
    assert {client.get(qr_path).status_code for _ in range(50)} == {200}


def test_a_database_that_is_away_says_nothing_about_the_certificate(
    app: Flask, client: FlaskClient, qr_path: str
) -> None:
    def fail(*_args: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    event.listen(db.engine, "before_cursor_execute", fail)
    try:
        answer = client.get(qr_path)
    finally:
        event.remove(db.engine, "before_cursor_execute", fail)
    assert answer.status_code == 503
    assert "<title>Belum bisa dicek" in answer.get_data(as_text=True)
    assert answer.headers["Retry-After"]


@pytest.mark.parametrize("kind", ["application/vc", "application/ld+json", "application/json"])
def test_whoever_asks_for_the_credential_at_the_address_of_the_paper_gets_it(
    session: Session, client: FlaskClient, certificate: Certificate, qr_path: str, kind: str
) -> None:
    code = certificate.code
    seal_certificate(session, certificate.id, now=NOW)
    session.commit()
    answer = client.get(qr_path, headers={"Accept": kind})
    assert answer.content_type == kind
    assert answer.get_json(force=True)["credentialSubject"]
    assert answer.headers["Cache-Control"] == "no-store"
    alone = client.get(f"/v/{code}", headers={"Accept": kind})
    assert alone.mimetype == "text/html", "who has only the code may not see the full name"
    browser = client.get(qr_path, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert "kredensial" in browser.get_data(as_text=True).lower()


def test_a_replaced_one_leads_to_its_successor_from_the_paper_only(
    session: Session, client: FlaskClient, certificate: Certificate, qr_path: str
) -> None:
    code, certificate_id = certificate.code, certificate.id
    staff = make_user(session, Role.ADMIN)
    new = services.reissue(
        session, staff.id, certificate_id=certificate_id, name="Sita", organisation="", now=NOW
    )
    session.commit()
    successor = new.code
    assert f"/v/{successor}" in client.get(qr_path).get_data(as_text=True)
    assert successor not in client.get(f"/v/{code}").get_data(as_text=True)


def test_a_scan_asks_the_database_little(client: FlaskClient, qr_path: str) -> None:
    first = statements(lambda: client.get(qr_path))
    again = statements(lambda: client.get(qr_path))
    assert len([line for line in first if not line.startswith("BEGIN")]) <= 4, first
    assert len([line for line in again if not line.startswith("BEGIN")]) <= 3, again
    assert not [line for line in again if "INSERT" in line]
