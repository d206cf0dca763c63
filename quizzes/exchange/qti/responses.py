"""What a person answered, as text, brought to the types an item declares."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from quizzes.exchange.qti.declarations import RESPONSE, Declaration
from quizzes.exchange.qti.session import Session
from quizzes.exchange.qti.values import (
    CONTAINERS,
    RECORD,
    QtiFault,
    Value,
    container,
    read_scalar,
    single,
)

Given = tuple[str, str]
"""(identifier of the response, or identifier.field of a record; value as text)"""

_FIELD_TYPES = {
    "stringValue": "string",
    "floatValue": "float",
    "integerValue": "integer",
    "leftDigits": "integer",
    "rightDigits": "integer",
    "ndp": "integer",
    "nsf": "integer",
    "exponent": "integer",
}
"""The fields of a number typed by a person, as the standard has them."""


def answer(session: Session, given: Iterable[Given]) -> None:
    """Give the response variables what was answered; what cannot be read is told, and is no response."""
    said: dict[str, list[tuple[str, str]]] = {}
    for name, text in given:
        identifier, field = _split(session, name)
        said.setdefault(identifier, []).append((field, text))
    for identifier, parts in said.items():
        try:
            declaration = _response(session, identifier)
            session.values[identifier] = declaration.null
            session.values[identifier] = _read(declaration, parts)
        except QtiFault as fault:
            session.tell(f"Response {identifier}: {fault}")


def _split(session: Session, name: str) -> tuple[str, str]:
    if name in session.declared:
        return name, ""
    identifier, _dot, field = name.rpartition(".")
    found = session.declared.get(identifier)
    return (identifier, field) if found is not None and found.cardinality == RECORD else (name, "")


def _response(session: Session, identifier: str) -> Declaration:
    declaration = session.find(identifier)
    if declaration.kind != RESPONSE:
        raise QtiFault("This is no response variable.")
    return declaration


def _read(declaration: Declaration, parts: list[tuple[str, str]]) -> Value:
    if declaration.cardinality == RECORD:
        return _read_record(parts)
    texts = [text for _field, text in parts if text != ""]
    if declaration.cardinality in CONTAINERS:
        items = [read_scalar(declaration.base_type, text) for text in texts]
        return container(declaration.cardinality, declaration.base_type, items)
    if len(texts) > 1:
        raise QtiFault("Only one value is taken, and more were given.")
    if not texts:
        return declaration.null
    return single(declaration.base_type, read_scalar(declaration.base_type, texts[0]))


def _read_record(parts: list[tuple[str, str]]) -> Value:
    fields: dict[str, Value] = {}
    for field, text in parts:
        if field:
            base_type = _FIELD_TYPES.get(field) or _likely_type(text)
            fields[field] = single(base_type, read_scalar(base_type, text))
        else:
            fields |= number_fields(text)
    return Value(RECORD, fields=fields)


def _likely_type(text: str) -> str:
    for base_type in ("integer", "float"):
        try:
            read_scalar(base_type, text)
        except QtiFault:
            continue
        return base_type
    return "string"


def number_fields(text: str) -> dict[str, Value]:
    """Return the record of a number typed by a person: its text, value, digits and precision.

    Raises:
        QtiFault: it is no number.
    """
    number = read_scalar("float", text)
    assert isinstance(number, float)
    mantissa, _e, exponent = text.strip().lstrip("+-").lower().partition("e")
    left, _point, right = mantissa.partition(".")
    counts = {
        "leftDigits": len(left),
        "rightDigits": len(right),
        "ndp": _places(right, exponent),
        "nsf": len((left + right).lstrip("0")) or 1,
    }
    if exponent:
        counts["exponent"] = int(exponent)
    fields = {"stringValue": single("string", text), "floatValue": single("float", number)}
    if number.is_integer():
        fields["integerValue"] = single("integer", int(Decimal(text.strip())))
    return fields | {name: single("integer", count) for name, count in counts.items()}


def _places(right: str, exponent: str) -> int:
    return max(0, len(right) - int(exponent or 0))
