"""Where things stand in a drawing: plain numbers for the templates. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product

from quizzes.statistics.reports import Row

WIDTH, HEIGHT = 480, 230
LEFT, RIGHT, TOP, BOTTOM = 40, 12, 20, 26
"""Room for the words at the edges."""
APART = 20
"""Points nearer than this are moved apart, so that every number can be read."""
FEW = 12
"""Up to so many points all have their number."""
ROW = 30
"""Height of one dumbbell."""


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram, and what it stands for."""

    x: float
    y: float
    width: float
    height: float
    # Percent, 0–100.
    low: int
    high: int
    count: int

    @property
    def middle(self) -> float:
        """Where its label stands."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Histogram:
    """Papers by percent; ``pass_x`` is where the pass mark stands, None without one."""

    bars: Sequence[Bar]
    pass_x: float | None


@dataclass(frozen=True)
class Point:
    """A question by how many get it right and how well it tells."""

    x: float
    y: float
    number: int
    is_checked: bool
    is_numbered: bool

    @property
    def radius(self) -> int:
        """Room for a number, or none."""
        return 9 if self.is_numbered else 4


@dataclass(frozen=True)
class Dumbbell:
    """From before to after; a missing side is None."""

    label: str
    y: int
    before: float
    after: float
    before_x: float
    after_x: float

    @property
    def has_gained(self) -> bool:
        """Whether the second is higher."""
        return self.after > self.before


def draw_histogram(counts: Sequence[int], *, pass_percent: int | None) -> Histogram:
    """Return the bars of ten counts."""
    most, step = max([*counts, 1]), (WIDTH - LEFT - RIGHT) / len(counts)
    room = HEIGHT - TOP - BOTTOM
    bars = []
    for place, count in enumerate(counts):
        height = round(room * count / most, 1)
        x = round(LEFT + place * step + 2, 1)
        low = place * 100 // len(counts)
        high = (place + 1) * 100 // len(counts)
        bars.append(Bar(x, round(HEIGHT - BOTTOM - height, 1), round(step - 4, 1), height, low, high, count))
    return Histogram(bars, None if pass_percent is None else across(pass_percent))


def across(percent: float) -> float:
    """Return where a percent (0–100) stands from left to right."""
    return round(LEFT + (WIDTH - LEFT - RIGHT) * max(0.0, min(100.0, percent)) / 100, 1)


def upwards(correlation: float) -> float:
    """Return where −100 to 100 stands from bottom to top."""
    room = HEIGHT - TOP - BOTTOM
    return round(HEIGHT - BOTTOM - room * (max(-100.0, min(100.0, correlation)) + 100) / 200, 1)


def draw_scatter(rows: Sequence[Row], *, checked: Sequence[int]) -> list[Point]:
    """Return a point for each question of which both are known, those to look at last, on top.

    Of few, every point has its number and those that coincide are moved apart; of many only those to look at
    have one, and all stand where they are.
    """
    points: list[Point] = []
    is_few, taken = len(rows) <= FEW, set[tuple[int, int]]()
    for row in sorted(rows, key=lambda row: row.place.number in checked):
        facility, index = row.statistics.facility, row.statistics.discrimination_index
        if facility is None or index is None or row.analysis.facility is None:
            continue
        x, y, is_checked = across(facility), upwards(index), row.place.number in checked
        if is_few:
            column, line = _free(round(x / APART), round(y / APART), taken)
            taken.add((column, line))
            x, y = float(column * APART), float(line * APART)
        points.append(Point(x, y, row.place.number, is_checked, is_few or is_checked))
    return points


def _free(column: int, line: int, taken: Collection[tuple[int, int]]) -> tuple[int, int]:
    """Return the cell, or the nearest that is free."""
    cells = product(
        range(LEFT // APART, (WIDTH - RIGHT) // APART + 1), range(1, (HEIGHT - BOTTOM) // APART + 1)
    )
    free = [cell for cell in cells if cell not in taken]
    return min(free, key=lambda cell: (cell[0] - column) ** 2 + (cell[1] - line) ** 2)


def draw_dumbbells(rows: Sequence[tuple[str, float, float]]) -> list[Dumbbell]:
    """Return a dumbbell for each label with its percent before and after, one below the other."""
    return [
        Dumbbell(label, TOP + ROW * place + ROW // 2, before, after, across(before), across(after))
        for place, (label, before, after) in enumerate(rows)
    ]


def height_of(rows: Sequence[object]) -> int:
    """Return the height of so many dumbbells with their scale."""
    return TOP + ROW * len(rows) + BOTTOM
