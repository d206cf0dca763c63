"""One use of an operator: its attributes and what its sub-expressions came to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lms.core.xml_reader import XmlElement
from quizzes.exchange.qti.session import Session
from quizzes.exchange.qti.values import (
    CONTAINERS,
    NUMBERS,
    SINGLE,
    TEXTS,
    QtiFault,
    Scalar,
    Value,
    read_scalar,
)


@dataclass(frozen=True)
class Call:
    """An expression with its sub-expressions evaluated, in their order."""

    element: XmlElement
    values: Sequence[Value]
    session: Session

    @property
    def name(self) -> str:
        """Return the operator's plain name."""
        return self.element.name

    def value(self, index: int) -> Value:
        """Return a sub-expression's value.

        Raises:
            QtiFault: there are not so many.
        """
        if index >= len(self.values):
            raise QtiFault(f"The operator {self.name} needs more expressions within.")
        return self.values[index]

    def two(self) -> tuple[Value, Value]:
        """Return the values of both sub-expressions."""
        return self.value(0), self.value(1)

    @property
    def has_null(self) -> bool:
        """Say whether any sub-expression is NULL."""
        return any(value.is_null for value in self.values)

    def text(self, name: str, default: str | None = None) -> str:
        """Return an attribute.

        Raises:
            QtiFault: it is missing and has no default.
        """
        said = self.element.attributes.get(name, default)
        if said is None:
            raise QtiFault(f"The operator {self.name} lacks the attribute {name}.")
        return said

    def flag(self, name: str, *, default: bool) -> bool:
        """Return an attribute that is true or false."""
        return bool(read_scalar("boolean", self.text(name, str(default).lower())))

    def number(self, name: str, default: str | None = None) -> float | None:
        """Return an attribute that is a number or names a variable that holds one; None if that is NULL."""
        return self.reckon(self.text(name, default).strip())

    def reckon(self, said: str) -> float | None:
        """Return a number as written, or what the variable of that name holds.

        Raises:
            QtiFault: it is neither.
        """
        name = said.removeprefix("{").removesuffix("}")
        if name not in self.session.declared:
            return _real(read_scalar("float", said))
        value = self.session.get(name)
        return None if value.is_null else _real(number(value))

    def whole(self, name: str, default: str | None = None) -> int | None:
        """Return an attribute that is a whole number or names a variable that holds one."""
        found = self.number(name, default)
        if found is None:
            return None
        if not float(found).is_integer():
            raise QtiFault(f"The attribute {name} of {self.name} is no whole number.")
        return int(found)


Operator = Callable[[Call], Value]
Operators = Mapping[str, Operator]


def _real(scalar: Scalar) -> float:
    assert isinstance(scalar, int | float)
    return scalar


def number(value: Value) -> int | float:
    """Return the number a value is, which must not be NULL.

    Raises:
        QtiFault: it is no single number.
    """
    scalar = value.scalar
    if value.cardinality != SINGLE or value.base_type not in (*NUMBERS, "duration"):
        raise QtiFault(f"A single number is needed, not {value.cardinality} {value.base_type}.")
    return _real(scalar)


def numbers(values: Sequence[Value]) -> list[int | float]:
    """Return all numbers of single values and containers, none of which may be NULL."""
    found: list[int | float] = []
    for value in values:
        if value.base_type not in NUMBERS or value.cardinality not in (SINGLE, *CONTAINERS):
            raise QtiFault(f"Numbers are needed, not {value.cardinality} {value.base_type}.")
        found += [_real(item) for item in value.items]
    return found


def truth(value: Value) -> bool | None:
    """Return a single boolean, None for NULL.

    Raises:
        QtiFault: it is something else.
    """
    if value.is_null:
        return None
    if value.cardinality != SINGLE or value.base_type != "boolean":
        raise QtiFault(f"A boolean is needed, not {value.cardinality} {value.base_type}.")
    return bool(value.scalar)


def text(value: Value) -> str:
    """Return a single text that is not NULL.

    Raises:
        QtiFault: it is something else.
    """
    if value.cardinality != SINGLE or value.base_type not in TEXTS:
        raise QtiFault(f"A text is needed, not {value.cardinality} {value.base_type}.")
    return str(value.scalar)
