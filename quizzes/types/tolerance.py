"""How far a number may be off, and what the unit costs: what number and calculated questions share.

A band is closed on both sides and exact, without an epsilon: 100 ± 5 takes 95 and 105, not 105,0000001.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from flask_babel import lazy_gettext as _l

from lms.core.numbers import UNITS, NumberFault, read_number, show
from quizzes.types.base import FormatError, Grade, Json

NOMINAL, RELATIVE, GEOMETRIC = "nominal", "relative", "geometric"
KINDS = {
    NOMINAL: _l("in the unit of the answer: from a − t to a + t"),
    RELATIVE: _l("in percent of the right number: from a − t% to a + t%"),
    GEOMETRIC: _l("in percent, as a factor: from a ÷ (1 + t%) to a × (1 + t%)"),
}
"""How a tolerance t is meant; the first where nothing is said."""
FIELDS = frozenset({"unit", "tolerance", "tolerance_kind", "near", "units", "unit_penalty"})
"""Fields of a source that are read here."""
MAX_UNITS = 6
SMALLEST = Decimal("1e-7")
"""Fractions are kept to seven digits, as marks are in the database."""


@dataclass(frozen=True)
class Judged:
    """What a number earns, and the rule that decided, as a sentence; empty where it is right or wrong."""

    fraction: Decimal
    rule: object = ""


def band(right: Decimal, tolerance: Decimal, kind: str) -> tuple[Decimal, Decimal]:
    """Return the least and the largest number within ``tolerance`` of ``right``.

    Args:
        right: the right number.
        tolerance: from 0 on; in percent for relative and geometric ones.
        kind: one of ``KINDS``.

    Source: Moodle's numerical question type (relative |a|·t, nominal ±t, geometric a/(1+t) … a·(1+t)).
    """
    if kind == NOMINAL:
        return right - tolerance, right + tolerance
    if kind == RELATIVE:
        width = abs(right) * tolerance / 100
        return right - width, right + width
    factor = 1 + tolerance / 100
    low, high = sorted((right / factor, right * factor))
    return low, high


def is_within(given: Decimal, right: Decimal, tolerance: Decimal, kind: str) -> bool:
    """Return whether ``given`` lies in the band of ``right``; exact also where a ÷ (1 + t%) has no end."""
    if kind != GEOMETRIC:
        low, high = band(right, tolerance, kind)
        return low <= given <= high
    factor = 1 + tolerance / 100
    if right == 0 or given * right < 0:
        return given == right
    return abs(given) * factor >= abs(right) and abs(given) <= abs(right) * factor


def judge(content: Json, given: Decimal, unit: str) -> Judged:
    """Return what a number in a unit earns; the number in the unit it was given in.

    Args:
        content: with ``answer``, ``tolerance`` and ``unit``, and where they are used ``tolerance_kind``,
            ``near``, ``units`` and ``unit_penalty``.
        given: what was typed.
        unit: one of the units of ``content``; empty where none was given.
    """
    factors = unit_factors(content)
    if unit in factors or len(factors) == 1:
        judged = _by_distance(content, given * factors.get(unit, Decimal(1)))
        if judged.fraction:
            return judged
    others = [_by_distance(content, given * factor) for name, factor in factors.items() if name != unit]
    best = max(others, key=lambda judged: judged.fraction, default=Judged(Decimal(0)))
    if len(factors) == 1 or not best.fraction:
        return Judged(Decimal(0))
    penalty = Decimal(content.get("unit_penalty", "1"))
    earned = (best.fraction * (1 - penalty)).quantize(SMALLEST, ROUND_HALF_UP).normalize() + 0
    cost = show(trimmed(penalty * 100))
    return Judged(
        earned,
        _l("The number is right, its unit is missing or another one: that costs %(cost)s%%.", cost=cost),
    )


def grade(content: Json, answer: Json | None) -> Grade:
    """Return what an answer ``{"value": …, "unit": …}`` earns."""
    if answer is None or content["answer"] is None:
        return Grade(Decimal(0))
    judged = judge(content, Decimal(answer["value"]), str(answer.get("unit", content["unit"])))
    return Grade(judged.fraction, str(judged.rule))


def unit_factors(content: Json) -> dict[str, Decimal]:
    """Return by unit that may be chosen how many of the answer's own unit it is."""
    others = {unit["name"]: Decimal(unit["factor"]) for unit in content.get("units", [])}
    return {content["unit"]: Decimal(1), **others}


def parse(text: str, chosen: str, content: Json) -> Json:
    """Return the answer: the number typed and, where there is a choice, its unit.

    Args:
        text: what was typed, perhaps with a unit.
        chosen: the unit that was chosen beside it; empty for none.
        content: as in :func:`judge`.

    Raises:
        FormatError: it is no number, could be another one, or typed and chosen unit differ.
    """
    factors = unit_factors(content)
    if len(factors) == 1:
        return {"value": _read(text, content["unit"])}
    typed, rest = _split_unit(text, factors)
    if chosen and chosen not in factors:
        raise FormatError(_l("Please choose one of the units."))
    if typed and chosen and typed != chosen:
        raise FormatError(
            _l("You typed %(typed)s and chose %(chosen)s. Which one is it?", typed=typed, chosen=chosen)
        )
    # The strict reader refuses what names another unit still.
    return {"value": _read(rest, typed or content["unit"]), "unit": typed or chosen}


def resolve(source: Json) -> Json:
    """Return the part of a content that is read here; what is not used is left out."""
    content: Json = {
        "tolerance": f"{Decimal(str(source.get('tolerance') or 0)):f}",
        "unit": source.get("unit", ""),
    }
    if source.get("tolerance_kind", NOMINAL) != NOMINAL:
        content["tolerance_kind"] = source["tolerance_kind"]
    near = source.get("near")
    if near:
        content["near"] = {name: f"{Decimal(str(near[name])):f}" for name in ("tolerance", "fraction")}
    if source.get("units"):
        content["units"] = [
            {"name": unit["name"], "factor": f"{Decimal(str(unit['factor'])):f}"} for unit in source["units"]
        ]
        content["unit_penalty"] = f"{Decimal(str(source.get('unit_penalty', 1))):f}"
    return content


def present(content: Json) -> Json:
    """Return what the page may show: the unit, or the units to choose from in the order of the alphabet."""
    names = sorted(unit_factors(content))
    return {"unit": "" if len(names) > 1 else content["unit"], "units": names if len(names) > 1 else []}


def review(content: Json, answer: Json | None) -> Json:
    """Return what the result page shows of number and unit; numbers as the line to type into takes them."""
    judged = grade(content, answer)
    unit = content["unit"]
    return {
        "given": None if answer is None else show(trimmed(Decimal(answer["value"]))),
        "given_unit": unit if answer is None else answer.get("unit", unit),
        "right": None if content["answer"] is None else show(trimmed(Decimal(content["answer"]))),
        "tolerance": _shown_tolerance(content),
        "unit": unit,
        "is_right": judged.fraction == 1,
        "is_partly": 0 < judged.fraction < 1,
        "rule": judged.comment,
    }


def beyond(content: Json) -> Decimal:
    """Return a number that is outside of every band, in whichever unit it is taken."""
    right, kind = Decimal(content["answer"]), content.get("tolerance_kind", NOMINAL)
    widest = max(Decimal(content["tolerance"]), Decimal(content.get("near", {}).get("tolerance", "0")))
    number = max(band(right, widest, kind)[1], Decimal(0)) + 1
    smallest = min(unit_factors(content).values())
    while smallest < 1:
        smallest, number = smallest * 10, number * 10
    return number


def faults(source: Json) -> Iterator[str]:
    """Yield what is wrong with the unit and the tolerances of a source."""
    if source.get("unit", "") not in ("", *UNITS):
        yield str(_l("Unknown unit. Known are: %(units)s.", units=", ".join(UNITS)))
    if not _is_from_zero(source.get("tolerance", 0)):
        yield str(_l("The tolerance must be a number from 0 on."))
    if source.get("tolerance_kind", NOMINAL) not in KINDS:
        yield str(_l("A tolerance is one of: %(kinds)s.", kinds=", ".join(KINDS)))
    yield from _near_faults(source)
    yield from _unit_faults(source)


def trimmed(value: Decimal) -> Decimal:
    """Return a number without idle zeros, never with an exponent."""
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()


def _by_distance(content: Json, given: Decimal) -> Judged:
    right, kind = Decimal(content["answer"]), content.get("tolerance_kind", NOMINAL)
    if is_within(given, right, Decimal(content["tolerance"]), kind):
        return Judged(Decimal(1))
    near = content.get("near")
    if near and is_within(given, right, Decimal(near["tolerance"]), kind):
        share = Decimal(near["fraction"])
        shown = show(trimmed(share * 100))
        return Judged(share, _l("Near the right number: that earns %(share)s%% of the marks.", share=shown))
    return Judged(Decimal(0))


def _shown_tolerance(content: Json) -> str:
    tolerance = Decimal(content["tolerance"])
    if not tolerance:
        return ""
    sign = "" if content.get("tolerance_kind", NOMINAL) == NOMINAL else "%"
    return f"{show(trimmed(tolerance))}{sign}"


def _read(text: str, unit: str) -> str:
    try:
        return f"{read_number(text, unit=unit):f}"
    except NumberFault as fault:
        raise FormatError(fault.message) from fault


def _split_unit(text: str, factors: dict[str, Decimal]) -> tuple[str, str]:
    """Return the unit that was typed with a number, empty for none, and the rest."""
    folded = " ".join(text.casefold().split())
    if "rupiah" in factors and folded.startswith(("rp", "idr")):
        return "rupiah", folded
    if folded.endswith("%"):
        folded = f"{folded[:-1]} persen"
    for name in sorted(factors, key=len, reverse=True):
        rest = folded.removesuffix(name)
        if rest != folded and not rest[-1:].isalpha():
            return name, rest.rstrip()
    return "", text


def _near_faults(source: Json) -> Iterator[str]:
    near = source.get("near")
    if near in (None, {}):
        return
    if not isinstance(near, dict) or set(near) != {"tolerance", "fraction"}:
        yield str(_l("The wider tolerance has tolerance and fraction, nothing else."))
    elif not _is_from_zero(near["tolerance"]) or not _is_share(near["fraction"]):
        yield str(_l("The wider tolerance is a number, and earns a fraction between 0 and 1."))
    elif _is_from_zero(source.get("tolerance", 0)) and _number(near["tolerance"]) <= _number(
        source.get("tolerance", 0)
    ):
        yield str(_l("The wider tolerance must be wider than the one that earns everything."))


def _unit_faults(source: Json) -> Iterator[str]:
    units = source.get("units") or []
    if not isinstance(units, list) or not all(
        isinstance(unit, dict) and set(unit) == {"name", "factor"} for unit in units
    ):
        yield str(_l("Further units are a list of name and factor."))
        return
    names = [str(unit["name"]) for unit in units]
    if names and not source.get("unit"):
        yield str(_l("Further units need a unit of the right number."))
    if len({*names, source.get("unit", "")}) <= len(names):
        yield str(_l("A unit stands twice."))
    if any(not _is_name(unit["name"]) for unit in units) or len(names) > MAX_UNITS:
        yield str(
            _l("A unit is one or two words in small letters; there are at most %(most)s.", most=MAX_UNITS)
        )
    if any(not _is_from_zero(unit["factor"]) or not _number(unit["factor"]) for unit in units):
        yield str(_l("The factor of a unit is a number above 0."))
    penalty = source.get("unit_penalty", 1)
    if not _is_from_zero(penalty) or _number(penalty) > 1:
        yield str(_l("What a wrong unit costs is a share from 0 to 1."))


def _is_name(name: object) -> bool:
    words = name.split() if isinstance(name, str) else []
    return 1 <= len(words) <= 2 and all(word.isalpha() and word.islower() for word in words)


def _is_share(value: object) -> bool:
    return _is_from_zero(value) and 0 < _number(value) < 1


def _is_from_zero(value: object) -> bool:
    try:
        number = _number(value)
    except ArithmeticError:
        return False
    return number.is_finite() and number >= 0


def _number(value: object) -> Decimal:
    return Decimal(str(value or 0))
