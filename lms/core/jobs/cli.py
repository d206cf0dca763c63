"""Commands: run jobs, look at them, try them again."""

from __future__ import annotations

import signal
import sys
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.jobs import queries, services
from lms.core.jobs.runner import BATCH, Runner, plan_jobs, run_due

STATES = ("queued", "running", "failed", "done")


@click.group()
def jobs() -> None:
    """Work done later: sittings whose time has run out, papers, PDFs."""


@jobs.command()
@click.option("--once", is_flag=True, help="Run what is due now, then end.")
@with_appcontext
def run(once: bool) -> None:
    """Run jobs until stopped; `lms serve` does so by itself unless JOB_RUNNER is false."""
    if once:
        click.echo(f"Jobs run: {_run_once()}")
        return
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    runner = Runner(app)

    def _end(*_signal: Any) -> None:
        runner.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    runner.run_forever()


def _run_once() -> int:
    plan_jobs()
    count = 0
    while taken := run_due(limit=BATCH):
        count += taken
    return count


@jobs.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only these; else all that are not done.")
@click.option("--limit", default=50, show_default=True, help="At most so many, the newest first.")
@with_appcontext
def list_(state: str | None, limit: int) -> None:
    """List jobs: number, state, kind, key, runs begun, when due, what went wrong."""
    wanted = (state,) if state else ("queued", "running", "failed")
    for job in queries.list_jobs(db.session(), states=wanted, limit=limit):
        due = job.due_at.isoformat(timespec="seconds")
        click.echo(f"{job.id}\t{job.state}\t{job.kind}\t{job.key}\t{job.tries}\t{due}\t{job.problem}")


@jobs.command()
@click.argument("job_id", type=int, required=False)
@with_appcontext
def retry(job_id: int | None) -> None:
    """Let a failed job begin anew (JOB_ID), or all of them; exit code 1 if there is none."""
    count = services.retry(db.session(), job_id=job_id, now=utc_now())
    db.session.commit()
    click.echo(f"Jobs that begin anew: {count}")
    sys.exit(0 if count else 1)
