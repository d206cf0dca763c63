"""Operators of numbers. What has no value among the numbers is NULL: a division by zero, the root of −1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

from quizzes.exchange.qti.call import Call, Operators, number, numbers
from quizzes.exchange.qti.values import INTEGER_LIMIT, NULL, QtiFault, Value, boolean, single

Number = int | float
_DIGITS = 17
"""What a float holds; rounding further than this changes nothing."""
_PLAIN = Context(prec=800, rounding=ROUND_HALF_UP)


def of_number(result: Number) -> Value:
    """Return a number as a value, an integer where it is one.

    Raises:
        QtiFault: an integer is larger than we reckon with.
    """
    if isinstance(result, int) and abs(result) >= INTEGER_LIMIT:
        raise QtiFault("A whole number is too large.")
    return single("integer" if isinstance(result, int) else "float", result)


def _fold(call: Call) -> Value:
    if call.has_null or not call.values:
        return NULL
    given = numbers(call.values)
    if call.name in ("min", "max"):
        return _extreme(call.name, given)
    total: Number = 0 if call.name == "sum" else 1
    for each in given:
        total = total + each if call.name == "sum" else total * each
        of_number(total)
    return of_number(total)


def _extreme(name: str, given: Sequence[Number]) -> Value:
    found = min(given) if name == "min" else max(given)
    return of_number(found if all(isinstance(each, int) for each in given) else float(found))


def _subtract(call: Call) -> Value:
    left, right = call.two()
    return NULL if call.has_null else of_number(number(left) - number(right))


def _divide(call: Call) -> Value:
    left, right = call.two()
    if call.has_null or number(right) == 0:
        return NULL
    return single("float", number(left) / number(right))


def _power(call: Call) -> Value:
    left, right = call.two()
    if call.has_null:
        return NULL
    try:
        return single("float", math.pow(number(left), number(right)))
    except (ValueError, OverflowError):
        return NULL


def _integers(call: Call) -> list[int]:
    given = numbers(call.values)
    if any(isinstance(each, float) and not each.is_integer() for each in given):
        raise QtiFault(f"{call.name} is for whole numbers.")
    return [int(each) for each in given]


def _integer_divide(call: Call) -> Value:
    if call.has_null:
        return NULL
    call.two()
    left, right = _integers(call)[:2]
    if right == 0:
        return NULL
    return of_number(left // right if call.name == "integer-divide" else left % right)


def _common(call: Call) -> Value:
    if call.has_null or not call.values:
        return NULL
    given = _integers(call)
    if call.name == "gcd":
        return of_number(math.gcd(*given))
    total = 1
    for each in given:
        total = math.lcm(total, each)
        of_number(total)
    return of_number(total)


def _round(call: Call) -> Value:
    if call.value(0).is_null:
        return NULL
    given = number(call.value(0))
    if math.isnan(given):
        return NULL
    if math.isinf(given):
        return single("float", given)
    return of_number(
        math.floor(Decimal(given) + Decimal("0.5")) if call.name == "round" else math.trunc(given)
    )


def _integer_to_float(call: Call) -> Value:
    return NULL if call.value(0).is_null else single("float", float(number(call.value(0))))


def _round_to(call: Call) -> Value:
    figures = call.whole("figures")
    if call.value(0).is_null or figures is None:
        return NULL
    return single("float", rounded(number(call.value(0)), call.text("rounding-mode"), figures))


def rounded(given: Number, mode: str, figures: int) -> float:
    """Return a number to so many significant figures or decimal places, halves away from zero.

    It is rounded as it is written in decimals: 3.175 to three figures is 3.18.

    Raises:
        QtiFault: there is no such way of rounding, or not so many figures.
    """
    if mode not in ("significantFigures", "decimalPlaces"):
        raise QtiFault(f"There is no rounding mode {mode!r}.")
    if figures < (1 if mode == "significantFigures" else 0):
        raise QtiFault(f"{figures} are no figures to round to.")
    if not math.isfinite(given) or given == 0:
        return float(given)
    exact = Decimal(repr(given))
    places = figures if mode == "decimalPlaces" else figures - exact.adjusted() - 1
    if places > _DIGITS - exact.adjusted():
        return float(given)
    return float(exact.quantize(Decimal(1).scaleb(-places), context=_PLAIN))


def _equal_rounded(call: Call) -> Value:
    left, right = call.two()
    figures = call.whole("figures")
    if call.has_null or figures is None:
        return NULL
    mode = call.text("rounding-mode")
    return boolean(rounded(number(left), mode, figures) == rounded(number(right), mode, figures))


def _equal(call: Call) -> Value:
    left, right = call.two()
    if call.has_null:
        return NULL
    first, second = number(left), number(right)
    mode = call.text("tolerance-mode", "exact")
    if mode == "exact":
        return boolean(first == second)
    ends = _ends(call, first, mode)
    return NULL if ends is None else boolean(_is_within(call, second, ends))


def _ends(call: Call, about: Number, mode: str) -> tuple[Number, Number] | None:
    written = call.text("tolerance").split()
    if mode not in ("absolute", "relative") or not 1 <= len(written) <= 2:
        raise QtiFault(f"The tolerance {' '.join(written)!r} of mode {mode!r} cannot be understood.")
    given = [call.reckon(part) for part in written]
    below, above = given[0], given[-1]
    if below is None or above is None:
        return None
    if mode == "absolute":
        return about - below, about + above
    return about * (1 - below / 100), about * (1 + above / 100)


def _is_within(call: Call, given: Number, ends: tuple[Number, Number]) -> bool:
    low, high = sorted(ends)
    reaches = given >= low if call.flag("include-lower-bound", default=True) else given > low
    return reaches and (given <= high if call.flag("include-upper-bound", default=True) else given < high)


NUMBER_OPERATORS: Operators = {
    "sum": _fold,
    "product": _fold,
    "min": _fold,
    "max": _fold,
    "subtract": _subtract,
    "divide": _divide,
    "power": _power,
    "integer-divide": _integer_divide,
    "integer-modulus": _integer_divide,
    "gcd": _common,
    "lcm": _common,
    "round": _round,
    "truncate": _round,
    "integer-to-float": _integer_to_float,
    "round-to": _round_to,
    "equal-rounded": _equal_rounded,
    "equal": _equal,
}
