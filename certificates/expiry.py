"""The job that tells the end of certificates that have run out, once a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from certificates import life
from lms.core.jobs.daily import daily
from lms.core.jobs.kinds import Kind
from lms.core.jobs.services import enqueue

JOB = "certificate_expiry"

plan_expiry = daily(JOB)


def tell_expired(session: Session, payload: Mapping[str, Any], now: datetime) -> None:
    """Tell what ran out, some hundreds at a time; the rest by another job right behind this one."""
    count = life.note_expired(session, now=now)
    if count == life.EXPIRED_AT_ONCE:
        part = int(payload.get("part", 1)) + 1
        key = f"{JOB}:{now.isoformat()}:{part}"
        enqueue(session, JOB, key=key, payload={"part": part}, now=now)


EXPIRY = Kind(JOB, tell_expired, plan=plan_expiry)
