"""The signed paper of a certificate is made after its issue, when the hall is quiet again.

Where a key is missing nothing fails: one job an hour looks whether it is back, and then promises what waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from certificates.happenings import STANDING
from certificates.models import Certificate
from certificates.queries import list_without_paper
from certificates.sealing import seal_certificate
from certificates.signing.ring import current_ring
from lms.core.jobs.kinds import Kind
from lms.core.jobs.services import enqueue


def make_paper(session: Session, payload: Mapping[str, Any], now: datetime) -> None:
    """Render and sign the PDF of a standing certificate that has none, keep it and note it."""
    row = session.get(Certificate, payload["certificate_id"])
    if row is None or row.state not in STANDING:
        return
    if current_ring().problem:
        _look_again(session, now=now)
        return
    seal_certificate(session, row.id, now=now)


def make_waiting(session: Session, _payload: Mapping[str, Any], now: datetime) -> None:
    """Promise the papers that waited for keys, or look again in an hour."""
    if current_ring().problem:
        _look_again(session, now=now)
        return
    for certificate_id in list_without_paper(session, cohort_id=None):
        key = f"certificate_paper:{certificate_id}:{_hour(now)}"
        enqueue(session, "certificate_paper", key=key, payload={"certificate_id": certificate_id}, now=now)


def _look_again(session: Session, *, now: datetime) -> None:
    later = now + timedelta(hours=1)
    enqueue(session, "certificate_waiting", key=f"certificate_waiting:{_hour(later)}", due_at=later, now=now)


def _hour(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H")


PAPER = Kind("certificate_paper", make_paper, lease=timedelta(minutes=5))
WAITING = Kind("certificate_waiting", make_waiting)
