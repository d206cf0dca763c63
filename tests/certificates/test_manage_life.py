"""The organiser suspends, reinstates and revokes, and sees first what strangers will read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.models import Certificate, CertificateEvent
from certificates.wording import reason_text
from lms.core.accounts.models import Role
from tests.factories import complete, make_cohort, make_enrolment, make_user

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def certificate(session: Session) -> Certificate:
    return complete(session, make_enrolment(session, cohort=make_cohort(session), name="Siti Aminah"))


@pytest.fixture
def client(session: Session, sign_in: SignIn, certificate: Certificate) -> FlaskClient:
    return sign_in(make_user(session, Role.ADMIN).id)


def state_of(session: Session, certificate: Certificate) -> str:
    session.rollback()
    return session.get_one(Certificate, certificate.id, populate_existing=True).state


@pytest.mark.parametrize(
    ("turn", "reason", "state"), [("cabut", "cheating", "revoked"), ("tangguhkan", "doubt", "suspended")]
)
def test_first_a_reason_then_a_look_ahead_then_it_happens(
    session: Session, client: FlaskClient, certificate: Certificate, turn: str, reason: str, state: str
) -> None:
    path = f"/sertifikat/{certificate.id}/{turn}"
    assert client.get(path).status_code == 200
    for data in ({}, {"reason": "nonsense"}, {"reason": reason, "note": "x" * 501}, {"confirm": "1"}):
        assert client.post(path, data=data).status_code == 422
    data = {"reason": reason, "note": "Surat nomor 5"}
    preview = client.post(path, data=data).get_data(as_text=True)
    assert f'class="verdict {state}"' in preview
    assert reason_text(reason) in preview
    assert state_of(session, certificate) == "valid", "looking ahead changes nothing"

    answer = client.post(path, data=data | {"confirm": "1"})

    assert (answer.status_code, answer.location) == (303, f"/sertifikat/{certificate.id}/riwayat")
    assert state_of(session, certificate) == state
    strangers = client.get(f"/v/{certificate.code}").get_data(as_text=True)
    assert f"verdict {state}" in strangers
    assert reason_text(reason) in strangers
    assert "Surat nomor 5" not in strangers
    assert client.get(path).status_code == 409
    assert client.get(f"/angkatan/{certificate.cohort_id}/sertifikat").status_code == 200


def test_a_suspended_one_counts_again_or_is_revoked(
    session: Session, client: FlaskClient, certificate: Certificate
) -> None:
    path = f"/sertifikat/{certificate.id}"
    assert client.get(f"{path}/pulihkan").status_code == 409, "it is not suspended"
    for _ in range(2):
        client.post(f"{path}/tangguhkan", data={"reason": "other", "confirm": "1"})
        assert state_of(session, certificate) == "suspended"
        assert client.post(f"{path}/berkas").status_code == 409, "no file is made of it now"
        preview = client.post(f"{path}/pulihkan", data={"reason": "cleared"}).get_data(as_text=True)
        assert 'class="verdict valid"' in preview
        client.post(f"{path}/pulihkan", data={"reason": "cleared", "confirm": "1"})
        assert state_of(session, certificate) == "valid"
    client.post(f"{path}/tangguhkan", data={"reason": "other", "confirm": "1"})
    client.post(f"{path}/cabut", data={"reason": "wrong_facts", "confirm": "1"})
    assert state_of(session, certificate) == "revoked"
    kinds = session.scalars(select(CertificateEvent.kind).order_by(CertificateEvent.id)).all()
    assert kinds == ["issued", *["suspended", "reinstated"] * 2, "suspended", "revoked"]
    story = client.get(f"{path}/riwayat")
    assert story.status_code == 200
    assert "Yang dapat dilakukan" not in story.get_data(as_text=True)
