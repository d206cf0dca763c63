"""The job that forgets what strangers left behind: looks at certificates, and doubts that are settled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from certificates.models import CertificateCheck, CertificateDoubt
from lms.core.db import begin_write, changed_rows
from lms.core.jobs.daily import daily
from lms.core.jobs.kinds import Kind
from lms.core.jobs.services import enqueue

KEEP_CHECKS = timedelta(days=366)
"""The holder reads of a year's looks."""
KEEP_SETTLED = timedelta(days=366)
"""A doubt has words of a stranger and perhaps their number. The audit log keeps what came of it; one that
waits is kept until the office has settled it."""
AT_ONCE = 1000

JOB = "certificate_retention"


def forget_old(session: Session, payload: Mapping[str, Any], now: datetime) -> None:
    """Delete what is too old, many looks at a time; the rest by another job right behind this one."""
    begin_write(session)
    session.execute(delete(CertificateDoubt).where(CertificateDoubt.settled_at < now - KEEP_SETTLED))
    if _forget_checks(session, before=now - KEEP_CHECKS) == AT_ONCE:
        part = int(payload.get("part", 1)) + 1
        enqueue(session, JOB, key=f"{JOB}:{now.isoformat()}:{part}", payload={"part": part}, now=now)


def _forget_checks(session: Session, *, before: datetime) -> int:
    """Delete the oldest looks; read from the beginning of the table, where they are, without an index."""
    oldest = select(CertificateCheck.id, CertificateCheck.at).order_by(CertificateCheck.id).limit(AT_ONCE)
    rows = oldest.subquery()
    old = select(rows.c.id).where(rows.c.at < before)
    return changed_rows(session.execute(delete(CertificateCheck).where(CertificateCheck.id.in_(old))))


RETENTION = Kind(JOB, forget_old, plan=daily(JOB))
