"""Values of QTI: a base type, a cardinality, and NULL, which every container without members is too.

Scalars: identifier, string, uri, file → str; boolean → bool; integer → int; float and duration (seconds) →
float; point → (x, y); pair and directedPair → (first, second).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Scalar = bool | int | float | str | tuple[int, int] | tuple[str, str]

SINGLE, MULTIPLE, ORDERED, RECORD = "single", "multiple", "ordered", "record"
CARDINALITIES = (SINGLE, MULTIPLE, ORDERED, RECORD)
CONTAINERS = (MULTIPLE, ORDERED)
NUMBERS = ("integer", "float")
TEXTS = ("identifier", "string", "uri", "file", "intOrIdentifier")
BASE_TYPES = (*TEXTS, *NUMBERS, "boolean", "point", "pair", "directedPair", "duration")

MAX_MEMBERS = 10_000
"""Members of one container; nobody answers with more, and `repeat` could make any number."""

INTEGER_LIMIT = 2**63
"""The specification asks for 32 bits; amounts of money are larger."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_FLOAT = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
_SPECIAL = {"INF": math.inf, "+INF": math.inf, "-INF": -math.inf, "NaN": math.nan}
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


class QtiFault(ValueError):
    """Something the specification does not allow, in a sentence."""


@dataclass(frozen=True)
class Value:
    """A value; without items and fields it is NULL. ``fields`` belong to records, ``items`` to all others."""

    cardinality: str = SINGLE
    base_type: str = ""
    items: tuple[Scalar, ...] = ()
    fields: Mapping[str, Value] = field(default_factory=dict)

    @property
    def is_null(self) -> bool:
        """Say whether there is nothing."""
        return not self.items and not self.fields

    @property
    def scalar(self) -> Scalar:
        """Return the only item of a single value that is not NULL.

        Raises:
            QtiFault: it is a record.
        """
        if not self.items:
            raise QtiFault("A record stands where a single value is needed.")
        return self.items[0]


NULL = Value()


def single(base_type: str, scalar: Scalar) -> Value:
    """Return a single value; an empty string is NULL."""
    if scalar == "" or (base_type == "integer" and abs(_as_number(scalar)) >= INTEGER_LIMIT):
        return Value(SINGLE, base_type)
    return Value(SINGLE, base_type, (scalar,))


def boolean(truth: bool) -> Value:
    """Return a single boolean."""
    return Value(SINGLE, "boolean", (truth,))


def container(cardinality: str, base_type: str, items: Sequence[Scalar]) -> Value:
    """Return a container of either order.

    Raises:
        QtiFault: it has more than `MAX_MEMBERS`.
    """
    if len(items) > MAX_MEMBERS:
        raise QtiFault(f"A container has more than {MAX_MEMBERS} members.")
    return Value(cardinality, base_type, tuple(items))


def _as_number(scalar: Scalar) -> float:
    return scalar if isinstance(scalar, int | float) else 0


def read_scalar(base_type: str, text: str) -> Scalar:
    """Return one value as XML writes it; spaces around anything but a string do not count.

    Raises:
        QtiFault: the text is no value of that type.
    """
    if base_type == "string":
        return text
    said = " ".join(text.split())
    read = _READERS.get(base_type)
    if read is None:
        raise QtiFault(f"There is no base type {base_type!r}.")
    found = read(said)
    if found is None:
        raise QtiFault(f"{text.strip()[:80]!r} is no {base_type}.")
    return found


def _read_boolean(text: str) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(text)


def _read_integer(text: str) -> int | None:
    return int(text) if _INTEGER.fullmatch(text) and abs(int(text)) < INTEGER_LIMIT else None


def _read_float(text: str) -> float | None:
    if text in _SPECIAL:
        return _SPECIAL[text]
    return float(text) if len(text) < 400 and _FLOAT.fullmatch(text) else None


def _read_duration(text: str) -> float | None:
    found = _DURATION.fullmatch(text)
    if found is None or text.endswith(("P", "T")):
        return _read_float(text)
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _read_point(text: str) -> tuple[int, int] | None:
    numbers = [_read_float(part) for part in text.split()]
    if len(numbers) != 2 or any(number is None or not math.isfinite(number) for number in numbers):
        return None
    x, y = (math.floor((number or 0) + 0.5) for number in numbers)
    return x, y


def _read_pair(text: str) -> tuple[str, str] | None:
    parts = text.split()
    return (parts[0], parts[1]) if len(parts) == 2 else None


def _read_identifier(text: str) -> str | None:
    return text if text and " " not in text else None


_READERS: dict[str, Callable[[str], Scalar | None]] = {
    "identifier": _read_identifier,
    "intOrIdentifier": _read_identifier,
    "uri": str,
    "file": str,
    "boolean": _read_boolean,
    "integer": _read_integer,
    "float": _read_float,
    "duration": _read_duration,
    "point": _read_point,
    "pair": _read_pair,
    "directedPair": _read_pair,
}


def key_of(base_type: str, scalar: Scalar) -> object:
    """Return what two equal scalars have in common: ends of a pair either way round, NaN nothing."""
    if isinstance(scalar, float) and math.isnan(scalar):
        return object()
    if base_type == "pair" and isinstance(scalar, tuple):
        return tuple(sorted(str(end) for end in scalar))
    return scalar


def as_json(value: Value) -> Any:
    """Return a value as JSON has it: NULL as None, containers as lists, pairs and points as ``"A B"``."""
    if value.is_null:
        return None
    if value.cardinality == RECORD:
        return {name: as_json(part) for name, part in value.fields.items()}
    shown = [_scalar_as_json(item) for item in value.items]
    return shown if value.cardinality in CONTAINERS else shown[0]


def _scalar_as_json(scalar: Scalar) -> Any:
    if isinstance(scalar, tuple):
        return " ".join(str(part) for part in scalar)
    if isinstance(scalar, float) and not math.isfinite(scalar):
        return "NaN" if math.isnan(scalar) else ("INF" if scalar > 0 else "-INF")
    return scalar
