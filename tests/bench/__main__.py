"""Ratios against a bare Flask application, in one run: `python -m tests.bench [part …]` prints Markdown.

Both sides run under gunicorn with the same processes, threads and database settings, on the same disk, and
are asked by the same client. Bursts of both take turns; what is shown is the median. CPU is that of the
server's processes, PDF workers included, from /proc; that of PostgreSQL itself is not in it. Parts: single
requests (saves, starts, drawn, submits, sign-ins, lessons, pages, verifications, scans, forgeries, papers),
whole journeys, the rush of a hall into one second, cohort: 1,000 certificates signed by the job, records:
what matters once more beside 10,000 sittings and beside 1,000,000 answers, and register: checks of
certificates once more beside 1,000,000 others; bank: how long a trainer waits for lists of 100,000 questions;
analysis: the report of a quiz with 100,000 papers; exchange: 10,000 questions of Moodle XML read and stored.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from argon2 import PasswordHasher

from tests.bench import typst_page
from tests.bench.analysis import HEAD as HEAD_OF_ANALYSIS
from tests.bench.analysis import Analysis
from tests.bench.bank import HEAD as HEAD_OF_BANK
from tests.bench.bank import Bank
from tests.bench.cases import PAPER_COUNT, PAPERS, cases, measure
from tests.bench.cohort import sign_cohort
from tests.bench.intake import HEAD as HEAD_OF_INTAKE
from tests.bench.intake import Intake
from tests.bench.load import Burst
from tests.bench.places import Place, places
from tests.bench.records import Records
from tests.bench.register import fill_register
from tests.bench.runs import CORES
from tests.bench.stage import PASSWORD, QUESTIONS, Crew, Stage
from tests.bench.tables import HEAD, cpu_of, row
from tests.bench.visits import bare_journey, crowd, journey, rush
from tests.servers import Server, running

WORKERS, THREADS = 2, 4
HALL = 50
CHECKS = ("verifications", "scans", "forgeries")
SINGLE = ("saves", "starts", "drawn", "submits", "sign-ins", "lessons", "pages", *CHECKS, PAPERS)
LARGE = (PAPERS, "cohort", "records", "register", "bank", "analysis", "exchange")
"""Left out where nothing lasts, unless they are asked for by name."""
PARTS = (*SINGLE, "journeys", "rush", "cohort", "records", "register", "bank", "analysis", "exchange")
COHORT, REGISTER, BANK, ANALYSED, SENT = 1_000, 1_000_000, 100_000, 100_000, 10_000
WITH_RECORDS = {"saves", "starts", "drawn", "submits", "journeys"}
"""What is measured again when much is on record."""
WARM_UP = 16
LEVELS = 3
WAITS = 30
"""Requests of each list of questions."""
CROWDS = 2
"""Rounds of journeys."""


@dataclass(frozen=True)
class Bench:
    """One place, its two servers, and what is asked for."""

    stage: Stage
    ours: Server
    bare: Server
    rounds: int
    share: float
    hash_ms: float

    def warm_up(self) -> None:
        """Let every process meet every template and statement once."""
        people = self.stage.take("beginners", WARM_UP)
        crowd(journey, self.ours.port, _id(self.ours), people, 8)
        crowd(bare_journey, self.bare.port, _id(self.bare), people, 8)

    def table(self, parts: Collection[str]) -> None:
        """Print a line for each part that is a single request, then journeys."""
        if not set(parts) & {*SINGLE, "journeys"}:
            return
        print(f"\n{HEAD}")
        for case in cases(self.stage, self.share):
            if case.part in parts:
                print(
                    row(case.name, case.bare_name, *measure(case, self.ours, self.bare, self.rounds)),
                    flush=True,
                )
        if PAPERS in parts and not typst_page.IS_HERE:
            print("| (typst is not installed here: nothing beside it) | | | | | | | |", flush=True)
        if "journeys" in parts:
            for at_once in (8, HALL):
                self._journeys(at_once)

    def _journeys(self, at_once: int) -> None:
        count = HALL if self.share == 1 else at_once
        ours: list[Burst] = []
        bare: list[Burst] = []
        for _ in range(CROWDS):
            people = self.stage.take("beginners", count)
            for server, way, bursts in ((self.ours, journey, ours), (self.bare, bare_journey, bare)):
                bursts.append(crowd(way, server.port, _id(server), people, at_once))
        name = f"journey, {at_once} people at once"
        print(row(name, "16 bare requests", ours, bare), flush=True)
        beside = cpu_of(ours) - self.hash_ms
        print(
            f"| … beside the password hash ({self.hash_ms:.0f} ms) | | | | | {beside:.1f} ms "
            f"| {cpu_of(bare) - self.hash_ms:.1f} ms | |",
            flush=True,
        )

    def rush(self) -> None:
        """Print how long a hall waits that begins in the same second."""
        print(f"\n| {HALL} people begin in the same second | half wait | the slowest waits | CPU each |")
        print("|---|---:|---:|---:|")
        for kind, name in (("beginners", "papers drawn on the spot"), ("drawn", "papers drawn ahead")):
            found = rush(self.ours.port, _id(self.ours), self.stage.take(kind, HALL))
            middle, slowest = statistics.median(found.seconds), found.seconds[-1]
            each = 1000 * found.cpu_seconds / HALL
            print(f"| {name} | {middle:.2f} s | **{slowest:.2f} s** | {each:.0f} ms |", flush=True)

    def cohort(self) -> None:
        """Print how long the job of an organiser's button takes, and how much memory."""
        count = max(20, int(COHORT * self.share))
        idle, busy = sign_cohort(self.stage, count)
        each = 1000 * (busy.cpu_seconds - idle.cpu_seconds) / count
        memory = ", ".join(f"{size:.0f} MB" for size in busy.megabytes)
        print(f"\n| signed by the job on {CORES} cores | seconds | CPU each | memory: runner, renderer |")
        print("|---|---:|---:|---|")
        print(
            f"| {count:,} | **{busy.seconds - idle.seconds:.1f} s** | {each:.0f} ms | {memory} |", flush=True
        )

    def register(self) -> None:
        """Print the checks of certificates once more beside a full register."""
        count = int(REGISTER * self.share)
        seconds = _timed(lambda: fill_register(self.stage, count))
        print(f"\nWith {count:,} certificates on record (made in {seconds:.0f} s):")
        self.table(CHECKS)

    def bank(self) -> None:
        """Print how long somebody waits who looks for questions among very many."""
        bank, count = Bank(self.stage), int(BANK * self.share)
        seconds = _timed(lambda: bank.fill(count))
        print(f"\nWith {count:,} questions more (made in {seconds:.0f} s), one person at a time:\n")
        print(HEAD_OF_BANK)
        for line in bank.lines(self.ours.port, max(10, int(WAITS * self.share))):
            print(line, flush=True)

    def analysis(self) -> None:
        """Print how long the report of a quiz takes that very many people have taken."""
        analysis, count = Analysis(self.stage), int(ANALYSED * self.share)
        seconds = _timed(lambda: analysis.fill(count))
        print(f"\nWith {count:,} papers more (made in {seconds:.0f} s), one person at a time:\n")
        print(HEAD_OF_ANALYSIS)
        for line in analysis.lines((self.ours.port, _id(self.ours)), max(3, int(WAITS / 3 * self.share))):
            print(line, flush=True)

    def exchange(self, bare_url: str) -> None:
        """Print what it takes to read a large file of another system, and to store what is in it."""
        intake = Intake(self.stage, bare_url)
        print(f"\n{HEAD_OF_INTAKE}")
        for line in intake.lines(self.ours.port, int(SENT * self.share)):
            print(line, flush=True)


def _id(server: Server) -> int:
    assert server.process is not None
    return server.process.pid


def crew(parts: Collection[str], rounds: int, share: float, *, levels: int) -> Crew:
    """Return how many people of each kind the parts use up."""
    burst = max(8, int(24 * share)) * rounds + 8

    def needs(part: str) -> int:
        return burst * levels if part in parts else 0

    crowds = CROWDS * (2 * HALL if share == 1 else 8 + HALL) * levels if "journeys" in parts else 0
    hall = HALL if "rush" in parts else 0
    # A few are left over, for sign-ins and for the model of all records.
    typst = 2 if typst_page.IS_HERE else 1
    papers = typst * (max(8, int(PAPER_COUNT * share)) * rounds + 8) if PAPERS in parts else 0
    return Crew(
        shown=max(8, int(300 * share)) + 1,
        waiting=papers,
        seats=40 + needs("submits"),
        beginners=needs("starts") + crowds + hall + WARM_UP + 10,
        drawn=needs("drawn") + hall,
    )


def bench(place: Place, parts: Collection[str], *, rounds: int, share: float) -> None:
    """Measure everything at one place and print its tables."""
    has_records = "records" in parts
    if has_records and not set(parts) & {*WITH_RECORDS}:
        parts = [*parts, *WITH_RECORDS]
    stage = Stage(place, crew(parts, rounds, share, levels=LEVELS if has_records else 1))
    with both(stage, place) as (ours, bare):
        here = Bench(stage, ours, bare, rounds, share, hash_ms())
        here.warm_up()
        here.table(parts)
        if "rush" in parts:
            here.rush()
        if "cohort" in parts:
            here.cohort()
        if has_records:
            records, again = Records(stage), WITH_RECORDS & set(parts)
            for grow in (lambda: records.grow(int(10_000 * share)), lambda: _fill_up(records, share)):
                seconds = _timed(grow)
                said = f"{records.attempts:,} sittings and {records.answers:,} answers on record"
                print(f"\nWith {said} (made in {seconds:.0f} s):")
                here.table(again)
        if "register" in parts:
            here.register()
        if "bank" in parts:
            here.bank()
        if "analysis" in parts:
            here.analysis()
        if "exchange" in parts:
            here.exchange(place.bare_url)


def _fill_up(records: Records, share: float) -> None:
    records.grow_to_answers(int(1_000_000 * share))


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextlib.contextmanager
def both(stage: Stage, place: Place) -> Iterator[tuple[Server, Server]]:
    """Yield our server and the yardstick's."""
    environment = {"BENCH_DATABASE_URL": place.bare_url, **stage.bare_environment}
    settings = {"workers": WORKERS, "threads": THREADS}
    bare_settings = settings | {"module": "tests.bench.yardstick:app", "environment": environment}
    with (
        running(stage.folder, stage.url, **settings) as ours,
        running(stage.folder, stage.url, **bare_settings) as bare,
    ):
        yield ours, bare


def hash_ms() -> float:
    """Return what comparing one password costs, in milliseconds of CPU."""
    hasher, hashed, taken = PasswordHasher(), Stage.hashed(), []
    for _ in range(9):
        began = time.process_time()
        hasher.verify(hashed, PASSWORD)
        taken.append(1000 * (time.process_time() - began))
    return statistics.median(taken)


def main() -> None:
    """Run all tables that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"what to measure, all unless told: {', '.join(PARTS)}")
    parser.add_argument("--on", action="append", help="sqlite, memory, postgres; all there are unless told")
    parser.add_argument("--quick", action="store_true", help="a tenth of the requests: does it run at all?")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    unknown = set(arguments.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    found = {word: place for word, place in places().items() if word in (arguments.on or [word])}
    print(f"gunicorn, {WORKERS} processes × {THREADS} threads, {arguments.rounds} rounds, median.", end=" ")
    print(f"A journey: sign in, begin, {QUESTIONS} questions each saved, hand in, read the result.")
    for place in found.values():
        with place as here:
            print(f"\n{here.name}:", flush=True)
            share = 0.1 if arguments.quick else 1.0
            usual = [part for part in PARTS if here.is_real or part not in LARGE]
            bench(here, arguments.parts or usual, rounds=arguments.rounds, share=share)
    print("\nA rate of 100 % is the yardstick's; a CPU ratio of 100 % means that we use as much as it does.")


if __name__ == "__main__":
    main()
