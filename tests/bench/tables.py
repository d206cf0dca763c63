"""Lines of Markdown tables out of bursts."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from tests.bench.load import Burst

HEAD = """| what | yardstick | ours | yardstick | rate | CPU ours | CPU yardstick | CPU ratio |
|---|---|---:|---:|---:|---:|---:|---:|"""


def row(name: str, bare_name: str, ours: Sequence[Burst], bare: Sequence[Burst]) -> str:
    """Return a line: medians of both sides, and what part of the yardstick we reach."""
    rate, bare_rate = _rate(ours), _rate(bare)
    cpu, bare_cpu = cpu_of(ours), cpu_of(bare)
    # Journeys take a while each.
    digits = 0 if rate >= 20 else 1
    return (
        f"| {name} | {bare_name} | {rate:.{digits}f}/s | {bare_rate:.{digits}f}/s "
        f"| **{100 * rate / bare_rate:.0f} %** "
        f"| {cpu:.1f} ms | {bare_cpu:.1f} ms | {100 * bare_cpu / cpu:.0f} % |"
    )


def cpu_of(bursts: Sequence[Burst]) -> float:
    """Return the median of the server's CPU for one request or journey, in milliseconds."""
    return statistics.median(burst.cpu_ms for burst in bursts)


def _rate(bursts: Sequence[Burst]) -> float:
    return statistics.median(burst.rate for burst in bursts)
