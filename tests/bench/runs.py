"""A command run to its end: how long it took, what it cost, and how much memory it held."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.certificates import BASE_URL
from tests.bench.load import cpu_seconds, descendants
from tests.bench.stage import Stage
from tests.servers import ROOT

CORES = 2
_LOOK_SECONDS = 0.1
_JOBS = [str(Path(sys.executable).with_name("lms")), "jobs", "run", "--once"]


@dataclass(frozen=True)
class Run:
    """What one command took, from its start to its end."""

    seconds: float
    # Of the command and what it starts.
    cpu_seconds: float
    # The most memory each of its processes had at once, the command first.
    megabytes: tuple[float, ...]


def run_jobs(stage: Stage) -> Run:
    """Run the jobs of an installation that are due."""
    settings = {
        "LMS_INSTANCE": str(stage.folder),
        "LMS_DATABASE_URL": stage.url,
        "LMS_BASE_URL": BASE_URL,
    }
    return run(_JOBS, settings)


def run(command: Sequence[str], settings: Mapping[str, str]) -> Run:
    """Run a command on `CORES` cores.

    Args:
        command: its words.
        settings: what its environment has beside ours.
    """
    began, cpu, peaks = time.perf_counter(), 0.0, dict[int, float]()
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | settings
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        os.sched_setaffinity(process.pid, sorted(os.sched_getaffinity(0))[:CORES])
        while process.poll() is None:
            cpu = max(cpu, cpu_seconds(process.pid))
            for one in (process.pid, *descendants(process.pid)):
                peaks[one] = max(peaks.get(one, 0.0), peak_megabytes(one))
            time.sleep(_LOOK_SECONDS)
    assert process.returncode == 0, f"{command[0]} ended with a fault"
    return Run(time.perf_counter() - began, cpu, tuple(peaks.values()))


def peak_megabytes(process: int) -> float:
    """Return the most memory a process ever held, 0 of one that has gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    found = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(found[0]) / 1024 if found else 0.0
