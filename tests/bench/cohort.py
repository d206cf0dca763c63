"""The certificates of a cohort, signed by the job that an organiser's button asks for."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from certificates.batches import Kind, ask
from certificates.queries import list_standing_ids
from lms.core.clock import utc_now
from lms.core.db import db
from tests.bench.certificates import BASE_URL, all_signed
from tests.bench.load import cpu_seconds, descendants
from tests.bench.stage import Stage
from tests.servers import ROOT

CORES = 2
_LOOK_SECONDS = 0.1
_COMMAND = [str(Path(sys.executable).with_name("lms")), "jobs", "run", "--once"]


@dataclass(frozen=True)
class Run:
    """What one run of the job runner took, from its start to its end."""

    seconds: float
    # Of the runner and the renderer it starts.
    cpu_seconds: float
    # The most memory each of its processes had at once, the runner first.
    megabytes: tuple[float, ...]


def sign_cohort(stage: Stage, count: int) -> tuple[Run, Run]:
    """Sign so many certificates on two cores; return a run with nothing to do, and this one."""
    idle = _run(stage)
    with stage.app.app_context():
        session = db.session()
        cohort_id, actor_id, ids = _prepare(stage, count)
        ask(session, actor_id, cohort_id=cohort_id, kind=Kind.PAPERS, certificate_ids=ids, now=utc_now())
        session.commit()
        _let_go()
    busy = _run(stage)
    with stage.app.app_context():
        assert all_signed(db.session(), ids), "not all were signed"
        _let_go()
    return idle, busy


def _prepare(stage: Stage, count: int) -> tuple[int, int, list[int]]:
    session = db.session()
    cohort, own = stage.cohort(session, count)
    stage.certificates.copy(session, own, is_signed=False)
    session.commit()
    ids = list_standing_ids(session, cohort.id, only_unsigned=True)
    assert len(ids) == count
    return cohort.id, own[0].user_id, ids


def _let_go() -> None:
    db.session.remove()
    db.engine.dispose()


def _run(stage: Stage) -> Run:
    settings = {
        "LMS_INSTANCE": str(stage.folder),
        "LMS_DATABASE_URL": stage.url,
        "LMS_BASE_URL": BASE_URL,
        "PYTHONPATH": str(ROOT),
    }
    began, cpu, peaks = time.perf_counter(), 0.0, dict[int, float]()
    with subprocess.Popen(
        _COMMAND, cwd=ROOT, env=os.environ | settings, stdout=subprocess.DEVNULL
    ) as process:
        os.sched_setaffinity(process.pid, sorted(os.sched_getaffinity(0))[:CORES])
        while process.poll() is None:
            cpu = max(cpu, cpu_seconds(process.pid))
            for one in (process.pid, *descendants(process.pid)):
                peaks[one] = max(peaks.get(one, 0.0), peak_megabytes(one))
            time.sleep(_LOOK_SECONDS)
    assert process.returncode == 0, "the job runner ended with a fault"
    return Run(time.perf_counter() - began, cpu, tuple(peaks.values()))


def peak_megabytes(process: int) -> float:
    """Return the most memory a process ever held, 0 of one that has gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    found = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(found[0]) / 1024 if found else 0.0
