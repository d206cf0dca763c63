"""Operators of mathematics and statistics: constants, functions of one number or two, means and spreads."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping

from quizzes.exchange.qti.call import Call, Operators, number, numbers
from quizzes.exchange.qti.numbers import Number, of_number
from quizzes.exchange.qti.values import CONTAINERS, NULL, QtiFault, Value, single

_CONSTANTS = {"pi": math.pi, "e": math.e}


def _inverse(function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda given: 1 / function(given)


def _of_inverse(function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda given: function(1 / given)


def _acot(given: float) -> float:
    return math.pi / 2 if given == 0 else math.atan(1 / given)


def _signum(given: Number) -> Number:
    return float("nan") if math.isnan(given) else (given > 0) - (given < 0)


def _whole(function: Callable[[float], int]) -> Callable[[float], Number]:
    return lambda given: given if math.isinf(given) else function(given)


_FUNCTIONS: Mapping[str, Callable[[float], Number]] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "sec": _inverse(math.cos),
    "csc": _inverse(math.sin),
    "cot": _inverse(math.tan),
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "asec": _of_inverse(math.acos),
    "acsc": _of_inverse(math.asin),
    "acot": _acot,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "sech": _inverse(math.cosh),
    "csch": _inverse(math.sinh),
    "coth": _inverse(math.tanh),
    "log": math.log10,
    "ln": math.log,
    "exp": math.exp,
    "abs": abs,
    "signum": _signum,
    "floor": _whole(math.floor),
    "ceil": _whole(math.ceil),
    "toDegrees": math.degrees,
    "toRadians": math.radians,
}


def _math_constant(call: Call) -> Value:
    name = call.text("name")
    if name not in _CONSTANTS:
        raise QtiFault(f"There is no constant {name!r}.")
    return single("float", _CONSTANTS[name])


def _math_operator(call: Call) -> Value:
    name = call.text("name")
    if name != "atan2" and name not in _FUNCTIONS:
        raise QtiFault(f"There is no function {name!r}.")
    first = call.value(0)
    if call.has_null:
        return NULL
    try:
        if name == "atan2":
            return single("float", math.atan2(number(first), number(call.value(1))))
        return of_number(_FUNCTIONS[name](number(first)))
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        if isinstance(error, QtiFault):
            raise
        return NULL


_STATISTICS: Mapping[str, tuple[int, Callable[[list[float]], float]]] = {
    "mean": (1, statistics.fmean),
    "sampleVariance": (2, statistics.variance),
    "sampleSD": (2, statistics.stdev),
    "popVariance": (1, statistics.pvariance),
    "popSD": (1, statistics.pstdev),
}
"""By name: how many numbers it needs, and what it makes of them."""


def _stats_operator(call: Call) -> Value:
    name, value = call.text("name"), call.value(0)
    if name not in _STATISTICS:
        raise QtiFault(f"There is no statistic {name!r}.")
    if value.is_null:
        return NULL
    if value.cardinality not in CONTAINERS:
        raise QtiFault("Statistics are of a container.")
    given = [float(each) for each in numbers([value])]
    least, function = _STATISTICS[name]
    if len(given) < least or not all(math.isfinite(each) for each in given):
        return NULL
    return single("float", float(function(given)))


FUNCTION_OPERATORS: Operators = {
    "math-constant": _math_constant,
    "math-operator": _math_operator,
    "stats-operator": _stats_operator,
}
