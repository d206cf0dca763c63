"""Certificates issued, replaced, signed, hidden; their other turns are in `certificates.life`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from certificates.freezing import correct, freeze, list_changes, renew
from certificates.happenings import STANDING, audit, lock_certificate, move, tell
from certificates.models import Certificate
from certificates.paper import renderer_name
from certificates.papers import Sealed
from certificates.queries import find_standing
from certificates.record import Record, digest, read_record, write_record
from certificates.serials import take_serial
from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Completion
from courses.learning.queries import get_outline
from lms.core.db import begin_write, changed_rows
from lms.core.errors import Conflict, NotFound
from lms.core.jobs.services import enqueue

PAPER_AFTER = timedelta(minutes=10)
"""Until the PDF is made: while a hall hands in, the machine has other things to do."""


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
    tell(session, certificate, "issued", now=now)
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
        audit(session, "certificate.repaired", certificate, actor_id=actor_id, now=now)
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
    old = lock_certificate(session, certificate_id)
    enrolment = _lock_enrolment(session, old.enrolment_id)
    before = read_record(old.record)
    if (name, organisation) == (before.holder.name, before.holder.organisation):
        raise Conflict(_l("The correction changes nothing."))
    move(session, old, "replaced", before=("valid",))
    serial = _take_serial(session, enrolment, now=now)
    branch = enrolment.cohort.branch
    facts = correct(before, name=name, organisation=organisation, branch=branch, serial=serial, now=now)
    enrolment.certificate_name, enrolment.organisation = name, organisation
    enrolment.correction_request = None
    return _succeed(session, actor_id, old=old, enrolment=enrolment, facts=facts, now=now)


def renew_one(session: Session, actor_id: int, *, certificate_id: int, now: datetime) -> Certificate:
    """Replace a standing certificate by one with what is written down of office and cohort today.

    Raises:
        NotFound: no such certificate.
        Conflict: it no longer stands, or says all that already.
    """
    begin_write(session)
    old = lock_certificate(session, certificate_id)
    enrolment = _lock_enrolment(session, old.enrolment_id)
    before = read_record(old.record)
    if not list_changes(before, enrolment.cohort):
        raise Conflict(_l("The correction changes nothing."))
    move(session, old, "replaced", before=("valid",))
    serial = _take_serial(session, enrolment, now=now)
    facts = renew(before, enrolment.cohort, serial=serial, now=now)
    return _succeed(session, actor_id, old=old, enrolment=enrolment, facts=facts, now=now)


def _succeed(
    session: Session, actor_id: int, *, old: Certificate, enrolment: Enrolment, facts: Record, now: datetime
) -> Certificate:
    new = _add(session, enrolment, facts, now=now)
    old.replaced_by_id = new.id
    new.is_hidden = old.is_hidden
    tell(session, old, "replaced", now=now, actor_id=actor_id)
    tell(session, new, "issued", now=now, actor_id=actor_id)
    tell(session, new, "corrected", now=now, actor_id=actor_id, note=old.serial)
    audit(session, "certificate.reissued", new, actor_id=actor_id, now=now, replaces=old.serial)
    session.flush()
    return new


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
    if changed_rows(session.execute(query)) == 0:
        raise NotFound


def renew_link(session: Session, user_id: int, *, certificate_id: int) -> None:
    """Let the link of one's certificate that was shared until now show no more than the code alone.

    Raises:
        NotFound: it is not this person's.
    """
    begin_write(session)
    query = (
        update(Certificate)
        .where(Certificate.id == certificate_id, Certificate.user_id == user_id)
        .values(link_generation=Certificate.link_generation + 1)
    )
    if changed_rows(session.execute(query)) == 0:
        raise NotFound


def keep_pdf(
    session: Session, certificate_id: int, *, sealed: Sealed, now: datetime, staff_id: int | None = None
) -> None:
    """Note which signed file is the certificate's paper, and what went into it; the first one stays.

    Nothing is noted of one that was replaced or revoked while it was signed.

    ``staff_id`` says which member of staff had it made; None for the holder and the machine.
    """
    begin_write(session)
    query = (
        update(Certificate)
        .where(Certificate.id == certificate_id, Certificate.pdf_sha256.is_(None))
        .where(Certificate.state.in_(STANDING))
        .values(asdict(sealed) | {"renderer": renderer_name()})
    )
    if changed_rows(session.execute(query)):
        certificate = session.get_one(Certificate, certificate_id)
        tell(session, certificate, "signed", now=now, actor_id=staff_id)
        if staff_id is not None:
            audit(session, "certificate.kept", certificate, actor_id=staff_id, now=now)


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
        expires_at=facts.expires_at,
    )
    session.add(certificate)
    session.flush()
    if not facts.is_demo:
        _promise_paper(session, certificate.id, now=now)
    return certificate


def _promise_paper(session: Session, certificate_id: int, *, now: datetime) -> None:
    """Let the PDF be made when the hall is quiet again; a sample's is made when somebody asks for it."""
    enqueue(
        session,
        "certificate_paper",
        key=f"certificate_paper:{certificate_id}",
        payload={"certificate_id": certificate_id},
        due_at=now + PAPER_AFTER,
        now=now,
    )


def _take_serial(session: Session, enrolment: Enrolment, *, now: datetime) -> str:
    cohort = enrolment.cohort
    return take_serial(session, cohort.branch, zone=cohort.time_zone, is_demo=cohort.is_demo, now=now)
