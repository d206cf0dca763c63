"""Runners as `lms jobs run` starts them, with one kind of job, short leases and a rest before each commit."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

import lms.app
from certificates import batch_work, batches
from certificates.papers import Sealed
from certificates.record import Record
from lms.cli import main
from lms.core.files import keep_file
from lms.core.jobs import runner, services
from lms.core.jobs.kinds import Kind, Work
from quizzes.attempts.closing import close_sitting

AT_WORK = "at-work"
"""A file of the instance with the number of the process that began the last job."""


def hand_in_sittings() -> None:
    """Hand in sittings whose time is over, a job each, until killed or told to end."""
    _run("close_sitting", close_sitting, rest_seconds=0.05)


def sign_papers() -> None:
    """Sign the papers of a cohort, a job each, until killed; what is kept tells which, and is no PDF."""
    batch_work.seal = _seal
    batch_work._WORKS[batches.Kind.PAPERS] = (batch_work._make_papers, 1)
    _run(batches.JOB, batch_work.work, rest_seconds=0.03)


def _seal(record: Record, *, status_index: int, instance: Path, **_settings: object) -> Sealed:
    digest = keep_file(instance, f"%PDF-{record.serial}-{time.time_ns()}".encode())
    return Sealed(digest, "0" * 64, "STAMP", "{}", status_index, "ab")


def _run(name: str, work: Work, *, rest_seconds: float) -> None:
    def slow(session: Session, payload: Mapping[str, Any], now: datetime) -> None:
        Path(os.environ["LMS_INSTANCE"], AT_WORK).write_text(str(os.getpid()))
        work(session, payload, now)
        time.sleep(rest_seconds)  # done, but not committed: where a kill hurts most

    runner.SEAT_LEASE, runner.RENEW_SECONDS, runner.LOOK_SECONDS = timedelta(seconds=1.5), 0.3, 0.2
    lms.app.JOBS = (Kind(name, slow, lease=timedelta(seconds=1)),)
    # It is no fault of the job that its runs are cut off.
    services.MAX_TRIES = 50
    main(["jobs", "run"])
