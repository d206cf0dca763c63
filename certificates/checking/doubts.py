"""Somebody doubts a certificate: kept for the issuing office, settled by its organisers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from certificates.codes import bare_code, read_code
from certificates.models import Certificate, CertificateDoubt
from courses.cohorts.models import Cohort
from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound

PAGE_SIZE = 50
MAX_OPEN = 20
"""Open doubts about one code; whoever comes then is told that the office knows."""
CODE_LENGTH = 60


@dataclass(frozen=True)
class DoubtRow:
    """A doubt, and the certificate and cohort it is about; both None when no certificate has that code."""

    doubt: CertificateDoubt
    certificate: Certificate | None
    cohort: Cohort | None


def tell_doubt(session: Session, typed: str, *, text: str, contact: str, now: datetime) -> CertificateDoubt:
    """Keep what somebody holds against the certificate with this code, whether there is one or not.

    Raises:
        Conflict: many have told the office the same; it need not be told again.
    """
    begin_write(session)
    code = read_code(typed) or bare_code(typed)[:CODE_LENGTH]
    count = select(func.count()).where(CertificateDoubt.code == code, CertificateDoubt.settled_at.is_(None))
    if (session.scalar(count) or 0) >= MAX_OPEN:
        raise Conflict(_l("The office has several notes about this certificate already and looks into it."))
    certificate_id = session.scalar(select(Certificate.id).where(Certificate.code == code))
    doubt = CertificateDoubt(certificate_id=certificate_id, code=code, text=text, contact=contact, at=now)
    session.add(doubt)
    session.flush()
    return doubt


def settle_doubt(session: Session, actor: Actor, *, doubt_id: int, note: str, now: datetime) -> None:
    """Note what came of a doubt, once.

    Raises:
        NotFound: there is none at the actor's branches.
        Conflict: somebody has settled it.
    """
    begin_write(session)
    row = get_doubt(session, actor, doubt_id=doubt_id)
    settling = (
        update(CertificateDoubt)
        .where(CertificateDoubt.id == doubt_id, CertificateDoubt.settled_at.is_(None))
        .values(settled_at=now, settled_by_id=actor.user_id, note=note)
        .returning(CertificateDoubt.id)
    )
    if session.scalar(settling) is None:
        raise Conflict(_l("Somebody has settled this already."))
    record(
        session,
        "certificate_doubt.settled",
        at=now,
        actor_id=actor.user_id,
        object_type="certificate_doubt",
        object_id=doubt_id,
        branch_id=row.cohort.branch_id if row.cohort else None,
        note=note,
    )


def get_doubt(session: Session, actor: Actor, *, doubt_id: int) -> DoubtRow:
    """Return a doubt of the actor's branches.

    Raises:
        NotFound: there is none, or it is another branch's.
    """
    row = session.execute(_visible(actor).where(CertificateDoubt.id == doubt_id)).one_or_none()
    if row is None:
        raise NotFound
    return DoubtRow(row[0], row[1], row[2])


def list_doubts(session: Session, actor: Actor, *, before: int | None = None) -> Sequence[DoubtRow]:
    """Return one page and one more of the doubts of the actor's branches, open ones first, then the newest.

    Args:
        before: the id of the last one of the page before; only open ones have more than one page.
    """
    query = _visible(actor).where(CertificateDoubt.settled_at.is_(None))
    if before is not None:
        query = query.where(CertificateDoubt.id < before)
    rows = session.execute(query.order_by(CertificateDoubt.id.desc()).limit(PAGE_SIZE + 1))
    return [DoubtRow(row[0], row[1], row[2]) for row in rows]


def list_settled(session: Session, actor: Actor) -> Sequence[DoubtRow]:
    """Return the doubts that were settled last at the actor's branches."""
    query = _visible(actor).where(CertificateDoubt.settled_at.is_not(None))
    rows = session.execute(query.order_by(CertificateDoubt.settled_at.desc()).limit(PAGE_SIZE))
    return [DoubtRow(row[0], row[1], row[2]) for row in rows]


def count_open_doubts(session: Session, actor: Actor) -> int:
    """Return how many doubts wait at the actor's branches."""
    open_ones = _visible(actor).where(CertificateDoubt.settled_at.is_(None)).order_by(None)
    return session.scalar(open_ones.with_only_columns(func.count())) or 0


def _visible(actor: Actor) -> Select[CertificateDoubt, Certificate, Cohort]:
    """Return the doubts of an organiser's branches; admins see those about no certificate, too."""
    query = (
        select(CertificateDoubt, Certificate, Cohort)
        .outerjoin(Certificate, Certificate.id == CertificateDoubt.certificate_id)
        .outerjoin(Cohort, Cohort.id == Certificate.cohort_id)
    )
    return query if actor.is_admin else query.where(Cohort.branch_id.in_(actor.branch_ids))
