"""An installation whose programs may be killed, and on PostgreSQL a database server that may be."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crash.houses import House
from tests.servers import free_port


@dataclass
class Cluster:
    """A private PostgreSQL with its safety on: fsync as in earnest."""

    folder: Path
    binaries: Path
    port: int

    @property
    def url(self) -> str:
        """Address of its database."""
        return f"postgresql://penggerak@127.0.0.1:{self.port}/postgres"

    def run(self, *command: str) -> None:
        """Run one of PostgreSQL's programs as the user it wants to be."""
        switch = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        subprocess.run(
            [*switch, str(self.binaries / command[0]), *command[1:]],
            cwd="/tmp",
            check=True,
            capture_output=True,
        )

    def start(self) -> None:
        """Start and wait until it takes connections; recovers by itself after a kill."""
        options = (
            f"-c listen_addresses=127.0.0.1 -p {self.port} -c unix_socket_directories= -c max_connections=60"
        )
        data, log = str(self.folder / "data"), str(self.folder / "log")
        self.run("pg_ctl", "-D", data, "-w", "-t", "60", "-l", log, "-o", options, "start")

    def kill(self) -> None:
        """Kill the postmaster and all its children."""
        postmaster = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for process in [postmaster, *map(int, children)]:
            os.kill(process, signal.SIGKILL)
        # Shared memory and port are free when the last of them is gone.
        while any(_is_running(process) for process in [postmaster, *map(int, children)]):
            time.sleep(0.02)
        # Where nobody collects dead processes, the number in it still seems to live.
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop it for good."""
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")


def _is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A private PostgreSQL for one test."""
    folder = Path(tempfile.mkdtemp(prefix="penggerak-crash.", dir="/tmp"))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    own = Cluster(folder, Path(os.environ["LMS_TEST_POSTGRES_BIN"]), free_port())
    own.run(
        "initdb",
        "-D",
        str(folder / "data"),
        "-U",
        "penggerak",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    )
    own.start()
    yield own
    own.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def house(instance: Path, database_url: str) -> Iterator[House]:
    """An installation whose programs a test starts and kills; none outlives it."""
    house = House(instance, database_url)
    yield house
    house.close()
