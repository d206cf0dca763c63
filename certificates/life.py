"""Changes between issue and end: suspended, reinstated, revoked, handed out, run out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.happenings import STANDING, audit, lock_certificate, move, tell
from certificates.models import Certificate, CertificateEvent
from certificates.reasons import Reason, ReinstatementReason, SuspensionReason
from lms.core.db import begin_write

EXPIRED_AT_ONCE = 500
"""Certificates whose end is told in one transaction."""


def suspend(
    session: Session,
    actor_id: int,
    *,
    certificate_id: int,
    reason: SuspensionReason,
    note: str,
    now: datetime,
) -> Certificate:
    """Let a valid certificate not count until it is reinstated or revoked.

    Raises:
        NotFound: no such certificate.
        Conflict: it is not valid any more.
    """
    certificate = _move(session, certificate_id, "suspended", before=("valid",))
    _tell(session, certificate, "suspended", actor_id=actor_id, reason=reason, note=note, now=now)
    return certificate


def reinstate(
    session: Session,
    actor_id: int,
    *,
    certificate_id: int,
    reason: ReinstatementReason,
    note: str,
    now: datetime,
) -> Certificate:
    """Let a suspended certificate count again.

    Raises:
        NotFound: no such certificate.
        Conflict: it is not suspended any more.
    """
    certificate = _move(session, certificate_id, "valid", before=("suspended",))
    _tell(session, certificate, "reinstated", actor_id=actor_id, reason=reason, note=note, now=now)
    return certificate


def revoke(
    session: Session, actor_id: int, *, certificate_id: int, reason: Reason, note: str, now: datetime
) -> Certificate:
    """Take a certificate that stands, or is suspended, back for good.

    Raises:
        NotFound: no such certificate.
        Conflict: it no longer stands.
    """
    certificate = _move(session, certificate_id, "revoked", before=STANDING)
    _tell(session, certificate, "revoked", actor_id=actor_id, reason=reason, note=note, now=now)
    return certificate


def _move(session: Session, certificate_id: int, state: str, *, before: tuple[str, ...]) -> Certificate:
    begin_write(session)
    certificate = lock_certificate(session, certificate_id)
    move(session, certificate, state, before=before)
    return certificate


def _tell(
    session: Session,
    certificate: Certificate,
    kind: str,
    *,
    actor_id: int,
    reason: StrEnum,
    note: str,
    now: datetime,
) -> None:
    """Write the turn into the life story, and who did it into the audit log."""
    tell(session, certificate, kind, now=now, actor_id=actor_id, reason=reason.value, note=note)
    audit(session, f"certificate.{kind}", certificate, actor_id=actor_id, now=now, reason=reason.value)
    session.flush()


def note_delivery(
    session: Session, certificate_id: int, *, now: datetime, staff_id: int | None = None
) -> bool:
    """Tell that the paper was handed out, the first time, and return whether this was it.

    ``staff_id`` says which member of staff fetched it; None for the holder.
    """
    begin_write(session)
    certificate = lock_certificate(session, certificate_id)
    told = select(CertificateEvent.id).where(
        CertificateEvent.certificate_id == certificate_id, CertificateEvent.kind == "delivered"
    )
    if session.scalar(told.limit(1)) is not None:
        return False
    tell(session, certificate, "delivered", now=now, actor_id=staff_id)
    if staff_id is not None:
        audit(session, "certificate.delivered", certificate, actor_id=staff_id, now=now)
    session.flush()
    return True


def note_expired(session: Session, *, now: datetime) -> int:
    """Tell the end of certificates that have run out, once each, and return how many.

    Nobody waits for it: whether one has run out is read from its last day.
    """
    begin_write(session)
    told = select(CertificateEvent.id).where(
        CertificateEvent.certificate_id == Certificate.id, CertificateEvent.kind == "expired"
    )
    query = (
        select(Certificate)
        .where(Certificate.expires_at <= now, Certificate.state.in_(STANDING), ~told.exists())
        .order_by(Certificate.expires_at, Certificate.id)
        .limit(EXPIRED_AT_ONCE)
    )
    rows = session.scalars(query).all()
    for row in rows:
        assert row.expires_at is not None
        tell(session, row, "expired", now=row.expires_at)
    session.flush()
    return len(rows)
