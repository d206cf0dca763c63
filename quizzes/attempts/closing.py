"""Sittings whose time has run out are handed in by the machine: one job each, so that none stops others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.db import begin_write
from lms.core.jobs.kinds import Kind
from lms.core.jobs.models import Job
from lms.core.jobs.services import enqueue
from quizzes.attempts.deadline import is_overdue
from quizzes.attempts.handing_in import submit_attempt
from quizzes.attempts.models import Attempt

PATIENCE = timedelta(seconds=5)
"""Left to the page, which hands in by itself when the time is over."""

BATCH = 200
"""Sittings promised at a time: a hall, or many halls whose time ends together."""


def plan_closing(session: Session, now: datetime) -> int:
    """Promise to hand in the sittings whose time has run out; return how many promises are new."""
    found = _list_overdue(session, now - PATIENCE)
    keys = {_key(attempt_id, deadline_at): attempt_id for attempt_id, deadline_at in found}
    known = set(session.scalars(select(Job.key).where(Job.key.in_(keys)))) if keys else set()
    for key in keys.keys() - known:
        enqueue(session, "close_sitting", key=key, payload={"attempt_id": keys[key]}, now=now)
    return len(keys.keys() - known)


def close_sitting(session: Session, payload: Mapping[str, Any], now: datetime) -> None:
    """Hand in one sitting, if it is still open and nobody has given it more time meanwhile."""
    begin_write(session)
    query = select(Attempt).where(Attempt.id == payload["attempt_id"])
    attempt = session.scalar(query.execution_options(populate_existing=True))
    if attempt is not None and is_overdue(attempt, now=now):
        submit_attempt(session, attempt.id, by="deadline", now=now)


def _list_overdue(session: Session, before: datetime) -> list[tuple[int, datetime]]:
    """Return open sittings and their ends, read from the index of open deadlines alone."""
    query = (
        select(Attempt.id, Attempt.deadline_at)
        .where(Attempt.state == "in_progress", Attempt.deadline_at < before)
        .order_by(Attempt.deadline_at)
        .limit(BATCH)
    )
    return [(attempt_id, ends_at) for attempt_id, ends_at in session.execute(query) if ends_at is not None]


def _key(attempt_id: int, deadline_at: datetime) -> str:
    """Return what the promise is about: an end that is moved is another one."""
    return f"close_sitting:{attempt_id}:{deadline_at.isoformat()}"


CLOSE_SITTING = Kind("close_sitting", close_sitting, plan=plan_closing)
