"""A real server with two worker processes on the database of the test, and phones that race."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest
from flask import Flask

from lms.core.accounts.sessions import open_session
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from tests import servers
from tests.servers import Answer, Pass, make_pass, running, send_once

Result = TypeVar("Result")


@dataclass(frozen=True)
class Phone:
    """One signed-in phone; every request has a line of its own."""

    port: int
    holder: Pass

    def post(self, path: str, *, data: object = None) -> Answer:
        """Post JSON, or an empty form."""
        body = {"form": {}} if data is None else {"data": data}
        return send_once(self.port, self.holder, "POST", path, Accept="application/json", **body)


@dataclass(frozen=True)
class Server:
    """A running server, and phones signed in at it."""

    app: Flask
    running: servers.Server

    def phone(self, user_id: int) -> Phone:
        """Return a phone signed in as a trainee."""
        session, now = db.session(), utc_now()
        begin_write(session)
        until = now + timedelta(days=1)
        token = open_session(session, user_id, via="card", now=now, user_agent="race", expires_at=until)
        session.commit()
        return Phone(self.running.port, make_pass(self.app, token))


@pytest.fixture
def server(app: Flask, instance: Path, database_url: str) -> Iterator[Server]:
    """Start gunicorn on the test's database; its whole process group ends with the test."""
    with running(instance, database_url, is_forked=True, is_warm=True) as started:
        yield Server(app, started)


class Crowd:
    """Threads that begin at the same moment, round after round."""

    def __init__(self, size: int) -> None:
        self._barrier = Barrier(size)
        self._pool = ThreadPoolExecutor(size)

    def rush(self, acts: Sequence[Callable[[], Result]]) -> list[Result]:
        """Run all acts at once and return what they gave; there are as many as the crowd is large."""

        def wait_and(act: Callable[[], Result]) -> Result:
            self._barrier.wait(timeout=60)
            return act()

        return list(self._pool.map(wait_and, acts))

    def close(self) -> None:
        """Send everybody home."""
        self._pool.shutdown()


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    """Twelve people, or one person with twelve thumbs."""
    crowd = Crowd(12)
    yield crowd
    crowd.close()
