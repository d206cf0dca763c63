"""Operators of texts: the same, within, and of a pattern."""

from __future__ import annotations

from quizzes.exchange.qti.call import Call, Operators, text
from quizzes.exchange.qti.schema_patterns import fits
from quizzes.exchange.qti.values import NULL, Value, boolean


def _string_match(call: Call) -> Value:
    left, right = call.two()
    if call.has_null:
        return NULL
    first, second = _folded(call, left), _folded(call, right)
    return boolean(second in first if call.flag("substring", default=False) else first == second)


def _substring(call: Call) -> Value:
    part, whole = call.two()
    return NULL if call.has_null else boolean(_folded(call, part) in _folded(call, whole))


def _folded(call: Call, value: Value) -> str:
    said = text(value)
    return said if call.flag("case-sensitive", default=True) else said.casefold()


def _pattern_match(call: Call) -> Value:
    value = call.value(0)
    if value.is_null:
        return NULL
    pattern = call.text("pattern")
    name = pattern.removeprefix("{").removesuffix("}")
    if pattern == f"{{{name}}}" and name in call.session.declared:
        held = call.session.get(name)
        if held.is_null:
            return NULL
        pattern = text(held)
    return boolean(fits(pattern, text(value)))


STRING_OPERATORS: Operators = {
    "string-match": _string_match,
    "substring": _substring,
    "pattern-match": _pattern_match,
}
