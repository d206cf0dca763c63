"""The paper of a certificate is made after its issue."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates import jobs, services
from certificates.models import Certificate, CertificateEvent
from certificates.signing.folder import key_folder
from lms.core.db import begin_write
from lms.core.files import read_file
from lms.core.jobs.models import Job
from tests import factories
from tests.conftest import NOW


def test_issue_promises_the_paper_for_later_a_sample_none(session: Session) -> None:
    real = factories.complete(session, factories.make_enrolment(session))
    sample = factories.make_cohort(session, is_demo=True)
    factories.complete(session, factories.make_enrolment(session, cohort=sample))

    promised = session.scalars(select(Job)).one()

    assert promised.payload == {"certificate_id": real.id}
    assert promised.due_at == NOW + services.PAPER_AFTER


def test_the_job_keeps_the_paper_and_twice_does_no_harm(app: Flask, session: Session) -> None:
    certificate_id = factories.complete(session, factories.make_enrolment(session)).id
    for minutes in (10, 20):
        jobs.make_paper(session, {"certificate_id": certificate_id}, NOW + timedelta(minutes=minutes))
        session.commit()

    digest = session.get_one(Certificate, certificate_id).pdf_sha256
    events = session.scalars(select(CertificateEvent.kind).order_by(CertificateEvent.id)).all()
    assert read_file(app.config["INSTANCE"], digest or "").startswith(b"%PDF")
    assert events == ["issued", "signed"]


def test_a_certificate_that_does_not_stand_gets_no_paper(session: Session) -> None:
    jobs.make_paper(session, {"certificate_id": 10**9}, NOW)
    certificate = factories.complete(session, factories.make_enrolment(session))
    begin_write(session)
    session.get_one(Certificate, certificate.id).state = "revoked"
    session.commit()

    jobs.make_paper(session, {"certificate_id": certificate.id}, NOW)

    assert session.get_one(Certificate, certificate.id).pdf_sha256 is None


def test_without_keys_papers_wait_and_come_once_they_are_back(
    app: Flask, session: Session, instance: Path
) -> None:
    ids = [factories.complete(session, factories.make_enrolment(session)).id for _ in range(2)]
    key = key_folder(instance) / "signer-1.key"
    away = key.rename(instance / "away")
    for certificate_id in ids:
        jobs.make_paper(session, {"certificate_id": certificate_id}, NOW)
    session.commit()
    looks = select(Job).where(Job.kind == "certificate_waiting")
    first = session.scalars(looks).one()
    jobs.make_waiting(session, {}, first.due_at)
    session.commit()
    assert len(session.scalars(looks).all()) == 2, "nothing is back yet: once more in an hour"
    away.rename(key)
    later = NOW + timedelta(hours=5)
    jobs.make_waiting(session, {}, later)
    session.commit()

    promised = session.scalars(select(Job).where(Job.created_at == later)).all()
    assert [(job.kind, job.payload["certificate_id"]) for job in promised] == [
        ("certificate_paper", certificate_id) for certificate_id in ids
    ]
    assert [row.pdf_sha256 for row in session.scalars(select(Certificate))] == [None, None]


def test_a_suspended_certificate_gets_its_paper_too(app: Flask, session: Session) -> None:
    certificate = factories.complete(session, factories.make_enrolment(session))
    begin_write(session)
    session.get_one(Certificate, certificate.id).state = "suspended"
    session.commit()

    jobs.make_paper(session, {"certificate_id": certificate.id}, NOW)
    session.commit()

    assert session.get_one(Certificate, certificate.id).pdf_sha256 is not None
