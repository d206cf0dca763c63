"""The blueprint of a quiz, module × level: what is wanted of each cell, and what stands in it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from quizzes.bank.models import QuestionVersion
from quizzes.bank.rules import LEVELS

MAX_WANTED = 50
"""Questions of one cell."""


class Cell(NamedTuple):
    """A module, by its folder, and a level; either is empty where a question does not say."""

    module: str
    level: str


@dataclass(frozen=True)
class Standing:
    """A cell of the table: what is wanted, what stands in it on every paper, on some, and what there is."""

    wanted: int
    least: int
    most: int
    # Ready questions of the bank that this quiz may ask.
    supply: int

    @property
    def state(self) -> str:
        """One of "full", "chance" (with luck of the draw), "lacking", "over" and, nothing wanted, "free"."""
        if not self.wanted:
            return "free"
        if self.least >= self.wanted:
            return "full" if self.most == self.wanted else "over"
        return "chance" if self.most >= self.wanted else "lacking"

    @property
    def is_short(self) -> bool:
        """Whether the bank has too few ready questions for what is wanted."""
        return self.supply < self.wanted


@dataclass(frozen=True)
class Row:
    """A module of the table."""

    module: str
    title: str
    cells: dict[str, Standing] = field(default_factory=dict)


@dataclass(frozen=True)
class Blueprint:
    """The whole table. `outside` counts questions that name no module or no level."""

    rows: Sequence[Row]
    wanted: int
    least: int
    outside: int

    @property
    def is_met(self) -> bool:
        """Whether every cell has on every paper what is wanted of it."""
        return all(cell.least >= cell.wanted for row in self.rows for cell in row.cells.values())


def cell_of(version: QuestionVersion) -> Cell:
    """Return the cell of a question: the module it sends its reader to, and its level."""
    level = str(version.source.get("level") or "")
    return Cell(module_of(version.read), level if level in LEVELS else "")


def module_of(read: str) -> str:
    """Return the folder of the module a place to read is in, empty for none."""
    return read.partition("#")[0].rpartition("/")[0]


def read_wanted(stored: Sequence[Sequence[object]]) -> dict[Cell, int]:
    """Return what is wanted of each cell, as a version stores it."""
    return {Cell(str(module), str(level)): int(str(count)) for module, level, count in stored}


def write_wanted(wanted: Mapping[Cell, int]) -> list[list[object]]:
    """Return what is wanted of each cell in the form that is stored; nothing is not stored."""
    return [[cell.module, cell.level, count] for cell, count in sorted(wanted.items()) if count]


def count_cells(slots: Iterable[tuple[int, Collection[Cell]]]) -> tuple[Counter[Cell], Counter[Cell]]:
    """Return how many questions of each cell every paper has, and how many one may have at most.

    Args:
        slots: of each slot how many questions it takes, and the cells of those it takes them from.
    """
    least: Counter[Cell] = Counter()
    most: Counter[Cell] = Counter()
    for count, cells in slots:
        found = Counter(cells)
        for cell, there in found.items():
            most[cell] += min(count, there)
            least[cell] += max(0, min(count, len(cells)) - (len(cells) - there))
    return least, most


def lay_out(
    modules: Mapping[str, str],
    *,
    wanted: Mapping[Cell, int],
    slots: Iterable[tuple[int, Collection[Cell]]],
    supply: Mapping[Cell, int],
) -> Blueprint:
    """Return the table.

    Args:
        modules: titles of the course's modules by folder, in their order; others that occur come after.
        wanted: questions wanted of a cell.
        slots: as :func:`count_cells`.
        supply: ready questions of a cell.
    """
    least, most = count_cells(slots)
    named = [cell.module for cell in (*wanted, *most) if cell.module and cell.module not in modules]
    titles = dict(modules) | {module: module for module in sorted(set(named))}
    rows = [
        Row(
            module,
            title,
            {
                level: Standing(wanted.get(cell, 0), least[cell], most[cell], supply.get(cell, 0))
                for level in LEVELS
                for cell in [Cell(module, level)]
            },
        )
        for module, title in titles.items()
    ]
    outside = sum(count for cell, count in most.items() if not (cell.module and cell.level))
    return Blueprint(rows, sum(wanted.values()), sum(least.values()), outside)
