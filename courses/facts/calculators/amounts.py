"""Amounts in the words of a reckoning, and the one way rupiah are rounded here.

Everything returns texts that are made when they are shown, in the language of the page or lesson.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from courses.facts.calculators.base import LawAt, Step, Text
from courses.facts.formatting import show, show_amount
from lms.core.i18n import language, show_date, show_number

NEAREST_RUPIAH = _l("Rounded to the nearest rupiah; the regulation does not say how to round.")
"""Every rounding of ours unless a regulation says another."""


def rupiah(value: Decimal) -> LazyString:
    """Return e.g. "Rp2.500.000"."""
    return amount(value, "IDR")


def share(value: Decimal) -> LazyString:
    """Return e.g. "0,24%" for a share of one."""
    return amount(value, "fraction")


def amount(value: Decimal, unit: str) -> LazyString:
    """Return e.g. "3 bulan" for 3 and "months", a name of `courses.facts.units.UNITS`."""
    return LazyString(lambda: show_amount(value, unit, language()))


def plain(value: Decimal) -> LazyString:
    """Return a bare number, e.g. "1.234,5"."""
    return LazyString(lambda: show_number(value))


def day(value: date) -> LazyString:
    """Return e.g. "19 Oktober 2016"."""
    return LazyString(lambda: show_date(value))


def stated(law: LawAt, key: str) -> LazyString:
    """Return the value of a fact as people read it."""
    fact = law.fact(key)
    return LazyString(lambda: show(fact, language()))


def expression(pattern: str, *parts: Text) -> LazyString:
    """Join parts by signs, no words: ("{} × {}", rupiah(wage), share(rate)) is "Rp2.500.000 × 0,24%"."""
    return LazyString(lambda: pattern.format(*(str(part) for part in parts)))


def rounded(value: Decimal) -> tuple[Decimal, Text]:
    """Return whole rupiah, half upwards, and the sentence on rounding: empty where nothing changed."""
    whole = value.quantize(Decimal(1), ROUND_HALF_UP)
    return whole, (NEAREST_RUPIAH if whole != value else "")


def rupiah_step(
    label: Text,
    said: Text,
    exact: Decimal,
    *,
    facts: tuple[str, ...] = (),
    cite: tuple[str, ...] = (),
    result: str = "",
    is_sum: bool = False,
) -> Step:
    """Return a step in whole rupiah that says so where it had to be rounded."""
    whole, rounding = rounded(exact)
    return Step(label, said, whole, "IDR", facts, cite, rounding, result, is_sum)


def sum_step(label: Text, parts: list[Decimal], *, result: str = "", cite: tuple[str, ...] = ()) -> Step:
    """Return the sum of rupiah that stand in steps before."""
    said = expression(" + ".join(["{}"] * len(parts)), *(rupiah(part) for part in parts)) if parts else ""
    return Step(label, said, sum(parts, Decimal(0)), cite=cite, result=result, is_sum=True)
