"""Changes: a job is promised, taken, finished or given back; somebody takes the runner's seat."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.core.db import begin_write, changed_rows
from lms.core.jobs.models import Job, RunnerSeat
from lms.core.jobs.queries import OPEN

NUDGES = "jobs_to_nudge"
"""Where a session keeps the numbers of jobs it promised, until it has committed."""

MAX_TRIES = 8
"""After so many runs that failed or were killed a job waits for a person: `lms jobs retry`."""

FIRST_PAUSE = timedelta(seconds=10)
"""Before the second run; each further one waits three times as long, an hour at most."""

SEAT = "jobs"


def enqueue(
    session: Session,
    kind: str,
    *,
    key: str,
    now: datetime,
    payload: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
) -> bool:
    """Promise a job in the caller's transaction; it stands or falls with it.

    Args:
        key: what the job is about, over all kinds and for good; promised again it changes nothing.
        due_at: not to be run before; None: at once.

    Returns:
        whether it is a new promise.
    """
    begin_write(session)
    values: dict[str, Any] = {"kind": kind, "key": key, "payload": dict(payload or {}), "state": "queued"}
    values |= {"due_at": due_at or now, "tries": 0, "problem": "", "created_at": now}
    insert = _insert(session)(Job).values(values).on_conflict_do_nothing(index_elements=["key"])
    job_id = session.scalar(insert.returning(Job.id))
    if job_id is not None and (due_at or now) <= now:
        session.info.setdefault(NUDGES, []).append(job_id)
    return job_id is not None


def claim(session: Session, job_id: int, *, lease: timedelta, now: datetime) -> Job | None:
    """Take a job for one run, or return None: somebody else has it, it is done, or not due yet.

    A job whose runs were cut off too often is given up here: it may be what kills them.
    """
    begin_write(session)
    is_due = Job.id == job_id, Job.state.in_(OPEN), Job.due_at <= now
    given_up = {"state": "failed", "token": None, "finished_at": now}
    worn_out = update(Job).where(*is_due, Job.tries >= MAX_TRIES).values(given_up)
    taken = {"state": "running", "token": secrets.token_urlsafe(32), "due_at": now + lease}
    take = update(Job).where(*is_due, Job.tries < MAX_TRIES).values(taken | {"tries": Job.tries + 1})
    if not changed_rows(session.execute(take)):
        session.execute(worn_out)
        return None
    return session.get_one(Job, job_id, populate_existing=True)


def finish(session: Session, job_id: int, *, token: str, now: datetime) -> bool:
    """Note that a job is done, in the transaction of what it did.

    Returns:
        False if the lease ran out and another run has taken it: roll back what this one did.
    """
    begin_write(session)
    done = {"state": "done", "token": None, "finished_at": now, "problem": ""}
    mine = update(Job).where(Job.id == job_id, Job.state == "running", Job.token == token)
    return changed_rows(session.execute(mine.values(done))) == 1


def give_back(session: Session, job_id: int, *, token: str, problem: str, now: datetime) -> None:
    """Note that a run failed and why; it is tried again later, or waits for a person after too many."""
    begin_write(session)
    job = session.get_one(Job, job_id, populate_existing=True, with_for_update=True)
    if (job.state, job.token) != ("running", token):
        return
    job.token, job.problem = None, problem[:500]
    if job.tries >= MAX_TRIES:
        job.state, job.finished_at = "failed", now
    else:
        job.state, job.due_at = "queued", now + pause_after(job.tries)
    session.flush()


def pause_after(tries: int) -> timedelta:
    """Return how long a job rests after so many failed runs."""
    pause: timedelta = FIRST_PAUSE * 3 ** (tries - 1)
    return min(pause, timedelta(hours=1))


def retry(session: Session, *, now: datetime, job_id: int | None = None) -> int:
    """Let failed jobs begin anew, one or all, and those that rest run at once; return how many."""
    begin_write(session)
    rests = (Job.state == "queued") & (Job.tries > 0) & (Job.due_at > now)
    which = [or_(Job.state == "failed", rests)] + ([] if job_id is None else [Job.id == job_id])
    anew = {"state": "queued", "tries": 0, "due_at": now, "finished_at": None}
    return changed_rows(session.execute(update(Job).where(*which).values(anew)))


def forget_done(session: Session, *, before: datetime) -> int:
    """Delete jobs done before a moment; failed ones stay until somebody has looked."""
    begin_write(session)
    old = delete(Job).where(Job.state == "done", Job.finished_at < before)
    return changed_rows(session.execute(old))


def take_seat(session: Session, holder: str, *, now: datetime, lease: timedelta) -> bool:
    """Take or renew the runner's seat, if it is free, over or one's own; return whether one sits."""
    begin_write(session)
    until = now + lease
    insert = _insert(session)(RunnerSeat).values(name=SEAT, holder=holder, held_until=until)
    free = or_(RunnerSeat.held_until < now, RunnerSeat.holder == holder)
    mine = insert.on_conflict_do_update(
        index_elements=["name"], set_={"holder": holder, "held_until": until}, where=free
    )
    return session.scalar(mine.returning(RunnerSeat.name)) is not None


def leave_seat(session: Session, holder: str) -> None:
    """Let the next one sit down at once."""
    begin_write(session)
    session.execute(delete(RunnerSeat).where(RunnerSeat.name == SEAT, RunnerSeat.holder == holder))


def _insert(session: Session) -> Any:
    """Return the INSERT that knows ON CONFLICT; both databases write it alike."""
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
