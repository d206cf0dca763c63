"""Work that is done once a day."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.jobs.kinds import Plan
from lms.core.jobs.models import Job
from lms.core.jobs.services import enqueue


def daily(kind: str) -> Plan:
    """Return the plan of a kind of job that is due once a day, whoever looks first."""

    def plan(session: Session, now: datetime) -> int:
        key = f"{kind}:{now.date().isoformat()}"
        if session.scalar(select(Job.id).where(Job.key == key)) is not None:
            return 0
        return int(enqueue(session, kind, key=key, now=now))

    return plan
