"""The queue that wakes the runner when a job was promised. Losing what is in it does no harm.

huey carries the number of a job from the process that committed it to the one that runs jobs. What is to
be done, and whether it was, stands in the table alone: the runner looks there every few seconds anyway.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, current_app, has_app_context
from huey import Huey, PostgresHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer
from sqlalchemy import event, make_url
from sqlalchemy.orm import Session

from lms.core.jobs.services import NUDGES

EXTENSION = "job_queue"
QUEUE_FILE = "jobs.sqlite"
"""In the instance folder: huey uses the system's SQLite, which must not touch the application's file."""
QUEUE_SCHEMA = "penggerak_queue"
"""On PostgreSQL huey's tables stand beside ours, not among them."""

log = logging.getLogger(__name__)


class JsonSerializer(Serializer):  # type: ignore[misc]
    """Messages as JSON: reading one runs no code, whoever wrote it."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: Any) -> Message:
        return Message(*json.loads(bytes(data)))


class Queue:
    """huey, opened when it is first needed: a connection must not be shared by two processes."""

    def __init__(self, instance: Path, database_url: str) -> None:
        self._instance, self._url = instance, make_url(database_url)
        self._lock = threading.Lock()
        self._huey: Huey | None = None
        self._nudge: Callable[[int], Any] | None = None
        self._wake: Callable[[int], None] = lambda _job_id: None

    def nudge(self, job_id: int) -> None:
        """Tell the runner, wherever it is, that a job may be run; never raises."""
        try:
            self._open()
            assert self._nudge is not None
            self._nudge(job_id)
        except Exception:
            log.warning("The job runner was not woken; it will see the job by itself.", exc_info=True)

    def listen(self, wake: Callable[[int], None]) -> bool:
        """Call ``wake`` with the number of the next job nudged, and return whether there was one."""
        huey, self._wake = self._open(), wake
        task = huey.dequeue()
        if task is None:
            return False
        huey.execute(task)
        return True

    def close(self) -> None:
        """Close the connection of this process."""
        with self._lock:
            if self._huey is not None:
                self._huey.storage.close()
            self._huey = self._nudge = None

    def _open(self) -> Huey:
        with self._lock:
            if self._huey is None:
                self._huey = self._make()
                self._nudge = self._huey.task(name="nudge")(self._hear)
            return self._huey

    def _hear(self, job_id: int) -> None:
        self._wake(job_id)

    def _make(self) -> Huey:
        settings: dict[str, Any] = {"results": False, "serializer": JsonSerializer()}
        if self._url.get_backend_name() == "sqlite":
            # Without fsync: what a power cut takes from it, the table still has.
            file = str(self._instance / QUEUE_FILE)
            return SqliteHuey("penggerak", filename=file, fsync=False, timeout=1, **settings)
        return PostgresHuey("penggerak", connection=self._connect, blocking=False, **settings)

    def _connect(self) -> Any:
        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = psycopg.connect(address, autocommit=True, connect_timeout=5)
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {QUEUE_SCHEMA}")
        connection.execute(f"SET search_path TO {QUEUE_SCHEMA}")
        return connection


def init_app(app: Flask) -> None:
    """Give the application its queue."""
    app.extensions[EXTENSION] = Queue(Path(app.config["INSTANCE"]), app.config["DATABASE_URL"])


def get_queue() -> Queue:
    """Return the queue of this application."""
    queue: Queue = current_app.extensions[EXTENSION]
    return queue


@event.listens_for(Session, "after_commit")
def _nudge(session: Session) -> None:
    job_ids = session.info.pop(NUDGES, ())
    if job_ids and has_app_context() and not current_app.testing:
        get_queue().nudge(job_ids[0])


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(NUDGES, None)
