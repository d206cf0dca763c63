"""Changes in a certificate's life: issued, replaced, revoked, hidden."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session, joinedload

from certificates.freezing import correct, freeze
from certificates.models import Certificate, CertificateEvent
from certificates.paper import renderer_name
from certificates.queries import find_standing
from certificates.record import Record, digest, read_record, write_record
from certificates.serials import take_serial
from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Completion
from courses.learning.queries import get_outline
from lms.core.audit.services import record as record_audit
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound


class Reason(StrEnum):
    """Why a certificate is taken back."""

    WRONG_PERSON = "wrong_person"
    WRONG_FACTS = "wrong_facts"
    CHEATING = "cheating"
    REQUEST = "request"
    OTHER = "other"


def issue(
    session: Session,
    enrolment_id: int,
    *,
    evidence: Mapping[str, Any],
    now: datetime,
    completed_at: datetime | None = None,
) -> Certificate:
    """Issue the certificate of a completed enrolment in the caller's transaction, or return the standing one.

    Args:
        completed_at: when all requirements were met, if earlier than ``now``.

    Raises:
        NotFound: no such enrolment.
    """
    begin_write(session)
    enrolment = _lock_enrolment(session, enrolment_id)
    standing = find_standing(session, enrolment_id)
    if standing is not None:
        return standing
    outline = get_outline(session, enrolment, now=now)
    serial = _take_serial(session, enrolment, now=now)
    facts = freeze(
        enrolment, outline, serial=serial, completed_at=completed_at or now, evidence=evidence, now=now
    )
    certificate = _add(session, enrolment, facts, now=now)
    _tell(session, certificate, "issued", now=now)
    session.flush()
    return certificate


def issue_missing(session: Session, actor_id: int, *, cohort_id: int, now: datetime) -> int:
    """Issue what completed enrolments of a cohort lack, and return how many: a repair, normally none."""
    begin_write(session)
    query = (
        select(Completion)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .outerjoin(Certificate, Certificate.enrolment_id == Enrolment.id)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status == "active", Certificate.id.is_(None))
        .order_by(Completion.completed_at, Completion.enrolment_id)
    )
    completions = session.scalars(query).all()
    for completion in completions:
        certificate = issue(
            session,
            completion.enrolment_id,
            completed_at=completion.completed_at,
            evidence=completion.evidence,
            now=now,
        )
        _audit(session, "certificate.repaired", certificate, actor_id=actor_id, now=now)
    return len(completions)


def reissue(
    session: Session, actor_id: int, *, certificate_id: int, name: str, organisation: str, now: datetime
) -> Certificate:
    """Replace a standing certificate by one with a corrected name or organisation; results stay as they were.

    The old one says *replaced* from now on; the enrolment keeps the corrected name.

    Raises:
        NotFound: no such certificate.
        Conflict: it no longer stands, or the correction changes nothing.
    """
    begin_write(session)
    old = _lock_certificate(session, certificate_id)
    enrolment = _lock_enrolment(session, old.enrolment_id)
    before = read_record(old.record)
    if (name, organisation) == (before.holder.name, before.holder.organisation):
        raise Conflict(_l("The correction changes nothing."))
    _leave_standing(session, old, "replaced")
    serial = _take_serial(session, enrolment, now=now)
    branch = enrolment.cohort.branch
    facts = correct(before, name=name, organisation=organisation, branch=branch, serial=serial, now=now)
    new = _add(session, enrolment, facts, now=now)
    old.replaced_by_id = new.id
    new.is_hidden = old.is_hidden
    _tell(session, old, "replaced", now=now, actor_id=actor_id)
    _tell(session, new, "issued", now=now, actor_id=actor_id)
    _tell(session, new, "corrected", now=now, actor_id=actor_id, note=old.serial)
    enrolment.certificate_name, enrolment.organisation = name, organisation
    enrolment.correction_request = None
    _audit(session, "certificate.reissued", new, actor_id=actor_id, now=now, replaces=old.serial)
    session.flush()
    return new


def revoke(
    session: Session, actor_id: int, *, certificate_id: int, reason: Reason, note: str, now: datetime
) -> Certificate:
    """Take a standing certificate back for good.

    Raises:
        NotFound: no such certificate.
        Conflict: it no longer stands.
    """
    begin_write(session)
    certificate = _lock_certificate(session, certificate_id)
    _leave_standing(session, certificate, "revoked")
    _tell(session, certificate, "revoked", now=now, actor_id=actor_id, reason=reason.value, note=note)
    _audit(session, "certificate.revoked", certificate, actor_id=actor_id, now=now, reason=reason.value)
    session.flush()
    return certificate


def set_hidden(session: Session, user_id: int, *, certificate_id: int, is_hidden: bool) -> None:
    """Hide the public page of one's certificate from strangers, or show it again.

    Raises:
        NotFound: it is not this person's.
    """
    begin_write(session)
    query = (
        update(Certificate)
        .where(Certificate.id == certificate_id, Certificate.user_id == user_id)
        .values(is_hidden=is_hidden)
    )
    if _row_count(session, query) == 0:
        raise NotFound


def keep_pdf(
    session: Session, certificate_id: int, *, pdf_sha256: str, now: datetime, staff_id: int | None = None
) -> None:
    """Note which file is the certificate's paper and that it was handed out; the first one stays.

    ``staff_id`` says which member of staff had it made; None for the holder and the machine.
    """
    begin_write(session)
    query = (
        update(Certificate)
        .where(Certificate.id == certificate_id, Certificate.pdf_sha256.is_(None))
        .values(pdf_sha256=pdf_sha256, renderer=renderer_name())
    )
    if _row_count(session, query):
        session.add(
            CertificateEvent(certificate_id=certificate_id, kind="delivered", at=now, actor_id=staff_id)
        )
        if staff_id is not None:
            certificate = session.get_one(Certificate, certificate_id)
            _audit(session, "certificate.kept", certificate, actor_id=staff_id, now=now)


def _lock_enrolment(session: Session, enrolment_id: int) -> Enrolment:
    query = (
        select(Enrolment)
        .where(Enrolment.id == enrolment_id)
        .options(
            joinedload(Enrolment.cohort, innerjoin=True).options(
                joinedload(Cohort.edition, innerjoin=True), joinedload(Cohort.branch, innerjoin=True)
            )
        )
        .with_for_update(of=Enrolment)
    )
    enrolment = session.scalar(query)
    if enrolment is None:
        raise NotFound
    return enrolment


def _lock_certificate(session: Session, certificate_id: int) -> Certificate:
    certificate = session.get(Certificate, certificate_id, with_for_update=True)
    if certificate is None:
        raise NotFound
    return certificate


def _leave_standing(session: Session, certificate: Certificate, state: str) -> None:
    query = (
        update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.state == "valid")
        .values(state=state)
        .execution_options(synchronize_session="fetch")
    )
    if _row_count(session, query) == 0:
        raise Conflict(_l("This certificate no longer stands: it was replaced or revoked meanwhile."))


def _row_count(session: Session, query: Any) -> int:
    result = session.execute(query)
    assert isinstance(result, CursorResult)
    return result.rowcount


def _add(session: Session, enrolment: Enrolment, facts: Record, *, now: datetime) -> Certificate:
    text = write_record(facts)
    certificate = Certificate(
        enrolment_id=enrolment.id,
        user_id=enrolment.user_id,
        cohort_id=enrolment.cohort_id,
        code=facts.code,
        serial=facts.serial,
        record=text,
        record_sha256=digest(text),
        issued_at=now,
    )
    session.add(certificate)
    session.flush()
    return certificate


def _take_serial(session: Session, enrolment: Enrolment, *, now: datetime) -> str:
    cohort = enrolment.cohort
    return take_serial(session, cohort.branch, zone=cohort.time_zone, is_demo=cohort.is_demo, now=now)


def _tell(session: Session, certificate: Certificate, kind: str, *, now: datetime, **values: Any) -> None:
    session.add(CertificateEvent(certificate_id=certificate.id, kind=kind, at=now, **values))


def _audit(
    session: Session, action: str, certificate: Certificate, *, actor_id: int, now: datetime, **details: Any
) -> None:
    branch_id = session.scalar(select(Cohort.branch_id).where(Cohort.id == certificate.cohort_id))
    record_audit(
        session,
        action,
        at=now,
        actor_id=actor_id,
        object_type="certificate",
        object_id=certificate.id,
        branch_id=branch_id,
        serial=certificate.serial,
        **details,
    )
