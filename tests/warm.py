"""Servers that begin at once: forked from a process that has read the application's code already."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    ["tests.kindling", "tests.crash.slow_runner", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread"]
)
"""One list for all: a process has one such server, and only the last list it was given counts."""


class Forked:
    """What is used of `subprocess.Popen`, of ``python -m gunicorn <arguments>`` in a session of its own."""

    def __init__(
        self, arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], log: Path
    ) -> None:
        given = (list(arguments), str(folder), dict(environment), str(log))
        self._process = CONTEXT.Process(target=_serve, args=given)
        self._process.start()

    @property
    def pid(self) -> int:
        """Its process id, and that of its group."""
        assert self._process.pid
        return self._process.pid

    def send_signal(self, number: int) -> None:
        """Send a signal to the process itself."""
        os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code when it has ended.

        Raises:
            subprocess.TimeoutExpired: it still runs.
        """
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("gunicorn", timeout or 0)
        return self._process.exitcode


def _serve(arguments: list[str], folder: str, environment: dict[str, str], log: str) -> None:
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    said = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for stream in (1, 2):
        os.dup2(said, stream)
    sys.path.insert(0, folder)
    sys.argv = ["gunicorn", *arguments]
    runpy.run_module("gunicorn", run_name="__main__")
