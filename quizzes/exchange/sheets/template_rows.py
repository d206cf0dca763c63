"""A row of our own sheet, asked for by field; and its texts, which are inline Markdown of people. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from flask_babel import lazy_gettext as _l

from lms.core.numbers import UNITS, NumberFault, read_number, show
from quizzes.exchange.contract import Text
from quizzes.exchange.markup import BREAK
from quizzes.exchange.sheets.cells import Cell
from quizzes.exchange.sheets.header import RowFault, Table
from quizzes.exchange.sheets.rows import Row
from quizzes.exchange.sheets.template_words import ANSWERS, LETTERS, OPTION, Words, find_word

Key = TypeVar("Key")

_MARK = re.compile(r"\{(\s*[a-z_]+):")
_PICTURE = re.compile(r"\{gambar:[^{}|]*\|([^{}]*)\}")
_HARD_BREAK = re.compile(r"(?<!\\)((?:\\\\)*)\\\n")
_OPEN_END = re.compile(r"(?<!\\)((?:\\\\)*)\\$")


@dataclass
class Record:
    """A row under a header. What is guessed while it is read gathers in ``guesses``."""

    table: Table
    row: Row
    guesses: list[Text] = field(default_factory=list)

    def cell(self, name: str) -> Cell:
        """Return the cell of a field; an empty one where there is no such column."""
        return self.row.cell(self.table.columns.get(name))

    def text(self, name: str) -> str:
        """Return what stands in a field."""
        return self.cell(name).text

    def markdown(self, name: str) -> str:
        """Return a field as inline Markdown."""
        return read_text(self.text(name))

    def lettered(self, name: str = OPTION) -> list[str]:
        """Return what stands in the fields A to L."""
        return [self.text(f"{name} {letter}") for letter in LETTERS]

    def number(self, name: str) -> Decimal | None:
        """Return the number of a field, None where it is empty.

        Raises:
            RowFault: it is none, or one that could be another.
        """
        cell = self.cell(name)
        return read_cell_number(cell, self.header(name)) if cell.text else None

    def share(self, name: str) -> str:
        """Return a field in percent as a share of one, empty where it is empty.

        Raises:
            RowFault: it is no number.
        """
        number = self.number(name)
        return "" if number is None else plain(number / 100)

    def says_yes(self, name: str) -> bool:
        """Return whether a field says yes.

        Raises:
            RowFault: it says something else than yes and no.
        """
        return bool(self.text(name)) and bool(self.word(name, ANSWERS))

    def word(self, name: str, words: Mapping[Key, Words]) -> Key:
        """Return which of ``words`` a field says.

        Raises:
            RowFault: none of them.
        """
        found = find_word(self.text(name), words)
        if found is None:
            said, known = self.text(name)[:60], ", ".join(map(str, words.values()))
            raise RowFault(
                _l(
                    "Column “%(name)s” says “%(said)s”. Known are: %(known)s.",
                    name=self.header(name),
                    said=said,
                    known=known,
                )
            )
        return found

    def header(self, name: str) -> str:
        """Return what the column of a field is called in this sheet."""
        return self.table.header.cell(self.table.columns.get(name)).text


def read_text(text: str) -> str:
    """Return what somebody typed as inline Markdown: lines stay lines, no mark of ours is one."""
    lines = [_OPEN_END.sub(r"\1\\\\", line) for line in text.strip().split("\n")]
    bare = re.sub(r"(?<!\\)!\[", r"\\![", BREAK.join(lines))
    return _MARK.sub(r"{\1\\:", bare)


def show_text(markdown: object) -> str:
    """Return inline Markdown as it is typed into a cell; a picture is what it shows."""
    said = _PICTURE.sub(r"\1", str(markdown or ""))
    lines = _HARD_BREAK.sub("\\1\ue000", said).replace("\n", " ").split("\ue000")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def read_cell_number(cell: Cell, name: str) -> Decimal:
    """Return the number of a cell, typed as people in Indonesia do or kept as a number by the file.

    Raises:
        RowFault: it is none, or one that could be another.
    """
    if isinstance(cell.value, Decimal):
        return cell.value * 100 if cell.text.endswith("%") else cell.value
    return read_typed_number(cell.text, name)


def read_typed_number(text: str, name: str, unit: str = "") -> Decimal:
    """Return the number somebody typed.

    Raises:
        RowFault: it is none, or one that could be another.
    """
    try:
        return read_number(text, unit=unit)
    except NumberFault as fault:
        raise RowFault(_l("Column “%(name)s”: %(reason)s", name=name, reason=fault.message)) from fault


def unit_of(text: str) -> str:
    """Return the unit that was typed with a number, empty where none was."""
    fitting = [unit for unit in UNITS if _reads(text, unit)]
    return fitting[0] if 0 < len(fitting) < len(UNITS) else ""


def plain(number: Decimal) -> str:
    """Return a number as sources have it: no exponent, no idle zeros."""
    return f"{number.normalize() + 0:f}"


def key_number(number: Decimal) -> int | str:
    """Return a number as a key has it."""
    return int(number) if number == number.to_integral_value() else plain(number)


def show_number(value: object) -> str:
    """Return a number of a source as it is typed; nothing where there is none."""
    if value is None:
        return ""
    return show(Decimal(plain(Decimal(str(value)))))


def show_percent(share: object) -> str:
    """Return a share of one in percent: “50%”."""
    return f"{show(Decimal(plain(Decimal(str(share)) * 100)))}%"


def written(texts: Sequence[str]) -> list[str]:
    """Return the texts up to the last that says something.

    Raises:
        RowFault: one between others is empty.
    """
    count = max((number for number, text in enumerate(texts, 1) if text), default=0)
    for letter, text in zip(LETTERS, texts[:count], strict=False):
        if not text:
            raise RowFault(_l("Column %(letter)s is empty, and one after it is not.", letter=letter))
    return list(texts[:count])


def _reads(text: str, unit: str) -> bool:
    try:
        read_number(text, unit=unit)
    except NumberFault:
        return False
    return True
