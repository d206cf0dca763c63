"""Whoever doubts a certificate tells the office without an account; its organisers settle it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.checking import doubts, limits
from certificates.codes import show_code
from certificates.models import Certificate, CertificateDoubt
from courses.cohorts.models import Cohort
from lms.core.accounts.models import Branch, Role
from lms.core.audit.models import AuditEvent
from tests.factories import make_branch, make_user

TEXT = "Namanya lain daripada di KTP."


def tell(client: FlaskClient, code: str, text: str = TEXT, **values: str) -> int:
    """Send a doubt as the form does and return the status."""
    return client.post("/periksa/ragu", data={"code": code, "text": text, **values}).status_code


def test_the_page_of_a_certificate_leads_to_the_form_with_its_code_filled_in(
    client: FlaskClient, certificate: Certificate
) -> None:
    address = f"/periksa/ragu?kode={certificate.code}"
    assert address in client.get(f"/v/{certificate.code}").get_data(as_text=True)
    assert f'value="{show_code(certificate.code)}"' in client.get(address).get_data(as_text=True)


def test_a_doubt_is_kept_for_the_office_and_the_writer_reads_thanks(
    session: Session, client: FlaskClient, certificate: Certificate
) -> None:
    code = certificate.code
    assert tell(client, show_code(code).lower(), contact="0812") == 303
    kept = session.scalars(select(CertificateDoubt)).one()
    assert (kept.certificate_id, kept.code, kept.text, kept.contact) == (certificate.id, code, TEXT, "0812")
    assert "Terima kasih" in client.get("/periksa").get_data(as_text=True)


def test_known_and_unknown_codes_get_the_same_answer(
    session: Session, client: FlaskClient, certificate: Certificate
) -> None:
    assert tell(client, certificate.code) == tell(client, "bukan kode") == 303
    assert [row.certificate_id for row in session.scalars(select(CertificateDoubt))] == [certificate.id, None]


def test_an_empty_or_endless_letter_is_asked_back(session: Session, client: FlaskClient) -> None:
    assert tell(client, "", "") == 422
    assert tell(client, "x", "x" * 1001) == 422
    assert session.scalars(select(CertificateDoubt)).all() == []


def test_letters_from_one_address_and_about_one_code_are_limited(
    session: Session, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, certificate: Certificate
) -> None:
    code = certificate.code
    monkeypatch.setattr(doubts, "MAX_OPEN", 3)
    assert [tell(client, code) for _ in range(4)] == [303, 303, 303, 409]
    assert [tell(client, "lain") for _ in range(limits.FREE_DOUBTS - 3)] == [303, 303]
    assert tell(client, "lain") == 429
    assert len(session.scalars(select(CertificateDoubt)).all()) == limits.FREE_DOUBTS


@pytest.fixture
def branch(session: Session, certificate: Certificate) -> Branch:
    """The office that issued Siti's certificate."""
    cohort = session.get_one(Cohort, certificate.cohort_id)
    return session.get_one(Branch, cohort.branch_id)


def test_its_organisers_read_and_settle_it_once(
    session: Session,
    client: FlaskClient,
    sign_in: Callable[[int], FlaskClient],
    certificate: Certificate,
    branch: Branch,
) -> None:
    tell(client, certificate.code)
    desk = sign_in(make_user(session, Role.ORGANISER, branch=branch).id)
    assert TEXT in desk.get("/sertifikat/keraguan").get_data(as_text=True)
    (doubt_id,) = session.scalars(select(CertificateDoubt.id))
    address = f"/sertifikat/keraguan/{doubt_id}"
    assert desk.post(address, data={"note": ""}).status_code == 422
    assert desk.post(address, data={"note": "Sudah dihubungi, benar."}).status_code == 303
    assert desk.post(address, data={"note": "Lagi."}).status_code == 409
    page = desk.get("/sertifikat/keraguan").get_data(as_text=True)
    assert "Sudah dihubungi, benar." in page
    assert session.scalars(select(AuditEvent).where(AuditEvent.action == "certificate_doubt.settled")).one()


def test_another_office_sees_nothing_of_it_and_only_admins_see_codes_of_nobody(
    session: Session, client: FlaskClient, sign_in: Callable[[int], FlaskClient], certificate: Certificate
) -> None:
    tell(client, certificate.code)
    tell(client, "palsu-sekali", "Kodenya tidak ada.")
    doubt_id = session.scalars(select(CertificateDoubt.id)).first()
    other = sign_in(make_user(session, Role.ORGANISER, branch=make_branch(session)).id)
    page = other.get("/sertifikat/keraguan").get_data(as_text=True)
    assert TEXT not in page
    assert "Kodenya tidak ada." not in page
    assert other.post(f"/sertifikat/keraguan/{doubt_id}", data={"note": "x"}).status_code == 404
    admin = sign_in(make_user(session, Role.ADMIN).id)
    page = admin.get("/sertifikat/keraguan").get_data(as_text=True)
    assert TEXT in page
    assert "Kodenya tidak ada." in page


def test_a_long_list_goes_on_at_a_key(
    session: Session,
    client: FlaskClient,
    sign_in: Callable[[int], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
    certificate: Certificate,
) -> None:
    from certificates.checking import manage

    monkeypatch.setattr(limits, "FREE_DOUBTS", 99)
    for module in (doubts, manage):
        monkeypatch.setattr(module, "PAGE_SIZE", 2)
    for number in range(3):
        tell(client, certificate.code, f"Ragu nomor {number}.")
    admin = sign_in(make_user(session, Role.ADMIN).id)
    first = admin.get("/sertifikat/keraguan").get_data(as_text=True)
    last = session.scalars(select(CertificateDoubt.id).order_by(CertificateDoubt.id)).all()[1]
    assert "Ragu nomor 2." in first
    assert "Ragu nomor 0." not in first
    assert "Ragu nomor 0." in admin.get(f"/sertifikat/keraguan?sebelum={last}").get_data(as_text=True)
