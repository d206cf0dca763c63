"""What a formula is made of, and what it comes to: exact Decimal arithmetic with 50 digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from typing import Protocol, TypeVar

from flask_babel import lazy_gettext as _l

from quizzes.types.base import Json

ROUNDINGS = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "up": ROUND_CEILING,
    "down": ROUND_FLOOR,
}
"""Rules of ``round(x; rule; step)``; left out: half_up to whole numbers."""
EXACT = Context(prec=50, Emax=999, Emin=-999, traps=[DivisionByZero, InvalidOperation, Overflow])

COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
"""Signs of a condition."""
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")

Asked = TypeVar("Asked")
Told = TypeVar("Told")


class FormulaFault(ValueError):
    """A formula cannot be read or has no value; `position` is that of the character, 1 for the first."""

    def __init__(self, position: int, message: object) -> None:
        super().__init__(str(_l("Character %(position)s: %(message)s", position=position, message=message)))
        self.position = position
        self.message = message


Value = Decimal | str
"""Of a variable: a number, or a word that a calculator takes, such as `sedang`."""


class Names(Protocol):
    """What the names of a formula stand for."""

    def value(self, name: str) -> Value:
        """Return the value of a variable; raises ValueError with the sentence."""

    def number(self, expression: Json) -> Decimal:
        """Return the number of ``{fact: …}`` or ``{hitung: …}``; raises ValueError with the sentence."""

    def typed(self, name: str) -> str:
        """Return the value of a variable as somebody would type it into a calculator."""


class Node(Protocol):
    """A part of a formula."""

    @property
    def position(self) -> int:
        """Where it begins."""

    def evaluate(self, names: Names) -> Decimal:
        """Return its value."""

    def parts(self) -> tuple[Node, ...]:
        """Return what it is made of."""


@dataclass(frozen=True)
class Number:
    """A number as typed."""

    position: int
    number: Decimal

    def evaluate(self, names: Names) -> Decimal:  # noqa: ARG002
        """Return it."""
        return self.number

    def parts(self) -> tuple[Node, ...]:
        """Return nothing."""
        return ()


@dataclass(frozen=True)
class Variable:
    """A variable by name."""

    position: int
    name: str

    def evaluate(self, names: Names) -> Decimal:
        """Return its value in this variant."""
        value = _told(self.position, names.value, self.name)
        if isinstance(value, str):
            message = _l("“%(name)s” is a word: only a calculator can take it.", name=self.name)
            raise FormulaFault(self.position, message)
        return value

    def parts(self) -> tuple[Node, ...]:
        """Return nothing."""
        return ()


@dataclass(frozen=True)
class Looked:
    """A fact, or what a calculator makes of a case, as the resolver takes it."""

    position: int
    expression: Json

    def evaluate(self, names: Names) -> Decimal:
        """Return the number at the law date."""
        expression = self.expression
        if "hitung" in expression:
            filled = {name: _fill(text, names) for name, text in expression["masukan"].items()}
            expression = {**expression, "masukan": filled}
        return _told(self.position, names.number, expression)

    def parts(self) -> tuple[Node, ...]:
        """Return the variables that are handed to a calculator."""
        return tuple(
            Variable(self.position, name)
            for text in self.expression.get("masukan", {}).values()
            for name in _PLACE.findall(text)
        )


@dataclass(frozen=True)
class Operation:
    """Two parts and a sign; a comparison is 1 where it holds and 0 where not."""

    position: int
    sign: str
    left: Node
    right: Node

    def evaluate(self, names: Names) -> Decimal:
        """Return what the sign makes of both."""
        left, right = self.left.evaluate(names), self.right.evaluate(names)
        if self.sign in COMPARISONS:
            return Decimal(int(COMPARISONS[self.sign](left, right)))
        if self.sign == "/" and right == 0:
            raise FormulaFault(self.position, _l("This divides by 0."))
        return _reckon(self.sign, left, right)

    def parts(self) -> tuple[Node, ...]:
        """Return both sides."""
        return (self.left, self.right)


@dataclass(frozen=True)
class Call:
    """A function of parts: min, max, if, round."""

    position: int
    name: str
    arguments: tuple[Node, ...]
    # Of round.
    rule: str = "half_up"

    def evaluate(self, names: Names) -> Decimal:
        """Return what the function makes of its parts."""
        if self.name == "if":
            chosen = self.arguments[1] if self.arguments[0].evaluate(names) else self.arguments[2]
            return chosen.evaluate(names)
        values = [argument.evaluate(names) for argument in self.arguments]
        if self.name == "round":
            return self._round(*values)
        return min(values) if self.name == "min" else max(values)

    def parts(self) -> tuple[Node, ...]:
        """Return the parts."""
        return self.arguments

    def _round(self, value: Decimal, step: Decimal = Decimal(1)) -> Decimal:
        if step <= 0:
            raise FormulaFault(self.position, _l("The step of round must be more than 0."))
        return (value / step).to_integral_value(ROUNDINGS[self.rule]) * step


def evaluate(node: Node, names: Names) -> Decimal:
    """Return the value of a formula; of a condition 1 where it holds, else 0.

    Raises:
        FormulaFault: it has none: a division by 0, a fact that is not known, …
    """
    with localcontext(EXACT):
        try:
            return node.evaluate(names)
        except ArithmeticError:
            raise FormulaFault(node.position, _l("This number is too large.")) from None


def names_in(node: Node) -> Iterator[tuple[str, int]]:
    """Yield the variables of a formula with their positions."""
    if isinstance(node, Variable):
        yield node.name, node.position
    for part in node.parts():
        yield from names_in(part)


def _told(position: int, ask: Callable[[Asked], Told], name: Asked) -> Told:
    try:
        return ask(name)
    except FormulaFault:
        raise
    except ValueError as error:
        raise FormulaFault(position, str(error)) from error


def _fill(text: str, names: Names) -> str:
    return _PLACE.sub(lambda match: names.typed(match[1]), text)


def _reckon(sign: str, left: Decimal, right: Decimal) -> Decimal:
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    return left * right if sign == "*" else left / right
