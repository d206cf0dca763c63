"""A certificate's life: issued once with the completion, replaced, revoked, hidden."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from certificates import life, services
from certificates.checking.verdict import is_intact
from certificates.models import Certificate, CertificateEvent
from certificates.papers import Sealed
from certificates.queries import find_by_code
from certificates.reasons import Reason
from certificates.record import canonical, digest, iso, read_record
from courses.catalogue.models import Edition
from courses.learning.models import Completion, Progress
from courses.learning.services import record_result
from lms.core.accounts.models import Role
from lms.core.audit.models import AuditEvent
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound
from tests import factories
from tests.factories import NOW, complete, make_branch, make_cohort, make_enrolment, make_user


def count(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(Certificate)).one()


def test_the_completion_issues_the_certificate_with_the_facts_of_that_moment(session: Session) -> None:
    branch = make_branch(
        session, code="MDN", name="Kantor Cabang Contoh", city="Madiun", signatory_mandate="SK Nomor 12"
    )
    enrolment = make_enrolment(
        session,
        cohort=make_cohort(session, branch=branch, mode="online"),
        name="siti",
        certificate_name="Siti Aminah, S.Sos.",
    )
    certificate = complete(session, enrolment)
    record = read_record(certificate.record)
    assert record.holder.name == "Siti Aminah, S.Sos."
    assert record.serial == certificate.serial
    assert certificate.serial[:-1] == "00001/PK/MDN/XI/2026-"
    assert record.code == certificate.code
    assert record.programme.hours == 16
    assert record.office.signatory_name == "Pejabat Contoh"
    assert record.office.signatory_mandate == "SK Nomor 12"
    assert (record.run.mode, record.expires_on) == ("online", "")
    assert record.completed_at == "2026-11-23T03:00:00Z"
    assert certificate.user_id == enrolment.user_id
    evidence = session.get_one(Completion, enrolment.id).evidence
    assert record.evidence_sha256 == digest(canonical(evidence))
    assert is_intact(certificate)
    assert [event.kind for event in certificate.events] == ["issued"]


def test_later_changes_below_do_not_touch_the_record(session: Session) -> None:
    enrolment = make_enrolment(session)
    certificate = complete(session, enrolment)
    before = certificate.record
    begin_write(session)
    session.get_one(type(enrolment), enrolment.id).name = "Somebody else"
    session.commit()
    assert session.get_one(Certificate, certificate.id, populate_existing=True).record == before


def test_issuing_again_returns_the_standing_one(session: Session) -> None:
    enrolment = make_enrolment(session)
    first = complete(session, enrolment)
    again = services.issue(session, enrolment.id, evidence={}, now=NOW + timedelta(days=1))
    session.commit()
    assert again.id == first.id
    assert count(session) == 1


def test_completion_and_certificate_stand_or_fall_together(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_args: object, **_values: object) -> None:
        raise RuntimeError("the certificate cannot be made")

    enrolment = make_enrolment(session)
    monkeypatch.setattr("certificates.services.freeze", explode)
    with pytest.raises(RuntimeError):
        complete(session, enrolment)
    session.rollback()
    assert session.get(Completion, enrolment.id) is None
    assert count(session) == 0


def test_numbers_count_per_branch_and_year_without_gaps(session: Session) -> None:
    one, two = make_branch(session, code="A"), make_branch(session, code="B")
    cohorts = [
        make_cohort(session, branch=one),
        make_cohort(session, branch=one),
        make_cohort(session, branch=two),
    ]
    serials = [complete(session, make_enrolment(session, cohort=cohort)).serial for cohort in cohorts]
    bare = [serial.rpartition("-")[0] for serial in serials]
    assert bare == ["00001/PK/A/XI/2026", "00002/PK/A/XI/2026", "00001/PK/B/XI/2026"]
    later = services.issue(session, make_enrolment(session, cohort=cohorts[0]).id, evidence={}, now=NOW)
    session.rollback()
    kept = services.issue(session, make_enrolment(session, cohort=cohorts[0]).id, evidence={}, now=NOW)
    assert kept.serial == later.serial
    assert kept.serial.startswith("00003/PK/A/XI/2026-")
    session.commit()
    next_year = services.issue(
        session, make_enrolment(session, cohort=cohorts[0]).id, evidence={}, now=NOW + timedelta(days=60)
    )
    assert next_year.serial.startswith("00001/PK/A/I/2027-")


def test_the_number_has_the_month_of_the_place(session: Session) -> None:
    cohort = make_cohort(session, time_zone="Asia/Jayapura")
    moment = NOW.replace(month=12, day=31, hour=16)
    certificate = services.issue(session, make_enrolment(session, cohort=cohort).id, evidence={}, now=moment)
    assert certificate.serial[:-2].endswith("/I/2027")


def test_a_demo_cohort_has_its_own_kind_of_number(session: Session) -> None:
    enrolment = make_enrolment(session, cohort=make_cohort(session, is_demo=True))
    certificate = complete(session, enrolment)
    assert "/DEMO/" in certificate.serial
    assert read_record(certificate.record).is_demo


def test_the_transcript_has_the_best_percent_and_the_result_that_of_the_last_quiz(session: Session) -> None:
    cohort = make_cohort(session)
    quiz = factories.make_quiz_step(session, cohort)
    begin_write(session)
    rule = [{"kind": "quiz_passed", "quiz": quiz.path}]
    session.execute(update(Edition).where(Edition.id == cohort.edition_id).values(requirements=rule))
    session.commit()
    enrolment = make_enrolment(session, cohort=cohort)
    values = {"percent": Decimal("86.6666667"), "is_done": True, "attempts_used": 1}
    record_result(session, enrolment.id, quiz.id, now=NOW, **values)  # type: ignore[arg-type]
    session.commit()
    record = read_record(session.scalars(select(Certificate)).one().record)
    assert record.result.percent == "86.7"
    assert record.modules[0].percent == "86.7"
    assert session.get_one(Progress, (enrolment.id, quiz.id)).percent == Decimal("86.6666667")


def test_a_corrected_name_gives_a_new_certificate_and_the_old_one_is_replaced(session: Session) -> None:
    staff = make_user(session, Role.ORGANISER)
    enrolment = make_enrolment(session, name="Siti Amina", correction_request="Aminah dengan h")
    old = complete(session, enrolment)
    later = NOW + timedelta(days=2)
    new = services.reissue(
        session, staff.id, certificate_id=old.id, name="Siti Aminah", organisation="Desa Baru", now=later
    )
    session.commit()
    session.expire_all()
    assert (old.state, old.replaced_by_id, new.state) == ("replaced", new.id, "valid")
    before, after = read_record(old.record), read_record(new.record)
    assert (before.holder.name, after.holder.name) == ("Siti Amina", "Siti Aminah")
    assert after.replaces == old.serial
    assert after.completed_at == before.completed_at
    assert after.evidence_sha256 == before.evidence_sha256
    assert new.code != old.code
    assert [event.kind for event in old.events] == ["issued", "replaced"]
    assert [event.kind for event in new.events] == ["issued", "corrected"]
    assert (enrolment.certificate_name, enrolment.correction_request) == ("Siti Aminah", None)
    audit = session.scalars(select(AuditEvent).where(AuditEvent.action == "certificate.reissued")).one()
    assert audit.actor_id == staff.id


def test_a_correction_of_nothing_or_of_a_fallen_one_is_refused(session: Session) -> None:
    staff = make_user(session, Role.ORGANISER)
    enrolment = make_enrolment(session, name="Siti")
    certificate = complete(session, enrolment)
    with pytest.raises(Conflict):
        services.reissue(
            session, staff.id, certificate_id=certificate.id, name="Siti", organisation="Desa Contoh", now=NOW
        )
    session.rollback()
    life.revoke(session, staff.id, certificate_id=certificate.id, reason=Reason.WRONG_FACTS, note="", now=NOW)
    session.commit()
    with pytest.raises(Conflict):
        services.reissue(
            session, staff.id, certificate_id=certificate.id, name="Sita", organisation="", now=NOW
        )
    session.rollback()
    assert count(session) == 1


def test_revoking_is_told_with_reason_and_happens_once(session: Session) -> None:
    staff = make_user(session, Role.ORGANISER)
    enrolment = make_enrolment(session)
    certificate = complete(session, enrolment)
    values = {"certificate_id": certificate.id, "reason": Reason.CHEATING, "note": "two phones", "now": NOW}
    life.revoke(session, staff.id, **values)  # type: ignore[arg-type]
    session.commit()
    with pytest.raises(Conflict):
        life.revoke(session, staff.id, **values)  # type: ignore[arg-type]
    session.rollback()
    event = session.scalars(select(CertificateEvent).where(CertificateEvent.kind == "revoked")).one()
    assert (event.reason, event.note, event.actor_id) == ("cheating", "two phones", staff.id)
    audit = session.scalars(select(AuditEvent).where(AuditEvent.action == "certificate.revoked")).one()
    assert audit.branch_id == enrolment.cohort.branch_id
    assert "two phones" not in str(audit.details)


def test_only_the_holder_hides_a_certificate(session: Session) -> None:
    enrolment = make_enrolment(session)
    certificate = complete(session, enrolment)
    stranger = make_user(session)
    with pytest.raises(NotFound):
        services.set_hidden(session, stranger.id, certificate_id=certificate.id, is_hidden=True)
    session.rollback()
    services.set_hidden(session, enrolment.user_id, certificate_id=certificate.id, is_hidden=True)
    session.commit()
    assert find_by_code(session, certificate.code).is_hidden  # type: ignore[union-attr]


def test_repair_issues_what_completed_people_lack_and_nothing_else(session: Session) -> None:
    staff = make_user(session, Role.ADMIN)
    cohort = make_cohort(session)
    make_enrolment(session, cohort=cohort)
    overdue = make_enrolment(session, cohort=cohort)
    complete(session, make_enrolment(session, cohort=cohort))
    factories.add(session, Completion(enrolment_id=overdue.id, completed_at=NOW, evidence={"steps": []}))
    assert services.issue_missing(session, staff.id, cohort_id=cohort.id, now=NOW + timedelta(days=3)) == 1
    session.commit()
    assert services.issue_missing(session, staff.id, cohort_id=cohort.id, now=NOW) == 0
    repaired = session.scalars(select(Certificate).where(Certificate.enrolment_id == overdue.id)).one()
    assert repaired.issued_at == NOW + timedelta(days=3)
    assert read_record(repaired.record).completed_at == iso(NOW)


def test_the_first_paper_kept_stays(session: Session) -> None:
    certificate = complete(session, make_enrolment(session))
    for digit in "12":
        sealed = Sealed(digit * 64, "0" * 64, "STAMP", "{}", int(digit), "ab")
        services.keep_pdf(session, certificate.id, sealed=sealed, now=NOW)
        session.commit()
    session.expire_all()
    assert certificate.pdf_sha256 == "1" * 64
    assert certificate.renderer is not None
    assert certificate.renderer.startswith("paper ")
    assert [event.kind for event in certificate.events] == ["issued", "signed"]
