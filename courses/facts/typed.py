"""Values as people type them and as the data files keep them: 12.000.000 is "12000000", 0,24% is "0.0024"."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from courses.facts.fact import Fact
from courses.facts.units import UNITS, Kind
from lms.core import numbers
from lms.core.errors import Invalid
from lms.core.text import fold

_NO_LIMIT = {"tanpa batas", "no limit"}
_BOOLEANS = {"ya": "true", "yes": "true", "tidak": "false", "no": "false"}
_WHOLE = {Kind.RUPIAH, Kind.COUNT, Kind.DAY, Kind.YEAR}


def read_typed(text: str, unit: str) -> str | None:
    """Return a typed value as the data files keep it; None: no limit.

    Raises:
        Invalid: it is no value of that unit; the message says how to write one.
    """
    kind = UNITS[unit].kind if unit in UNITS else Kind.TEXT
    if kind is Kind.RUPIAH and fold(text) in _NO_LIMIT:
        return None
    if kind in _WHOLE:
        return _read_whole(text, "rupiah" if kind is Kind.RUPIAH else "")
    if kind is Kind.FRACTION:
        return _read_share(text)
    if kind is Kind.BOOLEAN:
        if fold(text) not in _BOOLEANS:
            raise _wrong(_l("Write yes or no."))
        return _BOOLEANS[fold(text)]
    return text


def write_typed(fact: Fact) -> str:
    """Return the value of ``fact`` so that :func:`read_typed` reads it back."""
    value, kind = fact.value, fact.measure.kind
    if value is None:
        return "tanpa batas"
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, Decimal):
        return f"{numbers.show((value * 100).normalize())}%" if kind is Kind.FRACTION else numbers.show(value)
    return value.isoformat() if isinstance(value, date) else value


def _read_whole(text: str, unit: str) -> str:
    number = _read_number(text, unit)
    if number != number.to_integral_value():
        raise _wrong(_l("Write a whole number."))
    return str(int(number))


def _read_share(text: str) -> str:
    share = _read_number(text, "persen") / 100
    plain = f"{share.normalize():f}"
    return plain if "." in plain else f"{plain}.0"


def _read_number(text: str, unit: str) -> Decimal:
    try:
        return numbers.read_number(text, unit=unit)
    except numbers.NumberFault as fault:
        raise _wrong(fault.message) from fault


def _wrong(message: object) -> Invalid:
    return Invalid(message, field="value")
