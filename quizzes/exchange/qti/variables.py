"""Expressions that fetch: variables, keys, defaults, written values, and what a response is worth."""

from __future__ import annotations

from quizzes.exchange.qti.call import Call, Operators
from quizzes.exchange.qti.names import text_of
from quizzes.exchange.qti.shapes import read_shape
from quizzes.exchange.qti.values import NULL, QtiFault, Value, boolean, read_scalar, single


def _variable(call: Call) -> Value:
    return call.session.get(call.text("identifier"))


def _correct(call: Call) -> Value:
    return call.session.find(call.text("identifier")).correct


def _default(call: Call) -> Value:
    return call.session.find(call.text("identifier")).default


def _base_value(call: Call) -> Value:
    base_type = call.text("base-type")
    written = text_of(call.element)
    return single(base_type, read_scalar(base_type, written))


def _null(_call: Call) -> Value:
    return NULL


def _map_response(call: Call) -> Value:
    identifier = call.text("identifier")
    mapping = call.session.find(identifier).mapping
    if mapping is None:
        raise QtiFault(f"{identifier} has no mapping.")
    return single("float", mapping.worth(call.session.get(identifier)))


def _map_response_point(call: Call) -> Value:
    identifier = call.text("identifier")
    areas = call.session.find(identifier).areas
    if areas is None:
        raise QtiFault(f"{identifier} has no mapping of areas.")
    return single("float", areas.worth(call.session.get(identifier)))


def _inside(call: Call) -> Value:
    value = call.value(0)
    if value.is_null:
        return NULL
    if value.base_type != "point":
        raise QtiFault("Only points lie inside an area.")
    shape = read_shape(call.element.attributes)
    return boolean(any(shape.holds(point) for point in value.items))


VARIABLE_OPERATORS: Operators = {
    "variable": _variable,
    "correct": _correct,
    "default": _default,
    "base-value": _base_value,
    "null": _null,
    "map-response": _map_response,
    "map-response-point": _map_response_point,
    "inside": _inside,
}
