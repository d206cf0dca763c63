"""Ratios against a bare Flask application, in one run: `python -m tests.bench` prints Markdown tables.

Both sides run under gunicorn with the same processes, threads and SQLite settings, on the same disk, and are
asked by the same client. Bursts of both take turns; what is shown is the median. CPU is that of the server's
processes, PDF workers included, from /proc. Once with the disk's fsync, once in memory without.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.load import Burst, burst, raw
from tests.bench.stage import FORM, JSON, PASSWORD, Stage, wait_until_quiet
from tests.servers import Server, running

OK = frozenset({b"200", b"303"})
WORKERS, THREADS = 2, 4


@dataclass(frozen=True)
class Case:
    """One kind of request, ours and the yardstick's."""

    name: str
    ours: Callable[[int], list[bytes]]
    bare_name: str
    bare: Callable[[int], list[bytes]]
    count: int


def upserts(count: int) -> list[bytes]:
    """Return upserts of the yardstick that carry what a save carries."""
    body = b'{"position": 1, "event": "%06d", "sequence": 1, "raw": {"choice": ["1"]}, "flagged": false}'
    return [raw("POST", "/upsert", {}, body % (number % 500), JSON) for number in range(count)]


def forms(count: int) -> list[bytes]:
    """Return short forms that end in one upsert."""
    return [raw("POST", "/form", {}, b"key=%d" % number, FORM) for number in range(count)]


def bare_sign_ins(count: int) -> list[bytes]:
    """Return sign-ins of the yardstick."""
    body = f"login=orang&password={PASSWORD.replace(' ', '+')}".encode()
    return [raw("POST", "/sign-in", {}, body, FORM)] * count


def pages(count: int) -> list[bytes]:
    """Return openings of the plain page."""
    return [raw("GET", "/page", {})] * count


def bare_papers(count: int) -> list[bytes]:
    """Return bare WeasyPrint calls."""
    return [raw("GET", "/paper", {})] * count


def cases(stage: Stage, share: float) -> list[Case]:
    """Return what is measured."""

    def times(number: int) -> int:
        return max(8, int(number * share))

    return [
        Case("save of an answer", stage.saves, "one upsert", upserts, times(600)),
        Case("submit of a quiz", stage.submits, "one upsert", forms, times(40)),
        Case("sign-in", stage.sign_ins, "one hash, one upsert", bare_sign_ins, times(40)),
        Case("lesson", stage.lessons, "a plain page", pages, times(400)),
        Case("quiz page", stage.quiz_pages, "a plain page", pages, times(400)),
        Case("verify page", stage.verifications, "a plain page", pages, times(400)),
        Case("certificate (PDF)", stage.papers, "bare WeasyPrint", bare_papers, times(12)),
    ]


def measure(case: Case, ours: Server, bare: Server, rounds: int) -> tuple[list[Burst], list[Burst]]:
    """Return the bursts of both sides, taken in turns; the first of each is thrown away."""
    found: tuple[list[Burst], list[Burst]] = ([], [])
    sides = [(ours, case.ours, found[0]), (bare, case.bare, found[1])]
    for turn in range(rounds + 1):
        count = case.count if turn else max(8, case.count // 5)
        for server, requests, bursts in sides if turn % 2 else reversed(sides):
            assert server.process is not None
            taken = burst(server.port, server.process.pid, requests(count), OK)
            if turn:
                bursts.append(taken)
            wait_until_quiet(0.2)
    return found


def row(case: Case, ours: list[Burst], bare: list[Burst]) -> str:
    """Return a line of the table."""
    rate, bare_rate = (statistics.median(b.rate for b in side) for side in (ours, bare))
    cpu, bare_cpu = (statistics.median(b.cpu_ms for b in side) for side in (ours, bare))
    return (
        f"| {case.name} | {case.bare_name} | {rate:.0f}/s | {bare_rate:.0f}/s "
        f"| **{100 * rate / bare_rate:.0f} %** "
        f"| {cpu:.1f} ms | {bare_cpu:.1f} ms | {100 * bare_cpu / cpu:.0f} % |"
    )


HEAD = """| what | yardstick | ours | yardstick | rate | CPU ours | CPU yardstick | CPU ratio |
|---|---|---:|---:|---:|---:|---:|---:|"""


def bench(parent: Path, *, rounds: int, share: float, only: str) -> None:
    """Measure everything on the disk of ``parent`` and print the table."""
    folder = Path(tempfile.mkdtemp(prefix="penggerak-bench.", dir=parent))
    try:
        submits = max(8, int(40 * share))
        stage = Stage(folder / "instance", seats=submits * (rounds + 1) + 40)
        bare_url = f"sqlite:///{folder / 'bare.sqlite'}"
        settings = {"workers": WORKERS, "threads": THREADS}
        environment = {"BENCH_DATABASE_URL": bare_url, "BENCH_PAPER": str(folder / "instance" / "paper.html")}
        with contextlib.ExitStack() as stack:
            ours = stack.enter_context(running(stage.folder, stage.url, **settings))
            bare = stack.enter_context(
                running(
                    stage.folder,
                    stage.url,
                    module="tests.bench.yardstick:app",
                    environment=environment,
                    **settings,
                )
            )
            print(HEAD)
            for case in [case for case in cases(stage, share) if only in case.name]:
                print(row(case, *measure(case, ours, bare, rounds)), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Run both tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the requests: does it run at all?")
    parser.add_argument("--only", default="", help="part of the name of a line")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    share = 0.1 if arguments.quick else 1.0
    root = Path(__file__).parents[2] / ".bench"
    root.mkdir(exist_ok=True)
    print(
        f"gunicorn, {WORKERS} processes × {THREADS} threads, SQLite WAL, {arguments.rounds} rounds, median\n"
    )
    print("With fsync (synchronous=FULL on disk):\n")
    bench(root, rounds=arguments.rounds, share=share, only=arguments.only)
    if Path("/dev/shm").is_dir():
        print("\nWithout fsync (the same files in memory):\n")
        bench(Path("/dev/shm"), rounds=arguments.rounds, share=share, only=arguments.only)
    print("\nA rate of 100 % is the yardstick's; a CPU ratio of 100 % means that we use as much as it does.")


if __name__ == "__main__":
    sys.exit(main())
