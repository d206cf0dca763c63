"""Numbers of Moodle, which always have a point before their decimals, and the answers that are one. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from flask_babel import lazy_gettext as _l

from lms.core.numbers import UNITS
from quizzes.exchange.moodle.marks import write_share
from quizzes.exchange.moodle.text import Notes, Refused
from quizzes.types.base import Json
from quizzes.types.tolerance import GEOMETRIC, NOMINAL, band, trimmed
from quizzes.types.variables import LARGEST, MAX_DIGITS

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,30}\.?[0-9]{0,30}|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,2})?")
_WRITTEN = {
    "rp": "rupiah",
    "rp.": "rupiah",
    "idr": "rupiah",
    "%": "persen",
    "percent": "persen",
    "day": "hari",
    "days": "hari",
    "bln": "bulan",
    "month": "bulan",
    "months": "bulan",
    "thn": "tahun",
    "year": "tahun",
    "years": "tahun",
    "person": "orang",
    "people": "orang",
}
"""What units of ours are called elsewhere."""
_ASKED_IN = re.compile(rf"\s*\(dalam ({'|'.join(sorted(UNITS, key=len, reverse=True))})\)\Z")


@dataclass(frozen=True)
class Accepted:
    """A number that earns ``fraction`` of the marks, and how far off it may be; None: any number does."""

    value: Decimal | None
    tolerance: Decimal
    fraction: Fraction
    why: str = ""

    def overlaps(self, other: Accepted) -> bool:
        """Return whether some number belongs to both."""
        if self.value is None or other.value is None:
            return True
        return abs(self.value - other.value) <= self.tolerance + other.tolerance


def read_plain_number(text: str) -> Decimal:
    """Return a number as Moodle writes it: 1822.5, -3, 1e3.

    Raises:
        Refused: it is none, or larger than any amount people speak of.
    """
    bare = text.strip()
    if not _NUMBER.fullmatch(bare):
        raise Refused(
            _l("“%(text)s” is no number: write it with a point before the decimals: 1822.5.", text=bare[:40])
        )
    if abs(Decimal(bare)) > LARGEST:
        raise Refused(_l("“%(text)s” is beyond any sense.", text=bare[:40]))
    return Decimal(bare)


def plain_number(value: Decimal) -> int | str:
    """Return a number as our sources have it: whole ones as they are, others as text."""
    number = trimmed(value)
    return int(number) if number == number.to_integral_value() else f"{number:f}"


def write_plain_number(value: object) -> str:
    """Return a number of a source as Moodle has it: with a point, without an exponent."""
    return f"{trimmed(Decimal(str(value or 0))):f}"


def number_source(accepted: Sequence[Accepted], notes: Notes) -> Json:
    """Return answer and tolerances of a question that asks for a number.

    Args:
        accepted: what earns marks, in the order in which it is tried.
        notes: where it is said what our kind of question cannot hold.

    Raises:
        Refused: no number earns everything, or the answers cannot be held.
    """
    _refuse_hidden(accepted)
    if any(
        round(number, MAX_DIGITS) != number for one in accepted for number in (one.value or 0, one.tolerance)
    ):
        raise Refused(_l("A number has more than %(count)s decimals.", count=MAX_DIGITS))
    right = next((one for one in accepted if one.fraction == 1 and one.value is not None), None)
    if right is None or right.value is None:
        raise Refused(_l("No number earns everything (100%): say which one is right."))
    if any(one.why for one in accepted):
        notes.lose(_l("What is said to single numbers is left out; put it into the explanation."))
    source: Json = {"answer": plain_number(right.value)}
    if right.tolerance:
        source["tolerance"] = plain_number(right.tolerance)
    others = [one for one in accepted if one is not right and one.fraction > 0 and one.value is not None]
    near = next((one for one in others if _is_near(one, right)), None)
    if near is not None:
        fraction = write_share(near.fraction)
        source["near"] = {"tolerance": plain_number(near.tolerance), "fraction": fraction}
    further = [_other(one) for one in others if one is not near]
    return source | ({"others": further} if further else {})


def numbers_of(source: Json) -> list[Accepted]:
    """Return what a number question of ours accepts, what earns most first; no tolerance in percent."""
    right, kind = Decimal(str(source["answer"])), str(source.get("tolerance_kind") or NOMINAL)
    found = [_accepted(right, source.get("tolerance"), kind, Fraction(1))]
    near = source.get("near")
    if near:
        found.append(_accepted(right, near["tolerance"], kind, Fraction(str(near["fraction"]))))
    for other in source.get("others") or []:
        share = Fraction(str(other.get("fraction", 1)))
        found.append(_accepted(Decimal(str(other["answer"])), other.get("tolerance"), kind, share))
    return sorted(found, key=lambda one: -one.fraction)


def _accepted(right: Decimal, tolerance: object, kind: str, fraction: Fraction) -> Accepted:
    low, high = band(right, Decimal(str(tolerance or 0)), kind)
    if kind != GEOMETRIC:
        return Accepted(right, high - right, fraction)
    return Accepted(round((low + high) / 2, 7), round((high - low) / 2, 7), fraction)


def known_unit(name: str) -> str:
    """Return the unit of ours that a name means; empty: none."""
    folded = " ".join(name.casefold().split())
    return folded if folded in UNITS else _WRITTEN.get(folded, "")


def unit_asked(stem: str) -> tuple[str, str]:
    """Return a stem without the unit that stands in brackets at its end, and that unit; empty: none."""
    match = _ASKED_IN.search(stem)
    return (stem[: match.start()], match[1]) if match and match.start() else (stem, "")


def ask_unit(stem: str, unit: str) -> str:
    """Return a stem that says in which unit to answer; `unit_asked` takes it away again."""
    return f"{stem} (dalam {unit})" if unit else stem


def _refuse_hidden(accepted: Sequence[Accepted]) -> None:
    """Refuse what would be marked otherwise: any number right, or a lesser answer before a better one."""
    for place, one in enumerate(accepted):
        if one.value is None and one.fraction > 0:
            raise Refused(_l("Any number earns marks here (*): that is no question to be marked."))
        if any(one.fraction < later.fraction and one.overlaps(later) for later in accepted[place + 1 :]):
            raise Refused(_l("An answer that earns less stands before one that earns more: turn them round."))


def _is_near(one: Accepted, right: Accepted) -> bool:
    return one.value == right.value and one.tolerance > right.tolerance and 0 < one.fraction < 1


def _other(one: Accepted) -> Json:
    assert one.value is not None
    source: Json = {"answer": plain_number(one.value)}
    if one.tolerance:
        source["tolerance"] = plain_number(one.tolerance)
    return source | ({"fraction": write_share(one.fraction)} if one.fraction != 1 else {})
