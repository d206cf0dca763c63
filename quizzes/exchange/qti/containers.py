"""Operators of containers and records: making them, and looking into them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from quizzes.exchange.qti.call import Call, Operators
from quizzes.exchange.qti.logic import check_types
from quizzes.exchange.qti.values import (
    CONTAINERS,
    MAX_MEMBERS,
    MULTIPLE,
    NULL,
    ORDERED,
    RECORD,
    SINGLE,
    QtiFault,
    Scalar,
    Value,
    boolean,
    container,
    key_of,
    single,
)


def _gather(call: Call) -> Value:
    return gather(call.name, call.values)


def gather(cardinality: str, values: Sequence[Value]) -> Value:
    """Return one container of all single values and containers; those that are NULL are left out.

    Raises:
        QtiFault: their base types differ, or there are too many.
    """
    given = [value for value in values if not value.is_null]
    if not given:
        return Value(cardinality)
    for value in given[1:]:
        check_types(given[0], value)
    base_type = given[0].base_type
    if any(value.base_type == "float" for value in given):
        base_type = "float"
    return container(cardinality, base_type, [item for value in given for item in value.items])


def _container_size(call: Call) -> Value:
    return single("integer", len(call.value(0).items))


def _keys(value: Value) -> list[object]:
    return [key_of(value.base_type, item) for item in value.items]


def _member(call: Call) -> Value:
    one, many = call.two()
    if call.has_null:
        return NULL
    check_types(one, many)
    return boolean(key_of(many.base_type, one.scalar) in _keys(many))


def _contains(call: Call) -> Value:
    whole, part = call.two()
    if call.has_null:
        return NULL
    if whole.cardinality != part.cardinality or whole.cardinality not in CONTAINERS:
        raise QtiFault("Contains compares two containers of the same order.")
    check_types(whole, part)
    mine, others = _keys(whole), _keys(part)
    if whole.cardinality == MULTIPLE:
        return boolean(not Counter(others) - Counter(mine))
    starts = range(len(mine) - len(others) + 1)
    return boolean(any(mine[start : start + len(others)] == others for start in starts))


def _index(call: Call) -> Value:
    value, place = call.value(0), call.whole("n")
    if value.cardinality not in (ORDERED, SINGLE):
        raise QtiFault("Only members of an ordered container have a place.")
    if place is None or not 1 <= place <= len(value.items):
        return Value(SINGLE, value.base_type)
    return single(value.base_type, value.items[place - 1])


def _field_value(call: Call) -> Value:
    value = call.value(0)
    if value.cardinality != RECORD and not value.is_null:
        raise QtiFault("Only records have fields.")
    return value.fields.get(call.text("field-identifier"), NULL)


def _delete(call: Call) -> Value:
    out, value = call.two()
    if call.has_null:
        return NULL
    check_types(out, value)
    key = key_of(value.base_type, out.scalar)
    left = [item for item in value.items if key_of(value.base_type, item) != key]
    return container(value.cardinality, value.base_type, left)


def _repeat(call: Call) -> Value:
    times = call.whole("number-repeats")
    if times is None or times < 1:
        return Value(ORDERED)
    once = gather(ORDERED, call.values)
    if len(once.items) * times > MAX_MEMBERS:
        raise QtiFault(f"A container has more than {MAX_MEMBERS} members.")
    return container(ORDERED, once.base_type, once.items * times)


def _random(call: Call) -> Value:
    value = call.value(0)
    if value.is_null:
        return NULL
    chosen: Scalar = call.session.rng.choice(value.items)
    return single(value.base_type, chosen)


def _between(call: Call) -> tuple[float, float] | None:
    low, high = call.number("min", "0"), call.number("max")
    if low is None or high is None:
        return None
    if low > high:
        raise QtiFault(f"{call.name} goes from {low} up to {high}: nothing lies between.")
    return low, high


def _random_integer(call: Call) -> Value:
    ends, step = _between(call), call.whole("step", "1")
    if ends is None or step is None:
        return NULL
    if step < 1 or not all(float(end).is_integer() for end in ends):
        raise QtiFault("A random integer needs whole numbers, and a step of at least 1.")
    return single("integer", call.session.rng.randrange(int(ends[0]), int(ends[1]) + 1, step))


def _random_float(call: Call) -> Value:
    ends = _between(call)
    return NULL if ends is None else single("float", call.session.rng.uniform(*ends))


CONTAINER_OPERATORS: Operators = {
    "multiple": _gather,
    "ordered": _gather,
    "container-size": _container_size,
    "member": _member,
    "contains": _contains,
    "index": _index,
    "field-value": _field_value,
    "delete": _delete,
    "repeat": _repeat,
    "random": _random,
    "random-integer": _random_integer,
    "random-float": _random_float,
}
