"""The process that reads strangers' PDFs, and the way to it.

Each server process keeps one (`certificates.checking.inspection_worker`), started with the first file, and a
second one from the first time two files come at once. They have an empty environment and read every file in a
child of its own with limits on CPU, memory and time, that can open neither a file nor a connection.
"""

from __future__ import annotations

import atexit
import logging
import os
import signal
import socket
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from flask_babel import lazy_gettext as _l

from certificates.checking.places import Places
from lms.core.errors import Unavailable

log = logging.getLogger(__name__)

WORKER = "certificates.checking.inspection_worker"
ROOT = Path(__file__).parents[2]
"""Where the house stands: the process imports from there."""
START_SECONDS = 40
ANSWER_SECONDS = 20
"""More than the process gives a file, so that it answers itself."""
QUEUE_SECONDS = 15
PLACES = 2
"""Files read side by side by one server process: a slow one of one address leaves a place to the others."""
MAX_REPLY_BYTES = 1_000_000


class Process:
    """One process and the socket to it."""

    def __init__(self) -> None:
        """Start it and wait until it is ready.

        Raises:
            EOFError, OSError: it did not start.
        """
        ours, theirs = socket.socketpair()
        self._connection = Connection(ours.detach())
        self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
            [sys.executable, "-P", "-m", WORKER, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env={"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": "/usr/bin:/bin"},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,  # Ctrl-C is for the server, which lets a file be read to its end
        )
        theirs.close()
        try:
            self._receive(START_SECONDS)
        except (EOFError, OSError):
            self.kill()
            raise

    def ask(self, question: bytes) -> bytes:
        """Return the answer.

        Raises:
            EOFError, OSError: the process died or took too long; kill it.
        """
        self._connection.send_bytes(question)
        return self._receive(ANSWER_SECONDS)

    def kill(self) -> None:
        """End it and its children."""
        self._connection.close()
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def forget(self) -> None:
        """Let go of the socket only: after a fork the process belongs to the parent."""
        self._connection.close()
        self._process.returncode = 0

    def _receive(self, seconds: float) -> bytes:
        if not self._connection.poll(seconds):
            raise TimeoutError(f"no answer in {seconds} s")
        return self._connection.recv_bytes(MAX_REPLY_BYTES)


class Desk:
    """The processes of this server process, one to a place; each reads one file at a time."""

    def __init__(self) -> None:
        self._places = Places(PLACES)
        self._processes: list[Process | None] = [None] * PLACES

    def ask(self, question: bytes, whom: str) -> bytes:
        """Return the answer; threads wait for each other.

        Raises:
            Unavailable: the queue is long, or the process does not start.
        """
        with self._places.take(whom, seconds=QUEUE_SECONDS) as place:
            try:
                process = self._processes[place] = self._processes[place] or Process()
                return process.ask(question)
            except (EOFError, OSError) as error:
                log.warning("inspection process ended: %r", error)
                self._end(place)
                raise Unavailable(
                    _l("The file could not be checked in time. Try again in a minute.")
                ) from error

    def close(self) -> None:
        """End the processes."""
        for place in range(PLACES):
            self._end(place)

    def forget(self) -> None:
        """Leave the processes to the parent, after a fork."""
        for process in self._processes:
            if process is not None:
                process.forget()

    def _end(self, place: int) -> None:
        process, self._processes[place] = self._processes[place], None
        if process is not None:
            process.kill()


_desk = Desk()


def ask(question: bytes, *, whom: str = "") -> bytes:
    """Return what the process answers.

    Args:
        question: see `certificates.checking.inspection_worker`.
        whom: the address it comes from, which gets one file read at a time; empty is the house itself.

    Raises:
        Unavailable: many files are being looked at, or the process does not start.
    """
    return _desk.ask(question, whom)


def close() -> None:
    """End the processes; the next question starts another."""
    _desk.close()


def _after_fork() -> None:
    global _desk  # noqa: PLW0603  (the parent's processes and lock are not ours)
    _desk.forget()
    _desk = Desk()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(close)
