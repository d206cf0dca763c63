"""The job that clears up after jobs, once a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from lms.core.jobs import services
from lms.core.jobs.daily import daily
from lms.core.jobs.kinds import Kind

KEEP = timedelta(days=30)
"""How long one can look up that a job was done."""

plan_sweep = daily("sweep")


def sweep(session: Session, _payload: Mapping[str, Any], now: datetime) -> None:
    """Forget jobs done long ago."""
    services.forget_done(session, before=now - KEEP)


SWEEP = Kind("sweep", sweep, plan=plan_sweep)
