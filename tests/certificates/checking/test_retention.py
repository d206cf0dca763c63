"""What strangers leave behind is forgotten after a year; what still waits for the office is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.checking import retention
from certificates.checking.doubts import tell_doubt
from certificates.checking.retention import KEEP_CHECKS, KEEP_SETTLED, RETENTION, forget_old
from certificates.models import Certificate, CertificateCheck, CertificateDoubt
from lms.core.db import begin_write
from lms.core.jobs.models import Job
from tests.factories import NOW

DAY = timedelta(days=1)


def make_checks(session: Session, certificate: Certificate, *ages: timedelta) -> list[int]:
    """Add looks of some age, as they came one after the other, and return their ids."""
    begin_write(session)
    rows = [
        CertificateCheck(certificate_id=certificate.id, at=NOW - age, way="qr", verdict="valid")
        for age in ages
    ]
    session.add_all(rows)
    session.commit()
    return [row.id for row in rows]


def test_looks_are_forgotten_after_a_year(session: Session, certificate: Certificate) -> None:
    _old, *kept = make_checks(session, certificate, KEEP_CHECKS + DAY, KEEP_CHECKS - DAY, DAY)
    forget_old(session, {}, NOW)
    session.commit()
    assert session.scalars(select(CertificateCheck.id)).all() == kept
    assert session.scalars(select(Job.id).where(Job.kind == RETENTION.name)).all() == []


def test_many_looks_are_forgotten_some_at_a_time(
    session: Session, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    ids = make_checks(session, certificate, *[KEEP_CHECKS + DAY] * 3, DAY)
    forget_old(session, {}, NOW)
    session.commit()
    assert session.scalars(select(CertificateCheck.id)).all() == ids[2:]
    more = session.scalars(select(Job).where(Job.kind == RETENTION.name)).one()
    forget_old(session, more.payload, NOW)
    session.commit()
    assert session.scalars(select(CertificateCheck.id)).all() == ids[3:]
    assert len(session.scalars(select(Job).where(Job.kind == RETENTION.name)).all()) == 1


def test_settled_doubts_are_forgotten_after_a_year_and_open_ones_wait(
    session: Session, certificate: Certificate
) -> None:
    ages = {"old": KEEP_SETTLED + DAY, "new": KEEP_SETTLED - DAY, "open": None}
    for text, age in ages.items():
        at = NOW - 2 * KEEP_SETTLED
        doubt = tell_doubt(session, certificate.code, text=text, contact="0812", now=at)
        doubt.settled_at = None if age is None else NOW - age
    session.commit()
    forget_old(session, {}, NOW)
    session.commit()
    assert sorted(session.scalars(select(CertificateDoubt.text))) == ["new", "open"]


def test_it_is_done_once_a_day(session: Session) -> None:
    assert RETENTION.plan is not None
    planned = []
    for hours in (0, 1, 24):
        planned.append(RETENTION.plan(session, NOW + timedelta(hours=hours)))
        session.commit()
    assert planned == [1, 0, 1]
