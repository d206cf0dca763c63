"""Reads: jobs that are due, jobs for a list, how old the queue is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lms.core.jobs.models import Job

OPEN = ("queued", "running")


def list_due(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Return ids of jobs to be run now: queued and due, or left behind by a run that was cut off."""
    query = select(Job.id).where(Job.state.in_(OPEN), Job.due_at <= now).order_by(Job.due_at, Job.id)
    return list(session.scalars(query.limit(limit)))


def list_jobs(session: Session, *, states: tuple[str, ...], limit: int) -> list[Job]:
    """Return jobs in some states, the newest first."""
    query = select(Job).where(Job.state.in_(states)).order_by(Job.id.desc()).limit(limit)
    return list(session.scalars(query))


def find_oldest_due(session: Session, *, now: datetime) -> datetime | None:
    """Return since when the longest waiting job could have been run, or None."""
    return session.scalar(select(func.min(Job.due_at)).where(Job.state.in_(OPEN), Job.due_at <= now))


def kind_of(job_id: int) -> Select[str]:
    """Return the query for the kind of a job."""
    return select(Job.kind).where(Job.id == job_id)
