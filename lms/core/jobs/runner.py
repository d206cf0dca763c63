"""Runs jobs: one runner per installation, whoever holds the seat; safe to kill at any point."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from datetime import timedelta

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.jobs import queries, services
from lms.core.jobs.kinds import known_kinds
from lms.core.jobs.nudging import get_queue

SEAT_LEASE = timedelta(seconds=30)
RENEW_SECONDS = 8.0
"""How often the seat is renewed, or asked for."""
LOOK_SECONDS = 4.0
"""How often the runner looks into the table by itself."""
IDLE_SECONDS = 0.4
"""How often it looks whether it was nudged."""
BATCH = 20
"""Jobs run before the seat is renewed again."""

log = logging.getLogger(__name__)


class Runner:
    """Runs the jobs of an installation while it holds the seat, until it is told to stop."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._holder = secrets.token_urlsafe(16)
        self._stop = threading.Event()
        self._renew_at = self._look_at = 0.0
        self._is_seated = False

    def stop(self) -> None:
        """Ask it to end after the job at hand."""
        self._stop.set()

    def run_forever(self) -> None:
        """Run until :meth:`stop`; what goes wrong, a database that is away too, ends after a pause."""
        while not self._stop.is_set():
            try:
                with self._app.app_context():
                    pause = self._turn()
            except Exception:
                log.warning("The job runner rests for a moment.", exc_info=True)
                pause = RENEW_SECONDS
            self._stop.wait(pause)
        self._leave()

    def _turn(self) -> float:
        """Do what there is to do and return how many seconds to wait."""
        self._sit_down()
        if not self._is_seated:
            return RENEW_SECONDS
        is_woken = get_queue().listen(lambda _job_id: None)
        if not is_woken and time.monotonic() < self._look_at:
            return IDLE_SECONDS
        if not is_woken:
            plan_jobs()
        is_more = run_due(limit=BATCH, stop=self._stop) == BATCH
        self._look_at = 0.0 if is_more else time.monotonic() + LOOK_SECONDS
        return 0.0

    def _sit_down(self) -> None:
        if time.monotonic() < self._renew_at:
            return
        self._is_seated = services.take_seat(db.session(), self._holder, now=utc_now(), lease=SEAT_LEASE)
        db.session.commit()
        db.session.remove()
        self._renew_at = time.monotonic() + RENEW_SECONDS

    def _leave(self) -> None:
        with self._app.app_context():
            try:
                if self._is_seated:
                    services.leave_seat(db.session(), self._holder)
                    db.session.commit()
            except SQLAlchemyError:
                log.warning("The seat of the job runner becomes free by itself.", exc_info=True)
            finally:
                get_queue().close()
                db.session.remove()


def plan_jobs() -> int:
    """Promise the jobs that time alone makes necessary; return how many. One kind's fault stops no other."""
    planned = 0
    for kind in known_kinds().values():
        if kind.plan is None:
            continue
        try:
            planned += kind.plan(db.session(), utc_now())
            db.session.commit()
        except Exception:
            log.exception("Jobs of the kind %s could not be planned.", kind.name)
        finally:
            db.session.remove()
    return planned


def run_due(*, limit: int, stop: threading.Event | None = None) -> int:
    """Run the jobs that are due, at most ``limit``, and return how many were taken in hand."""
    job_ids = queries.list_due(db.session(), now=utc_now(), limit=limit)
    db.session.remove()
    for number, job_id in enumerate(job_ids):
        if stop is not None and stop.is_set():
            return number
        run_job(job_id)
    return len(job_ids)


def run_job(job_id: int) -> str:
    """Run one job and return what became of it: "done", "failed", or "left" to whoever has it."""
    session, kinds = db.session(), known_kinds()
    kind_name = session.scalar(queries.kind_of(job_id))
    kind = kinds.get(kind_name or "")
    try:
        lease = kind.lease if kind else timedelta(minutes=1)
        job = services.claim(session, job_id, lease=lease, now=utc_now())
        session.commit()
        if job is None:
            return "left"
        assert job.token is not None
        return _work(job_id, kind_name or "", token=job.token, payload=dict(job.payload))
    finally:
        db.session.remove()


def _work(job_id: int, kind_name: str, *, token: str, payload: dict[str, object]) -> str:
    session = db.session()
    try:
        known_kinds()[kind_name].work(session, payload, utc_now())
        if not services.finish(session, job_id, token=token, now=utc_now()):
            session.rollback()
            return "left"
        session.commit()
    except Exception as error:
        session.rollback()
        log.exception("Job %s (%s) failed.", job_id, kind_name)
        problem = f"{type(error).__name__}: {error}"
        services.give_back(session, job_id, token=token, problem=problem, now=utc_now())
        session.commit()
        return "failed"
    return "done"
