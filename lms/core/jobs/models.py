"""Jobs, and the one seat from which they are run."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import NEVER_REUSED, Base


class Job(Base):
    """A promise, written in the transaction of what made it necessary."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state"),
        Index(
            "ix_job_open_due",
            "due_at",
            sqlite_where=text("state IN ('queued', 'running')"),
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Which `lms.core.jobs.kinds.Kind` knows how.
    kind: Mapped[str] = mapped_column(String(40))
    # What it is about: promised twice, it is one job.
    key: Mapped[str] = mapped_column(String(200), unique=True)
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(20), default="queued")
    # Queued: not to be run before. Running: when the lease ends and somebody else may run it.
    due_at: Mapped[datetime]
    # Of the run that holds the lease; whoever finishes must show it.
    token: Mapped[str | None] = mapped_column(String(43))
    # Runs begun so far, also those that were killed.
    tries: Mapped[int] = mapped_column(default=0)
    # Why the last run failed.
    problem: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(index=True)


class RunnerSeat(Base):
    """Who runs the jobs of this installation; one row. Whoever sits renews it, or loses it."""

    __tablename__ = "runner_seat"

    # Always "jobs".
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(43))
    held_until: Mapped[datetime]
