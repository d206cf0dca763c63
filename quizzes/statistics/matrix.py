"""A table of marks as text: one row a person, one column a question, first the maximum marks. Pure."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import chain

from lms.core.errors import LmsError
from quizzes.statistics.classical import (
    ItemMarks,
    ItemStatistics,
    QuizStatistics,
    analyse_items,
    analyse_quiz,
)

GUESS = "guess"
"""First cell of the row that says what blind guessing earns."""

MOST_COLUMNS = 2000
MOST_DECIMALS = 20
_NUMBER = re.compile(r"[-+]?([0-9]{1,12}(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,2})?\Z")
_COMMA = re.compile(r"[-+]?[0-9.]*,[0-9]+\Z")


class MatrixFault(LmsError):
    """The table cannot be read; the message says where. ``row`` and ``column`` are counted from 1."""

    status = 422

    def __init__(self, reason: str, *, row: int = 0, column: int = 0) -> None:
        places = [f"row {row}"] if row else []
        places += [f"column {column}"] if column else []
        super().__init__(f"{', '.join(places)}: {reason}" if places else reason)
        self.row, self.column = row, column


@dataclass(frozen=True)
class Matrix:
    """Marks of people by question, as whole numbers: so many of ``unit`` make one mark."""

    names: Sequence[str]
    maxima: Sequence[int]
    guesses: Sequence[Fraction | None]
    # The marks of one person each.
    rows: Sequence[Sequence[int]]
    unit: int


@dataclass(frozen=True)
class Analysis:
    """All statistics of a table."""

    quiz: QuizStatistics
    questions: Sequence[ItemStatistics]


@dataclass(frozen=True)
class _Line:
    """A line of the file that holds something: where it stands, and its cells without blanks around them."""

    number: int
    cells: list[str]


def read_matrix(lines: Iterable[str]) -> Matrix:
    """Return the table.

    A first row of words names the questions, and a first column of words the people; both may be missing.
    Cells are parted by commas, semicolons or tabs. Rows are read one by one and kept as numbers.

    Raises:
        MatrixFault: with row and column: no number, a decimal comma, more marks than the maximum, …
    """
    table = _read_lines(lines)
    first = next(table, None)
    if first is None:
        raise MatrixFault("the file is empty; the first row has the maximum marks")
    names = first.cells if _has_names(first) else []
    first = next(table, None) if names else first
    if first is None:
        raise MatrixFault("a row with the maximum marks is missing")
    shift = int(_has_labels(first))
    width = len(first.cells) - shift
    names, maxima = _fit_names(names, width), _read_maxima(first, shift=shift)
    second = next(table, None)
    if second is not None and second.cells[0].casefold() == GUESS:
        guesses, people = _read_guesses(second, width), table
    else:
        guesses, people = [None] * width, chain([second] if second else [], table)
    marks = [_read_marks(line, maxima, shift=shift) for line in people]
    return _in_whole_units(names, maxima, guesses, marks)


def analyse(matrix: Matrix) -> Analysis:
    """Return the statistics of a table."""
    totals = [sum(row) for row in matrix.rows]
    items = [
        ItemMarks(
            name, maximum, Counter(zip((row[place] for row in matrix.rows), totals, strict=True)), guess
        )
        for place, (name, maximum, guess) in enumerate(
            zip(matrix.names, matrix.maxima, matrix.guesses, strict=True)
        )
    ]
    return Analysis(analyse_quiz(Counter(totals), items, unit=matrix.unit), analyse_items(items))


def _read_lines(lines: Iterable[str]) -> Iterator[_Line]:
    """Yield the lines that hold something."""
    text, skipped, first = iter(lines), 0, ""
    for line in text:
        first = line.removeprefix("\ufeff")
        if first.strip():
            break
        skipped += 1
    delimiter = next((sign for sign in ("\t", ";") if sign in first), ",")
    reader = csv.reader(chain([first], text), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _Line(reader.line_num + skipped, [cell.strip() for cell in cells])
    except csv.Error as error:
        raise MatrixFault(str(error), row=reader.line_num + skipped) from None


def _has_names(line: _Line) -> bool:
    """Return whether a row names the questions; a word in its first column alone names the row: "max"."""
    told = line.cells[1:] if len(line.cells) > 1 else line.cells
    return any(cell and not _is_number(cell) and not _COMMA.match(cell) for cell in told)


def _fit_names(names: list[str], width: int) -> list[str]:
    """Return a name for each question; a word above the column of people is dropped."""
    if not names:
        return [f"Q{place}" for place in range(1, width + 1)]
    if len(names) not in {width, width + 1}:
        raise MatrixFault(f"{len(names)} names stand above {width} questions", row=1)
    return names[len(names) - width :]


def _has_labels(line: _Line) -> bool:
    """Return whether the first column names people: then there is no maximum above it."""
    first = line.cells
    return len(first) > 1 and not _is_number(first[0]) and not _COMMA.match(first[0])


def _read_maxima(line: _Line, *, shift: int) -> list[Decimal]:
    if len(line.cells) - shift > MOST_COLUMNS:
        raise MatrixFault(f"more than {MOST_COLUMNS} questions", row=line.number)
    maxima = [_number(cell, line.number, place) for place, cell in enumerate(line.cells[shift:], 1 + shift)]
    for place, maximum in enumerate(maxima, 1 + shift):
        if maximum < 0:
            raise MatrixFault("maximum marks are not negative", row=line.number, column=place)
    return maxima


def _read_guesses(line: _Line, width: int) -> list[Fraction | None]:
    """Return the shares guessing earns; in a row with "%" or one above 1 all are percentages."""
    cells = line.cells[1:]
    if len(cells) != width:
        raise MatrixFault(f"{len(cells)} guess scores for {width} questions", row=line.number)
    found = [
        Fraction(_number(cell.removesuffix("%"), line.number, place)) if cell else None
        for place, cell in enumerate(cells, 2)
    ]
    is_percent = any(one is not None and one > 1 for one in found) or any("%" in cell for cell in cells)
    most = 100 if is_percent else 1
    for place, one in enumerate(found, 2):
        if one is not None and not -most <= one <= most:
            raise MatrixFault("a guess score is 0 to 1, or 0 to 100 percent", row=line.number, column=place)
    return [None if one is None else one / most for one in found]


def _read_marks(line: _Line, maxima: Sequence[Decimal], *, shift: int) -> list[Decimal]:
    cells = line.cells[shift:]
    if len(cells) != len(maxima):
        hint = "; a decimal comma?" if len(cells) > len(maxima) else ""
        raise MatrixFault(f"{len(cells)} marks for {len(maxima)} questions{hint}", row=line.number)
    try:
        marks = [_read(cell) for cell in cells]
    except ValueError:
        marks = [_number(cell, line.number, place) for place, cell in enumerate(cells, 1 + shift)]
    for place, (mark, maximum) in enumerate(zip(marks, maxima, strict=True), 1 + shift):
        if mark > maximum or -mark > maximum:
            raise MatrixFault(f"{mark} of at most {maximum} marks", row=line.number, column=place)
    return marks


def _number(cell: str, row: int, column: int) -> Decimal:
    try:
        return _read(cell)
    except ValueError as error:
        raise MatrixFault(str(error), row=row, column=column) from None


@lru_cache(maxsize=10_000)
def _read(cell: str) -> Decimal:
    """Return the number in a cell; the same few stand in a file over and over.

    Raises:
        ValueError: why it is none.
    """
    if _COMMA.match(cell):
        raise ValueError(f"“{cell}” has a decimal comma; write {cell.replace('.', '').replace(',', '.')}")
    if not cell:
        raise ValueError("empty; write 0 where nothing was answered")
    if not _is_number(cell):
        raise ValueError(f"“{cell[:40]}” is no number")
    value = Decimal(cell)
    if _decimals(value) > MOST_DECIMALS:
        raise ValueError(f"more than {MOST_DECIMALS} decimals")
    return value


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _is_number(cell: str) -> bool:
    return _NUMBER.match(cell) is not None


def _in_whole_units(
    names: Sequence[str],
    maxima: Sequence[Decimal],
    guesses: Sequence[Fraction | None],
    marks: Sequence[Sequence[Decimal]],
) -> Matrix:
    distinct = {mark for row in [maxima, *marks] for mark in row}
    unit = 10 ** max(map(_decimals, distinct), default=0)
    # By way of fractions: a product of decimals would be rounded.
    whole = {mark: int(Fraction(mark) * unit) for mark in distinct}
    return Matrix(
        names,
        [whole[mark] for mark in maxima],
        guesses,
        [[whole[mark] for mark in row] for row in marks],
        unit,
    )
