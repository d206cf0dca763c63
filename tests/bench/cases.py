"""What is measured by single requests: ours beside a yardstick's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench import typst_page
from tests.bench.load import FORM, JSON, Burst, burst, raw
from tests.bench.stage import PASSWORD, Stage, wait_until_quiet
from tests.servers import Server

PAPERS = "papers"
PAPER_COUNT = 12
"""Certificates in one burst."""
OK = frozenset({b"200", b"303"})


@dataclass(frozen=True)
class Case:
    """One kind of request; ``part`` is its word for the command line."""

    part: str
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


def sign_ins(count: int) -> list[bytes]:
    """Return sign-ins of the yardstick."""
    body = f"login=orang&password={PASSWORD.replace(' ', '+')}".encode()
    return [raw("POST", "/sign-in", {}, body, FORM)] * count


def pages(count: int) -> list[bytes]:
    """Return openings of the plain page."""
    return [raw("GET", "/page", {})] * count


PAGE = ("a plain page", pages)


def papers(count: int) -> list[bytes]:
    """Return bare WeasyPrint calls."""
    return [raw("GET", "/paper", {})] * count


def typst_papers(count: int) -> list[bytes]:
    """Return typst pages."""
    return [raw("GET", "/typst", {})] * count


def cases(stage: Stage, share: float) -> list[Case]:
    """Return what is measured."""

    def times(number: int) -> int:
        return max(8, int(number * share))

    few, looks = times(24), times(300)
    shown = stage.certificates
    found = [
        Case("saves", "save of an answer", stage.saves, "one upsert", upserts, times(500)),
        Case("starts", "start of a quiz of 30", stage.starts, "one upsert", forms, few),
        Case("drawn", "start, paper drawn ahead", stage.drawn_starts, "one upsert", forms, few),
        Case("submits", "submit of a quiz of 30", stage.submits, "one upsert", forms, few),
        Case("sign-ins", "sign-in", stage.sign_ins, "one hash, one upsert", sign_ins, times(40)),
        Case("lessons", "lesson", stage.lessons, "a plain page", pages, times(300)),
        Case("pages", "quiz page of 30", stage.quiz_pages, "a plain page", pages, times(200)),
        Case("verifications", "verify page by code, first look", shown.first_looks, *PAGE, looks),
        Case("verifications", "… looked at again", shown.looks, *PAGE, looks),
        Case("scans", "scan of a QR, first look", shown.first_scans, *PAGE, looks),
        Case("scans", "… looked at again", shown.scans, *PAGE, looks),
        Case("forgeries", "scan of a forged stamp", shown.forgeries, *PAGE, looks),
        Case(PAPERS, "finished certificate", shown.papers, "bare WeasyPrint", papers, times(PAPER_COUNT)),
    ]
    if typst_page.IS_HERE:
        name, count = "… beside typst", times(PAPER_COUNT)
        found.append(Case(PAPERS, name, shown.papers, "a typst page", typst_papers, count))
    return found


def measure(case: Case, ours: Server, bare: Server, rounds: int) -> tuple[list[Burst], list[Burst]]:
    """Return the bursts of both sides, taken in turns; the first of each is thrown away."""
    found: tuple[list[Burst], list[Burst]] = ([], [])
    sides = [(ours, case.ours, found[0]), (bare, case.bare, found[1])]
    for turn in range(rounds + 1):
        count = case.count if turn else 8
        for server, requests, bursts in sides if turn % 2 else reversed(sides):
            assert server.process is not None
            taken = burst(server.port, server.process.pid, requests(count), OK)
            if turn:
                bursts.append(taken)
            wait_until_quiet(0.2)
    return found
