"""The header of a sheet, found by its words in whatever row; its columns by what they are called."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from flask_babel import lazy_gettext as _l

from lms.core.text import fold
from quizzes.exchange.contract import Text, Unreadable
from quizzes.exchange.sheets.rows import Row, Sheet

HEADER_ROWS = 40
"""The header stands within so many rows with something in them: templates have a title and rules above it."""

_ASIDE = re.compile(r"\([^)]*\)|\*")
_REMARK = re.compile(r"\s[-–—:]\s.*", re.DOTALL)
_NO_WORD = re.compile(r"[\W_]+")


class RowFault(ValueError):
    """A row cannot be read; the message says why."""

    def __init__(self, message: Text) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class Table:
    """A sheet whose header was found: the column of each field, counted from 0, and the rows below."""

    sheet: Sheet
    header: Row
    columns: Mapping[str, int]
    unknown: tuple[str, ...] = ()

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header."""
        for row in self.sheet.rows():
            if row.number > self.header.number:
                yield row

    def text(self, row: Row, field: str) -> str:
        """Return what a row says in a field, empty where the sheet has no such column."""
        return row.cell(self.columns.get(field)).text

    def fault(self, row: Row) -> Text | None:
        """Return why a cell of a row cannot be read, the first there is."""
        for column in self.columns.values():
            reason = row.cell(column).fault
            if reason is not None:
                name = self.header.cell(column).text
                fault: Text = _l("Column “%(name)s”: %(reason)s", name=name, reason=reason)
                return fault
        return None


def fold_header(text: str) -> str:
    """Return a header without what explains it: “Answer 1 - max 75 characters” is “answer 1”."""
    return _NO_WORD.sub(" ", _ASIDE.sub(" ", _REMARK.sub("", fold(text)))).strip()


def find_table(sheets: Sequence[Sheet], names: Mapping[str, str], required: Collection[str]) -> Table | None:
    """Return the first table with all ``required`` fields, None where there is none.

    Args:
        sheets: in the order in which they are tried.
        names: field by header, folded by `fold_header`.
        required: fields without which a row is no header.

    Raises:
        Unreadable: a sheet is damaged, and none has the header.
    """
    trouble: Unreadable | None = None
    for sheet in sheets:
        try:
            for row in islice(sheet.rows(), HEADER_ROWS):
                columns, unknown = _columns(row, names)
                if set(required) <= set(columns):
                    return Table(sheet, row, columns, unknown)
        except Unreadable as error:
            trouble = error
    if trouble is not None:
        raise trouble
    return None


def _columns(row: Row, names: Mapping[str, str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return the column of each field that the row names; the first where it stands twice."""
    columns: dict[str, int] = {}
    unknown = []
    for place, cell in enumerate(row.cells):
        field = names.get(fold_header(cell.text))
        if field is None and cell.text:
            unknown.append(cell.text)
        elif field is not None:
            columns.setdefault(field, place)
    return columns, tuple(unknown)
