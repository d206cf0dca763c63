"""Between issue and end: suspended and reinstated, handed out once, run out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates import life, services
from certificates.expiry import plan_expiry, tell_expired
from certificates.models import Certificate, CertificateEvent
from certificates.reasons import Reason, ReinstatementReason, SuspensionReason
from certificates.record import read_record
from courses.catalogue.models import Edition
from lms.core.accounts.models import Role, User
from lms.core.audit.models import AuditEvent
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound
from lms.core.jobs.models import Job
from tests.factories import NOW, complete, make_cohort, make_enrolment, make_user


@pytest.fixture
def certificate(session: Session) -> Certificate:
    return complete(session, make_enrolment(session))


@pytest.fixture
def staff(session: Session) -> User:
    return make_user(session, Role.ADMIN)


def suspend(session: Session, staff: User, certificate: Certificate) -> None:
    life.suspend(
        session,
        staff.id,
        certificate_id=certificate.id,
        reason=SuspensionReason.DOUBT,
        note="A letter came.",
        now=NOW,
    )
    session.commit()


def reinstate(session: Session, staff: User, certificate: Certificate) -> None:
    life.reinstate(
        session,
        staff.id,
        certificate_id=certificate.id,
        reason=ReinstatementReason.CLEARED,
        note="",
        now=NOW + timedelta(days=1),
    )
    session.commit()


def test_suspended_and_reinstated_with_actor_time_reason_and_audit(
    session: Session, certificate: Certificate, staff: User
) -> None:
    suspend(session, staff, certificate)
    assert session.get_one(Certificate, certificate.id).state == "suspended"
    reinstate(session, staff, certificate)
    session.expire_all()

    assert certificate.state == "valid"
    told = [(event.kind, event.actor_id, event.reason, event.at) for event in certificate.events[1:]]
    assert told == [
        ("suspended", staff.id, "doubt", NOW),
        ("reinstated", staff.id, "cleared", NOW + timedelta(days=1)),
    ]
    audited = session.scalars(select(AuditEvent).where(AuditEvent.object_id == certificate.id)).all()
    assert [event.action for event in audited] == ["certificate.suspended", "certificate.reinstated"]
    assert "letter" not in str([event.details for event in audited])


def test_what_is_not_in_the_state_for_it_is_refused(
    session: Session, certificate: Certificate, staff: User
) -> None:
    with pytest.raises(Conflict):
        reinstate(session, staff, certificate)
    session.rollback()
    suspend(session, staff, certificate)
    with pytest.raises(Conflict):
        suspend(session, staff, certificate)
    session.rollback()
    values = {"certificate_id": certificate.id, "note": "", "now": NOW}
    with pytest.raises(Conflict):
        services.reissue(
            session, staff.id, certificate_id=certificate.id, name="Lain", organisation="", now=NOW
        )
    session.rollback()
    life.revoke(session, staff.id, reason=Reason.OTHER, **values)  # type: ignore[arg-type]
    session.commit()
    with pytest.raises(Conflict):
        reinstate(session, staff, certificate)
    session.rollback()
    with pytest.raises(NotFound):
        life.suspend(session, staff.id, reason=SuspensionReason.OTHER, **values | {"certificate_id": 10**9})  # type: ignore[arg-type]
    session.rollback()


def test_a_suspended_certificate_is_still_the_one_of_its_enrolment(
    session: Session, certificate: Certificate, staff: User
) -> None:
    suspend(session, staff, certificate)
    again = services.issue(session, certificate.enrolment_id, evidence={}, now=NOW)
    session.commit()
    assert again.id == certificate.id
    assert services.issue_missing(session, staff.id, cohort_id=certificate.cohort_id, now=NOW) == 0


def test_the_first_time_it_is_handed_out_is_told(
    session: Session, certificate: Certificate, staff: User
) -> None:
    assert life.note_delivery(session, certificate.id, now=NOW, staff_id=staff.id)
    session.commit()
    assert not life.note_delivery(session, certificate.id, now=NOW)
    session.commit()
    events = session.scalars(select(CertificateEvent).where(CertificateEvent.kind == "delivered")).all()
    assert [event.actor_id for event in events] == [staff.id]
    assert session.scalar(select(AuditEvent).where(AuditEvent.action == "certificate.delivered"))


def run_out(session: Session, months: int = 24) -> Certificate:
    """Issue a certificate of an edition whose certificates last so long."""
    cohort = make_cohort(session)
    begin_write(session)
    session.execute(update(Edition).where(Edition.id == cohort.edition_id).values(valid_months=months))
    session.commit()
    session.expire_all()
    return complete(session, make_enrolment(session, cohort=cohort))


def test_the_last_day_stands_in_the_record_and_the_moment_in_the_row(session: Session) -> None:
    certificate = run_out(session)
    record = read_record(certificate.record)
    assert record.expires_on == "2028-11-22"
    assert certificate.expires_at == record.expires_at
    assert str(certificate.expires_at) == "2028-11-22 17:00:00+00:00", "midnight in Madiun"


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [("2024-01-31", 1, "2024-02-28"), ("2024-02-29", 12, "2025-02-27"), ("2026-12-01", 1, "2026-12-31")],
)
def test_months_end_where_the_calendar_has_them_end(
    session: Session, day: str, months: int, last: str
) -> None:
    cohort = make_cohort(session)
    begin_write(session)
    session.execute(update(Edition).where(Edition.id == cohort.edition_id).values(valid_months=months))
    session.commit()
    session.expire_all()
    moment = NOW.replace(year=int(day[:4]), month=int(day[5:7]), day=int(day[8:]))
    made = services.issue(session, make_enrolment(session, cohort=cohort).id, evidence={}, now=moment)
    assert read_record(made.record).expires_on == last
    session.commit()


def test_running_out_is_told_once_by_the_job_of_the_day(session: Session, certificate: Certificate) -> None:
    ending = run_out(session)
    assert ending.expires_at is not None
    later = ending.expires_at + timedelta(hours=1)
    assert plan_expiry(session, later) == 1
    session.commit()
    assert plan_expiry(session, later) == 0
    job = session.scalars(select(Job).where(Job.kind == "certificate_expiry")).one()
    for _ in range(2):
        tell_expired(session, job.payload, later)
        session.commit()
    session.expire_all()
    assert [(event.kind, event.at) for event in ending.events[1:]] == [("expired", ending.expires_at)]
    assert len(certificate.events) == 1, "the other one lasts"
    assert ending.state == "valid", "that it ran out is read from its last day"


def test_many_that_ran_out_are_told_some_at_a_time(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(life, "EXPIRED_AT_ONCE", 1)
    first, second = run_out(session), run_out(session)
    later = NOW + timedelta(days=1000)
    tell_expired(session, {}, later)
    session.commit()
    more = session.scalars(select(Job).where(Job.kind == "certificate_expiry")).one()
    tell_expired(session, more.payload, later)
    session.commit()
    session.expire_all()
    assert [len(row.events) for row in (first, second)] == [2, 2]
