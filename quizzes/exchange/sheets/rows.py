"""Rows of a spreadsheet, XLSX or CSV, whatever program wrote it; hostile ones are refused before reading.

An XLSX file is a zip: sizes, ratios and counts are looked at before anything is unpacked, its parts for
document types and for more rows than we take before openpyxl sees them. Rows are read one after another.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import openpyxl
from flask_babel import lazy_gettext as _l
from openpyxl.utils.cell import coordinate_to_tuple

from quizzes.exchange.contract import Text, Unreadable
from quizzes.exchange.decoding import check_size, decode
from quizzes.exchange.limits import MAX_QUESTIONS
from quizzes.exchange.packages import ZIP, Package
from quizzes.exchange.sheets.cells import EMPTY, Cell, arm, text_cell, value_cell

TEXT_ENDINGS = (".csv", ".tsv")
ENDINGS = (".xlsx", ".xlsm", *TEXT_ENDINGS)
MAX_COLUMNS = 100
MAX_SHEETS = 20
MAX_SCANNED_ROWS = 100_000
"""Rows looked at, empty ones too: a sheet may claim a million."""
MAX_FILLED_ROWS = MAX_QUESTIONS + 100
"""Rows with something in them: a title and a header stand above the questions."""
MAX_PART_BYTES = 80_000_000
"""Of all parts together, pictures too; twenty thousand long questions take a quarter of it."""
MAX_PARTS = 2_000
MAX_STRINGS = 300_000
MAX_MERGES = 5_000
PEEKED_BYTES, PEEKED_PARTS = 300_000, 2
_PEEKED = ("xl/sharedStrings", "xl/worksheets/sheet1.")

OLE = b"\xd0\xcf\x11\xe0"
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_DELIMITERS = (";", ",", "\t")
_HEAD = 2_000
"""Characters of a CSV file that are looked at for its separator."""
_FILLED_ROW = re.compile(rb"<row\b[^>]{0,300}>\s{0,50}<c\b[^>]{0,200}>\s{0,50}<(?:v|f|is)\b")
_UNANSWERED = re.compile(
    rb'<c\b[^>]{0,100}?\br="([A-Z]{1,3}[0-9]{1,7})"[^>]{0,100}>\s{0,50}'
    rb"<f\b[^>]{0,300}(?:/>|>[^<]{0,9000}</f>)\s{0,50}(?:<v\s?/>|<v></v>)?\s{0,50}</c>"
)
_MERGED = re.compile(rb'<mergeCell\b[^>]{0,50}\bref="([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})"')
_NO_RESULT = _l("It holds a formula without a result: open the file in Excel, save it, send it again.")


@dataclass(frozen=True)
class Row:
    """A row with something in it, and its number in the sheet, 1 for the first."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, column: int | None) -> Cell:
        """Return the cell of a column, counted from 0; an empty one where there is none."""
        return self.cells[column] if column is not None and column < len(self.cells) else EMPTY

    def shown(self) -> str:
        """Return the row in one line, to be shown beside what was read from it."""
        return " | ".join(cell.text.replace("\n", " / ") for cell in self.cells).rstrip("| ")


@dataclass(frozen=True)
class Sheet:
    """A sheet, or one way to split a CSV file; ``rows`` reads it from the top each time it is called."""

    title: str
    rows: Callable[[], Iterator[Row]]
    guesses: tuple[Text, ...] = ()


def is_workbook(data: bytes) -> bool:
    """Say whether bytes look like an Excel file."""
    return data.startswith(ZIP) and b"xl/workbook" in data and b"word/document.xml" not in data


def peek(data: bytes, name: str) -> str:
    """Return the first words of a spreadsheet, cheaply and folded; empty where it is none."""
    try:
        if not is_workbook(data):
            return decode(data[:_HEAD])[0].casefold() if name.casefold().endswith(TEXT_ENDINGS) else ""
        package = Package(data, max_files=MAX_PARTS)
        parts = [part for part in package.names() if part.startswith(_PEEKED)]
        xml = b" ".join(package.begin(part, PEEKED_BYTES) for part in parts[:PEEKED_PARTS])
    except Unreadable:
        return ""
    return re.sub(r"<[^<>]{0,500}>", " ", xml.decode("utf-8", "replace")).casefold()


def open_sheets(data: bytes) -> list[Sheet]:
    """Return the visible sheets of an XLSX file, or the ways to split a CSV file, likeliest first.

    Raises:
        Unreadable: no spreadsheet, damaged, or beyond a limit; reading rows may raise it too.
    """
    check_size(data)
    if data.startswith(OLE):
        raise Unreadable(
            _l("This is an old or password-protected Excel file. Save it as .xlsx without a password.")
        )
    if is_workbook(data):
        return _workbook_sheets(data)
    if data.startswith(ZIP):
        raise Unreadable(_l("This is neither an Excel file (.xlsx) nor a CSV file (.csv), or a damaged one."))
    text, guesses = decode(data)
    is_long = text.count("\n") > MAX_FILLED_ROWS
    if is_long and min(_count_rows(text, mark) for mark in _DELIMITERS) > MAX_FILLED_ROWS:
        raise _too_many()
    return _text_sheets(text, guesses)


# CSV


def _text_sheets(text: str, guesses: tuple[Text, ...]) -> list[Sheet]:
    first, _end, rest = text.partition("\n")
    named = re.fullmatch(r"sep=(.)", first.strip(), re.IGNORECASE)
    if named:
        return [Sheet("", lambda: _text_rows(rest, named[1], first_row=2), guesses)]
    marks = sorted(_DELIMITERS, key=lambda mark: -text.count(mark, 0, _HEAD))

    def rows(delimiter: str) -> Callable[[], Iterator[Row]]:
        return lambda: _text_rows(text, delimiter, first_row=1)

    return [Sheet("", rows(mark), guesses) for mark in marks]


def _count_rows(text: str, delimiter: str) -> int:
    """Return how many rows a file has if it is split so; one that cannot be split has none."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    try:
        return sum(1 for values in reader if any(values))
    except csv.Error:
        return 0


def _text_rows(text: str, delimiter: str, *, first_row: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    count = 0
    try:
        for number, values in enumerate(reader, first_row):
            cells = tuple(text_cell(arm(value.strip())) for value in values[:MAX_COLUMNS])
            if any(cell.text or cell.fault for cell in cells):
                count += 1
                _check_count(count)
                yield Row(number, cells)
    except csv.Error as error:
        raise Unreadable(
            _l(
                "Line %(line)s: a quotation mark is never closed, or a cell is too long.",
                line=reader.line_num,
            )
        ) from error


# XLSX


def _workbook_sheets(data: bytes) -> list[Sheet]:
    try:
        parts = _checked_parts(data)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"][:MAX_SHEETS]
        return [_workbook_sheet(sheet, parts) for sheet in seen]
    except Unreadable:
        raise
    except Exception as error:  # openpyxl raises whatever its parts raise on a damaged file
        raise _damaged() from error


def _workbook_sheet(sheet: Any, parts: Mapping[str, _Part]) -> Sheet:
    part = parts.get(sheet._worksheet_path.lstrip("/"), _Part())
    return Sheet(sheet.title, lambda: _workbook_rows(sheet, part))


@dataclass(frozen=True)
class _Part:
    """What openpyxl does not tell of a sheet: by (row, column) formulas without a result; joined cells."""

    unanswered: frozenset[tuple[int, int]] = frozenset()
    joined: tuple[tuple[int, int, int, int], ...] = ()


def _checked_parts(data: bytes) -> dict[str, _Part]:
    """Return what is to know of each sheet before it is read.

    Raises:
        Unreadable: it unpacks to too much, holds a document type, or more rows or texts than we take.
    """
    package, found, total = Package(data, max_files=MAX_PARTS), {}, 0
    for path in package.names():
        # Whatever it is called: a workbook names its parts itself, a sheet may be called picture.png.
        body = package.read(path, max_bytes=MAX_PART_BYTES)
        total += len(body)
        if any(doctype in body for doctype in _DOCTYPES):
            raise Unreadable(_l("A document type (<!DOCTYPE …>) or entity is not allowed."))
        if total > MAX_PART_BYTES or body.count(b"<si") > MAX_STRINGS or _filled_rows(body) > MAX_FILLED_ROWS:
            raise _too_many()
        if path.startswith("xl/worksheets/"):
            found[path] = _look_at(body)
    return found


def _filled_rows(body: bytes) -> int:
    return sum(1 for _row in _FILLED_ROW.finditer(body))


def _look_at(body: bytes) -> _Part:
    unanswered = frozenset(
        coordinate_to_tuple(match[1].decode()) for match in islice(_UNANSWERED.finditer(body), MAX_STRINGS)
    )
    joined = tuple(
        (*coordinate_to_tuple(match[1].decode()), *coordinate_to_tuple(match[2].decode()))
        for match in islice(_MERGED.finditer(body), MAX_MERGES)
    )
    return _Part(unanswered, joined)


def _workbook_rows(sheet: Any, part: _Part) -> Iterator[Row]:
    """Yield the rows with something in them; cells joined downwards say the same in each of their rows."""
    sheet.reset_dimensions()
    joined = _Joined(part.joined)
    count = 0
    try:
        for number, values in enumerate(sheet.iter_rows(max_row=MAX_SCANNED_ROWS, max_col=MAX_COLUMNS), 1):
            cells = [_cell(value, (number, column), part) for column, value in enumerate(values, 1)]
            joined.fill(cells, number)
            if any(cell.text or cell.fault for cell in cells):
                count += 1
                _check_count(count)
                yield Row(number, _trimmed(cells))
    except Unreadable:
        raise
    except Exception as error:  # as above
        raise _damaged() from error


class _Joined:
    """Cells that are joined over several rows; asked row by row, from the top."""

    def __init__(self, areas: tuple[tuple[int, int, int, int], ...]) -> None:
        tall = [area for area in areas if area[2] > area[0] and area[1] <= MAX_COLUMNS]
        self._coming = sorted(tall, reverse=True)
        # By column: until which row, and what.
        self._open: dict[int, tuple[int, Cell]] = {}

    def fill(self, cells: list[Cell], number: int) -> None:
        """Put what joined cells say into a row that has something of its own."""
        is_filled = any(cell.text for cell in cells)
        for column, (bottom, cell) in self._open.items():
            if number <= bottom and is_filled:
                cells.extend([EMPTY] * (column - len(cells)))
                cells[column - 1] = cell
        while self._coming and self._coming[-1][0] <= number:
            top, left, bottom, _right = self._coming.pop()
            if top == number and left <= len(cells):
                self._open[left] = (bottom, cells[left - 1])


def _cell(cell: Any, place: tuple[int, int], part: _Part) -> Cell:
    if place in part.unanswered:
        return Cell(fault=_NO_RESULT)
    if cell.value is None:
        return EMPTY
    if cell.data_type == "e":
        return Cell(fault=_l("It holds %(error)s: mend the formula, send it again.", error=cell.value))
    return value_cell(cell.value, cell.number_format or "General")


def _trimmed(cells: list[Cell]) -> tuple[Cell, ...]:
    while cells and cells[-1] is EMPTY:
        cells.pop()
    return tuple(cells)


def _check_count(count: int) -> None:
    if count > MAX_FILLED_ROWS:
        raise _too_many()


def _too_many() -> Unreadable:
    return Unreadable(_l("More than %(count)s questions. Split the file.", count=MAX_QUESTIONS))


def _damaged() -> Unreadable:
    return Unreadable(_l("This Excel file is damaged. Open it, save it again as .xlsx and send that."))
