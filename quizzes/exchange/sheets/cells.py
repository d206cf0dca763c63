"""A cell of a spreadsheet as people see it: 0,25 as a percentage is “25%”, a date is a day. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal
from flask_babel import lazy_gettext as _l

from quizzes.exchange.contract import Text
from quizzes.exchange.limits import MAX_TEXT

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet takes for a formula."""

_QUOTED = re.compile(r'"[^"]{0,100}"|\\.|_.|\[[^\]]{0,100}\]')
_CARRIAGE_RETURN = "_x000D_"
_DIGITS = 15
"""What a spreadsheet keeps of a number; further ones are noise of binary fractions."""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: as shown, as None, str, bool, Decimal, date or datetime, or why it is none."""

    text: str = ""
    value: object = None
    fault: Text | None = None


EMPTY = Cell()


def text_cell(text: str) -> Cell:
    """Return words as a cell: lines kept, control signs gone."""
    if len(text) > MAX_TEXT:
        return Cell(fault=_l("A cell has more than %(count)s characters.", count=MAX_TEXT))
    plain = text.replace(_CARRIAGE_RETURN, "").replace("\r\n", "\n").replace("\r", "\n")
    shown = "".join(c for c in plain if c == "\n" or unicodedata.category(c)[0] != "C" or c == "\t")
    shown = "\n".join(" ".join(line.split()) for line in shown.split("\n")).strip()
    return Cell(shown, shown) if shown else EMPTY


def value_cell(value: object, number_format: str) -> Cell:
    """Return a value of an Excel file as a cell.

    Args:
        value: what openpyxl read.
        number_format: how the file shows it, e.g. ``0%``.
    """
    if value is None:
        return EMPTY
    if isinstance(value, str):
        return text_cell(value)
    if isinstance(value, bool):
        return Cell("Benar" if value else "Salah", value)
    if isinstance(value, datetime | date | time | timedelta):
        return Cell(_show_moment(value, number_format), value)
    number = _decimal(value)
    return Cell(_show_number(number, number_format), number)


def defuse(text: str) -> str:
    """Return a cell of a CSV file that no spreadsheet takes for a formula; `arm` undoes it."""
    return f"'{text}" if text.lstrip(" '").startswith(FORMULA_STARTS) else text


def arm(text: str) -> str:
    """Return what `defuse` was given."""
    return text[1:] if text.startswith("'") and text.lstrip(" '").startswith(FORMULA_STARTS) else text


def show_plain(number: Decimal) -> str:
    """Return a number in Indonesian without grouping: “1000000,5”."""
    return f"{number:f}".replace(".", ",")


def _decimal(value: object) -> Decimal:
    """Return a number without the noise of binary fractions: 0,1 + 0,2 is 0,3."""
    if isinstance(value, float):
        return Decimal(f"{value:.{_DIGITS}g}")
    return Decimal(str(value))


def _show_number(number: Decimal, number_format: str) -> str:
    first = number_format.partition(";")[0]
    bare = _QUOTED.sub("", first)
    if bare in {"General", "@", ""} or "?" in bare or "E" in bare:
        return show_plain(number)
    places = re.search(r"\.(0+)", bare)
    digits = "." + "0" * len(places[1]) if places else ""
    pattern = ("#,##0" if "," in bare.partition(".")[0] else "0") + digits
    is_percent = "%" in bare
    shown = str(format_decimal(number * 100 if is_percent else number, pattern, locale="id"))
    currency = "Rp" if re.search(r"\bRp|\[\$Rp", first) else ""
    return f"{currency}{shown}{'%' if is_percent else ''}"


def _show_moment(value: datetime | date | time | timedelta, number_format: str) -> str:
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60:02}.{minutes % 60:02}"
    if isinstance(value, time):
        return f"{value:%H.%M}"
    bare = _QUOTED.sub("", number_format).casefold()
    pattern = "d MMMM y" if "mmm" in bare else "dd/MM/y"
    day = str(format_date(value, pattern, locale="id"))
    return f"{day} {value:%H.%M}" if isinstance(value, datetime) and "h" in bare else day
