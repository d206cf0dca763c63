"""Expressions of QTI, written short, and what they come to."""

from __future__ import annotations

from random import Random
from typing import Any

from lms.core.xml_reader import read_xml
from quizzes.exchange.qti.evaluation import evaluate
from quizzes.exchange.qti.names import normalise
from quizzes.exchange.qti.session import Session
from quizzes.exchange.qti.values import as_json

NULL = "<qti-null/>"
TRUE = "<qti-base-value base-type='boolean'>true</qti-base-value>"
FALSE = "<qti-base-value base-type='boolean'>false</qti-base-value>"


def base(base_type: str, text: object) -> str:
    """Return a written value."""
    return f"<qti-base-value base-type='{base_type}'>{text}</qti-base-value>"


def f(*numbers: object) -> str:
    """Return floats."""
    return "".join(base("float", number) for number in numbers)


def i(*numbers: int) -> str:
    """Return integers."""
    return "".join(base("integer", number) for number in numbers)


def ids(*names: str) -> str:
    """Return identifiers."""
    return "".join(base("identifier", name) for name in names)


def s(*texts: str) -> str:
    """Return strings."""
    return "".join(base("string", text) for text in texts)


def op(name: str, within: str = "", /, **attributes: object) -> str:
    """Return an operator; attributes are written with underscores."""
    said = "".join(f" {key.replace('_', '-')}='{value}'" for key, value in attributes.items())
    return f"<qti-{name}{said}>{within}</qti-{name}>"


def bag(*names: str) -> str:
    """Return a container without order."""
    return op("multiple", ids(*names))


def row(*names: str) -> str:
    """Return a container with order."""
    return op("ordered", ids(*names))


def reckon(expression: str, *, seed: int = 0) -> tuple[Any, list[str]]:
    """Return the value as JSON, and what went wrong."""
    session = Session({}, rng=Random(seed))
    value = evaluate(normalise(read_xml(expression.encode())), session)
    return as_json(value), session.errors


def value_of(expression: str) -> Any:
    """Return the value as JSON of an expression with which nothing is wrong."""
    value, errors = reckon(expression)
    assert errors == []
    return value
