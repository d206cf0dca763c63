"""A real server: gunicorn with two worker processes on the database of the test, and browsers that race."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar
from urllib.parse import urlencode

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from lms.core.accounts.services import open_session
from lms.core.clock import utc_now
from lms.core.db import begin_write, db

WORKERS = 2
START_SECONDS = 60
ROOT = Path(__file__).parents[2]
Result = TypeVar("Result")


@dataclass
class Reply:
    """What came back."""

    status: int
    location: str
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Browser:
    """One signed-in phone; every request has a connection of its own."""

    def __init__(self, port: int, cookie: str, token: str) -> None:
        self._port, self.cookie = port, cookie
        self._headers = {"Cookie": f"session={cookie}", "X-CSRFToken": token, "Accept": "application/json"}

    def get(self, path: str) -> Reply:
        return self._ask("GET", path, None, {})

    def post(self, path: str, *, json_body: Any = None, form: dict[str, str] | None = None) -> Reply:
        if json_body is not None:
            return self._ask("POST", path, json.dumps(json_body), {"Content-Type": "application/json"})
        form_type = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(form or {}), form_type)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        with closing(connection):
            connection.request(method, path, body=body, headers=self._headers | headers)
            response = connection.getresponse()
            return Reply(response.status, response.getheader("Location") or "", response.read())


@dataclass
class Server:
    """A running server; `pid` leads its process group."""

    app: Flask
    port: int
    pid: int

    def browser(self, user_id: int) -> Browser:
        """Return a phone signed in as a trainee."""
        session, now = db.session(), utc_now()
        begin_write(session)
        token = open_session(
            session,
            user_id,
            via="card",
            now=now,
            user_agent="race",
            expires_at=now.replace(year=now.year + 1),
        )
        session.commit()
        secret = secrets.token_hex(20)
        signer = self.app.session_interface.get_signing_serializer(self.app)
        cookie = signer.dumps({"_user_id": token, "_fresh": True, "csrf_token": secret})
        form_token = URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(secret)
        return Browser(self.port, str(cookie), str(form_token))


@pytest.fixture
def server(app: Flask, instance: Path, database_url: str, free_port: int) -> Iterator[Server]:
    """Start gunicorn on the test's database; its whole process group ends with the test."""
    environment = os.environ | {
        "LMS_INSTANCE": str(instance),
        "LMS_DATABASE_URL": database_url,
        "PYTHONPATH": str(ROOT),
    }
    log = (instance / "server.log").open("w+")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{free_port}"),
            *("--workers", str(WORKERS), "--threads", "4", "--worker-class", "gthread"),
            *("--no-control-socket", "--log-level", "warning", "lms.wsgi:app"),
        ],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        _wait(process, free_port, log.name)
        yield Server(app, free_port, process.pid)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        log.close()


def _wait(process: subprocess.Popen[bytes], port: int, log: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, Path(log).read_text()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        with closing(connection), suppress(OSError):
            connection.request("GET", "/bantuan")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise AssertionError(Path(log).read_text())


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
        self._pool.shutdown()


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    """Twelve people, or one person with twelve thumbs."""
    crowd = Crowd(12)
    yield crowd
    crowd.close()
