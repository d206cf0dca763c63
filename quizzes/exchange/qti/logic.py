"""Operators of truth, in three values: what cannot be known is NULL, and a condition needs true."""

from __future__ import annotations

from collections import Counter

from quizzes.exchange.qti.call import Call, Operators, number, truth
from quizzes.exchange.qti.values import (
    MULTIPLE,
    NULL,
    NUMBERS,
    RECORD,
    TEXTS,
    QtiFault,
    Value,
    boolean,
    key_of,
)


def _and(call: Call) -> Value:
    truths = [truth(value) for value in call.values]
    if False in truths:
        return boolean(False)
    return NULL if None in truths else boolean(True)


def _or(call: Call) -> Value:
    truths = [truth(value) for value in call.values]
    if True in truths:
        return boolean(True)
    return NULL if None in truths else boolean(False)


def _not(call: Call) -> Value:
    known = truth(call.value(0))
    return NULL if known is None else boolean(not known)


def _any_n(call: Call) -> Value:
    least, most = call.whole("min"), call.whole("max")
    if least is None or most is None:
        return NULL
    truths = [truth(value) for value in call.values]
    sure, possible = truths.count(True), truths.count(True) + truths.count(None)
    if possible < least or sure > most:
        return boolean(False)
    return boolean(True) if sure >= least and possible <= most else NULL


def _is_null(call: Call) -> Value:
    return boolean(call.value(0).is_null)


def _match(call: Call) -> Value:
    left, right = call.two()
    return NULL if call.has_null else boolean(is_same(left, right))


def is_same(left: Value, right: Value) -> bool:
    """Say whether two values that are not NULL are the same; order counts in ordered containers only.

    Raises:
        QtiFault: they are of different kinds.
    """
    if left.cardinality != right.cardinality:
        raise QtiFault(f"{left.cardinality} and {right.cardinality} values cannot be compared.")
    if left.cardinality == RECORD:
        return _is_same_record(left, right)
    check_types(left, right)
    mine, others = ([key_of(side.base_type, item) for item in side.items] for side in (left, right))
    return Counter(mine) == Counter(others) if left.cardinality == MULTIPLE else mine == others


def _is_same_record(left: Value, right: Value) -> bool:
    names = set(left.fields) | set(right.fields)
    pairs = [(left.fields.get(name, NULL), right.fields.get(name, NULL)) for name in names]
    return all(
        (mine.is_null and other.is_null)
        or (not mine.is_null and not other.is_null and is_same(mine, other))
        for mine, other in pairs
    )  # fmt: skip


def check_types(left: Value, right: Value) -> None:
    """Raise QtiFault unless two values have base types that can be compared."""
    kinds = {left.base_type, right.base_type}
    if len(kinds) > 1 and not kinds <= set(NUMBERS) and not kinds <= set(TEXTS):
        raise QtiFault(f"{left.base_type} and {right.base_type} cannot be compared.")


def _compare(call: Call) -> Value:
    left, right = call.two()
    if call.has_null:
        return NULL
    first, second = number(left), number(right)
    outcome = {"lt": first < second, "gt": first > second, "lte": first <= second, "gte": first >= second}
    return boolean(outcome[call.name.removeprefix("duration-")])


LOGIC: Operators = {
    "and": _and,
    "or": _or,
    "not": _not,
    "any-n": _any_n,
    "is-null": _is_null,
    "match": _match,
    "lt": _compare,
    "gt": _compare,
    "lte": _compare,
    "gte": _compare,
    "duration-lt": _compare,
    "duration-gte": _compare,
}
