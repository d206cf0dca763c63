"""What every change in a certificate's life does: lock the row, move its state, tell it, write it down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.models import Certificate, CertificateEvent
from courses.cohorts.models import Cohort
from lms.core.audit.services import record as record_audit
from lms.core.db import changed_rows
from lms.core.errors import Conflict, NotFound

STANDING = ("valid", "suspended")
"""States in which a certificate is the one of its enrolment."""


def lock_certificate(session: Session, certificate_id: int) -> Certificate:
    """Return a certificate that nobody else changes until the commit.

    Raises:
        NotFound: there is none.
    """
    certificate = session.get(Certificate, certificate_id, with_for_update=True)
    if certificate is None:
        raise NotFound
    return certificate


def move(session: Session, certificate: Certificate, state: str, *, before: tuple[str, ...]) -> None:
    """Give a certificate its new state by one guarded update.

    Raises:
        Conflict: it is in none of the states ``before`` any more.
    """
    query = (
        update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.state.in_(before))
        .values(state=state)
        .execution_options(synchronize_session="fetch")
    )
    if changed_rows(session.execute(query)) == 0:
        raise Conflict(_l("Meanwhile something else became of this certificate. Look at how it stands now."))


def tell(session: Session, certificate: Certificate, kind: str, *, now: datetime, **values: Any) -> None:
    """Add a turn to the life story; ``values`` are columns of `CertificateEvent`."""
    session.add(CertificateEvent(certificate_id=certificate.id, kind=kind, at=now, **values))


def audit(
    session: Session, action: str, certificate: Certificate, *, actor_id: int, now: datetime, **details: Any
) -> None:
    """Write down what a member of staff did to a certificate."""
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
