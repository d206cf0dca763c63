"""Which options of a row are right: “2”, “1,3”, “A, C”, an option's own words, or what Excel made of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from string import ascii_uppercase

from flask_babel import lazy_gettext as _l

from lms.core.text import fold
from quizzes.exchange.contract import Text
from quizzes.exchange.sheets.cells import Cell
from quizzes.exchange.sheets.header import RowFault

_BETWEEN = re.compile(r"\s*(?:[,;/&+\n]|\bdan\b|\band\b)\s*|\s+", re.IGNORECASE)
_LINES = re.compile(r"\s*[;\n]\s*")
_SIGN = re.compile(r"\(?([0-9]{1,2}|[a-z])[.)]?", re.IGNORECASE)


def read_key(cell: Cell, options: Sequence[str]) -> tuple[list[int], list[Text]]:
    """Return the right options, counted from 0 and in order, and what was guessed.

    Args:
        cell: e.g. ``1,3``; a spreadsheet may have made 1.3, 13 or the first of March of it.
        options: the texts in their columns, empty ones too.

    Raises:
        RowFault: nothing is named, or an option that is not there.
    """
    if not cell.text:
        raise RowFault(_l("It does not say which answer is right."))
    found, guesses = _find(cell, options)
    if not found:
        raise RowFault(_l("“%(text)s” is none of the answers.", text=cell.text[:60]))
    for index in found:
        if index >= len(options) or not options[index]:
            raise RowFault(_l("Answer %(number)s is named as right, and is empty.", number=index + 1))
    return sorted(set(found)), guesses


def _find(cell: Cell, options: Sequence[str]) -> tuple[list[int], list[Text]]:
    same = [index for index, text in enumerate(options) if text and fold(text) == fold(cell.text)]
    named = read_signs(cell.text)
    if same:
        is_another = bool(named) and named != same and all(index < len(options) for index in named)
        guess = _l("“%(text)s” was taken for the words of an answer, not for its place.", text=cell.text)
        return same[:1], [guess] if is_another else []
    if isinstance(cell.value, Decimal):
        return _from_number(cell.value, len(options))
    if isinstance(cell.value, date | datetime):
        return _from_date(cell.value, len(options))
    return named or _from_words(cell.text, options), []


def read_signs(text: str) -> list[int]:
    """Return what “2”, “1,3”, “A dan C” or “AC” name; nothing for anything else."""
    pieces = [piece for piece in _BETWEEN.split(text.strip()) if piece]
    if len(pieces) == 1 and re.fullmatch("[A-L]{2,12}", pieces[0]) and len(set(pieces[0])) == len(pieces[0]):
        pieces = list(pieces[0])
    signs = [_SIGN.fullmatch(piece) for piece in pieces]
    if not signs or not all(signs):
        return []
    found = [_place(sign[1]) for sign in signs if sign]
    return found if -1 not in found else []


def _place(sign: str) -> int:
    return int(sign) - 1 if sign.isdigit() else ascii_uppercase.index(sign.upper())


def _from_words(text: str, options: Sequence[str]) -> list[int]:
    """Return the options whose words stand in a cell, one a line or between semicolons."""
    places = {fold(option): index for index, option in enumerate(options) if option}
    pieces = [fold(piece) for piece in _LINES.split(text) if piece]
    return [places[piece] for piece in pieces] if all(piece in places for piece in pieces) else []


def _from_number(number: Decimal, count: int) -> tuple[list[int], list[Text]]:
    """Return the place, or the places that a spreadsheet made one number of: 1,3 became 1.3 or 13."""
    if number == number.to_integral_value() and 1 <= number <= count:
        return [int(number) - 1], []
    return _guessed([int(digit) for digit in re.sub("[^0-9]", "", f"{number:f}")], count)


def _from_date(day: date, count: int) -> tuple[list[int], list[Text]]:
    """Return the places a spreadsheet made a day of: 1/3 became the first of March."""
    short_year = [day.year % 100] if 1 <= day.year % 100 <= count else []
    return _guessed([day.day, day.month, *short_year], count)


def _guessed(places: list[int], count: int) -> tuple[list[int], list[Text]]:
    if len(set(places)) < len(places) or not all(1 <= place <= count for place in places):
        return [], []
    named = ", ".join(map(str, sorted(places)))
    guess = _l("The spreadsheet had changed the right answers: they were read as %(places)s.", places=named)
    return [place - 1 for place in places], [guess]
