"""Programs of an installation that are killed at their work: the server, and runners of jobs."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.core.jobs.models import Job
from tests.crash.slow_runner import AT_WORK
from tests.servers import ROOT
from tests.warm import CONTEXT

PATIENCE_SECONDS = 240
Script = Callable[[], None]


@dataclass
class House:
    """An installation whose programs are started, killed and, whatever happens, ended."""

    instance: Path
    database_url: str
    servers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    runners: list[ForkServerProcess] = field(default_factory=list)

    @property
    def log(self) -> str:
        """The end of what the programs said."""
        return self._log.read_text()[-2000:]

    @property
    def _log(self) -> Path:
        return self.instance / "programs.log"

    @property
    def _environment(self) -> dict[str, str]:
        return {"LMS_INSTANCE": str(self.instance), "LMS_DATABASE_URL": self.database_url}

    def serve(self, **settings: str) -> subprocess.Popen[bytes]:
        """Start a server as `lms serve` does."""
        with self._log.open("ab") as log:
            server = subprocess.Popen(
                [sys.executable, "-c", "from lms.cli import main; main()", "serve"],
                cwd=ROOT,
                env=os.environ | self._environment | settings,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.servers.append(server)
        return server

    def start_runner(self, script: Script) -> ForkServerProcess:
        """Start one of the runners of `tests.crash.slow_runner`."""
        process = CONTEXT.Process(target=_work, args=(script, self._environment, self._log))
        process.start()
        self.runners.append(process)
        return process

    def close(self) -> None:
        """Kill all that still run."""
        for server in self.servers:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        for process in self.runners:
            process.kill()
            process.join()


def _work(script: Script, environment: dict[str, str], log: Path) -> None:
    os.environ |= environment
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    script()


class Crew:
    """Two runners of one installation: whoever has the seat works, the other waits to take over."""

    def __init__(self, house: House, script: Script, chance: random.Random) -> None:
        self._house, self._script, self._chance = house, script, chance
        self._alive = [house.start_runner(script) for _ in range(2)]
        self.kills = 0

    def kill_now_and_then(self, count_done: Callable[[], int], *, jobs: int, kills: int) -> None:
        """Kill whoever works, so many times and evenly over all jobs, until all of these are done."""
        end = time.monotonic() + PATIENCE_SECONDS
        while (done := count_done()) < jobs and time.monotonic() < end:
            if self.kills < kills and done * kills >= jobs * self.kills:
                self._kill_worker(end)
            time.sleep(0.02)
        for process in self._alive:
            process.kill()
            process.join()

    def _kill_worker(self, end: float) -> None:
        """Kill the one at work, at any point of its work; another one comes and waits behind the next."""
        while (place := self._find_worker()) is None:
            assert time.monotonic() < end, self._house.log
            time.sleep(0.005)
        time.sleep(self._chance.uniform(0, 0.06))
        self._alive[place].kill()
        self._alive[place].join()
        self._alive[place] = self._house.start_runner(self._script)
        self.kills += 1

    def _find_worker(self) -> int | None:
        with contextlib.suppress(FileNotFoundError):
            at_work = (self._house.instance / AT_WORK).read_text()
            return next((i for i, process in enumerate(self._alive) if str(process.pid) == at_work), None)
        return None


def count_begun_again(session: Session, kind: str) -> int:
    """Return how many jobs of a kind were begun more than once."""
    return session.scalar(select(func.count()).where(Job.kind == kind, Job.tries > 1)) or 0


def wait_for(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, or patience is over."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so() and time.monotonic() < end:
        time.sleep(0.05)
