"""How a fact reads: 0,24%, Rp42.000.000, 15 hari kerja; in English 0.24%, Rp42,000,000, 15 working days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

from courses.facts.fact import Fact
from courses.facts.units import UNITS, Kind

_DATES = {"id": "id", "en": "en_GB"}
"""As the interface writes days."""
_NO_LIMIT = {"id": "tanpa batas", "en": "no limit"}
_YES = {"id": "ya", "en": "yes"}
_NO = {"id": "tidak", "en": "no"}


def show(fact: Fact, language: str = "id") -> str:
    """Return the value of ``fact`` as people write it in ``language`` ("id" or "en").

    These words belong to the fact, not to the interface: a course text stays Indonesian on an English page.
    """
    if fact.shown:
        return fact.shown[language]
    value = fact.value
    if isinstance(value, bool):
        return (_YES if value else _NO)[language]
    if isinstance(value, date):
        return format_date(value, "long", locale=_DATES[language])
    if isinstance(value, Decimal):
        return show_amount(value, fact.unit, language)
    return _NO_LIMIT[language] if value is None else value


def show_amount(value: Decimal, unit: str, language: str = "id") -> str:
    """Return a number in ``unit``, a name of :data:`UNITS`: Rp2.500.000; 0,24%; 3 bulan."""
    measure = UNITS[unit]
    if measure.kind is Kind.RUPIAH:
        sign = "-" if value < 0 else ""
        return f"{sign}Rp{_grouped(abs(value), language)}"
    if measure.kind is Kind.FRACTION:
        return f"{_grouped(value * 100, language)}%"
    if measure.kind is Kind.DAY:
        return f"tanggal {value}" if language == "id" else f"day {value}"
    if measure.kind is Kind.YEAR:
        return str(value)
    nouns = {"id": measure.noun_id, "en": measure.noun_en if value == 1 else measure.nouns_en}
    return f"{_grouped(value, language)} {nouns[language]}"


def show_span(fact: Fact, language: str = "id") -> str:
    """Return "sejak 1 Juli 2015" or "1 Juli 2015 sampai 1 Desember 2019"."""
    start = format_date(fact.valid_from, "long", locale=_DATES[language])
    if fact.valid_to is None:
        return f"sejak {start}" if language == "id" else f"since {start}"
    end = format_date(fact.valid_to, "long", locale=_DATES[language])
    return f"{start} sampai {end}" if language == "id" else f"{start} to {end}"


def _grouped(value: Decimal, language: str) -> str:
    return format_decimal(value, "#,##0.##########", locale=language)
