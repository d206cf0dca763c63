"""Real servers: gunicorn with several processes, and people's passes to it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from tests.warm import Forked

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / ".pytest_cache" / "templates"
"""Compiled templates, each named by what it was made from."""
START_SECONDS = 90


@dataclass
class Server:
    """One gunicorn on an instance; the process group is killed at the end, whatever happened."""

    instance: Path
    database_url: str
    port: int
    workers: int = 2
    threads: int = 4
    module: str = "tests.unlimited:app"
    # As with `lms serve`: workers are forked, none loads the application again.
    is_forked: bool = False
    # Forked from a process that has read the code: as quick as can be.
    is_warm: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | Forked | None = None

    @property
    def url(self) -> str:
        """The address people type."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.instance / "server.log"

    def start(self) -> None:
        """Start and wait until it answers."""
        arguments = ["--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread"]
        arguments += ["--workers", str(self.workers), "--threads", str(self.threads)]
        arguments += ["--no-control-socket", "--log-level", "warning", "--graceful-timeout", "5"]
        arguments += [*(["--preload"] if self.is_forked else []), self.module]
        environment = os.environ | {
            "LMS_INSTANCE": str(self.instance),
            "LMS_DATABASE_URL": self.database_url,
            "LMS_PORT": str(self.port),
            "LMS_BASE_URL": self.url,
            "PYTHONPATH": str(ROOT),
        }
        environment |= self.environment
        if self.is_warm:
            TEMPLATES.mkdir(parents=True, exist_ok=True)
            environment["LMS_TEST_TEMPLATES"] = str(TEMPLATES)
        launch = Forked if self.is_warm else _run
        self.process = launch(arguments, folder=ROOT, environment=environment, log=self.log)
        self.wait()

    def wait(self) -> None:
        """Wait until the server answers."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            with contextlib.suppress(OSError), contextlib.closing(Line(self.port, timeout=2)) as line:
                if line.send("GET", "/healthz").status == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(f"server does not answer: {self.log.read_text()[-3000:]}")

    def worker_ids(self) -> list[int]:
        """Return the process ids of the workers."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        with contextlib.suppress(OSError):
            return [int(word) for word in children.read_text().split()]
        return []

    def kill(self) -> None:
        """Kill master and workers at once, as a service manager or a power cut of the process would."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def _run(
    arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gunicorn", *arguments]
    with log.open("ab") as said:
        return subprocess.Popen(
            command, cwd=folder, env=environment, stdout=said, stderr=said, start_new_session=True
        )


@contextlib.contextmanager
def running(instance: Path, database_url: str, **settings: Any) -> Iterator[Server]:
    """Yield a running server on a port of its own; killed at the end, for to stop politely takes seconds."""
    server = Server(instance, database_url, free_port(), **settings)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def free_port() -> int:
    """Return a loopback port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Pass:
    """A signed-in browser reduced to what it sends: its cookie and a form token."""

    cookie: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """Headers of every request."""
        return {"Cookie": self.cookie, "X-CSRFToken": self.token}


def make_pass(app: Flask, session_token: str = "") -> Pass:
    """Return the pass of somebody with an open session, or of a stranger."""
    client = FlaskClient(app, app.response_class, use_cookies=True)
    secret = secrets.token_hex(20)
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = secret
        if session_token:
            cookie["_user_id"] = session_token
            cookie["_fresh"] = True
    found = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert found is not None
    token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(secret)
    return Pass(f"{found.key}={found.value}", str(token))


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: tuple[str, ...] = ()
    """``name=value`` of every cookie it set."""

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Line:
    """One connection of one device, opened again when it breaks."""

    def __init__(self, port: int, holder: Pass | None = None, *, timeout: float = 30) -> None:
        self._port, self._holder, self._timeout = port, holder, timeout
        self._connection: http.client.HTTPConnection | None = None

    def send(self, method: str, path: str, *, form: Any = None, data: Any = None, **headers: str) -> Answer:
        """Send a request and return the answer.

        Raises:
            OSError: the line or the server broke; whether the request was done is not known.
        """
        body, kind = b"", ""
        if data is not None:
            body, kind = json.dumps(data).encode(), "application/json"
        elif form is not None:
            body, kind = urlencode(form).encode(), "application/x-www-form-urlencoded"
        sent = (self._holder.headers if self._holder else {}) | headers
        sent |= {"Content-Type": kind} if kind else {}
        try:
            return self._exchange(method, path, body, sent)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise OSError(str(error)) from error

    def _exchange(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=self._timeout)
            self._connection.connect()
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection.request(method, path, body, dict(headers))
        response = self._connection.getresponse()
        content = response.read()
        if response.will_close:
            self.close()
        cookies = tuple(line.split(";")[0] for line in response.headers.get_all("Set-Cookie") or ())
        return Answer(response.status, dict(response.headers.items()), content, cookies)

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def send_once(port: int, holder: Pass | None, method: str, path: str, **request: Any) -> Answer:
    """Send one request on a line of its own."""
    with contextlib.closing(Line(port, holder)) as line:
        return line.send(method, path, **request)
