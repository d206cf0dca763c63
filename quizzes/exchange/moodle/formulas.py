"""Formulas of Moodle, ``round({upah}*0.02, 0)``: read, written as ours, or reckoned. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from quizzes.exchange.moodle.numbers import read_plain_number
from quizzes.exchange.moodle.text import Refused
from quizzes.types.variables import LARGEST, show_value

MAX_LENGTH = 1_000
MAX_DEPTH = 30
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]{1,20}\.?[0-9]{0,20}|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?)"
    r"|\{(?P<name>[^{}<>=][^{}<>]{0,99})\}|(?P<function>[a-z][a-z0-9]*)|(?P<sign><=|>=|==|!=|[-+*/%()<>?:,]))"
)
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "abs": abs, "acos": math.acos, "asin": math.asin, "atan": math.atan, "atan2": math.atan2,
    "ceil": math.ceil, "cos": math.cos, "exp": math.exp, "floor": math.floor, "fmod": math.fmod,
    "log": math.log, "log10": math.log10, "max": max, "min": min, "pi": lambda: math.pi, "pow": math.pow,
    "sin": math.sin, "sqrt": math.sqrt, "tan": math.tan, "deg2rad": math.radians, "rad2deg": math.degrees,
}  # fmt: skip


class Unwritable(ValueError):
    """A formula has a part that ours have not; it can be reckoned all the same."""


@dataclass(frozen=True)
class Formula:
    """A part of a formula: a number, a name, or what is done to other parts.

    ``kind`` is "number", "name", a sign, "?" or the name of a function; ``text`` the number or name.
    """

    kind: str
    text: str = ""
    parts: tuple[Formula, ...] = ()


def read_formula(text: str) -> Formula:
    """Return what a formula says.

    Raises:
        Refused: it cannot be read, or is too long or too deep.
    """
    if len(text) > MAX_LENGTH:
        raise Refused(_l("A formula has more than %(count)s characters.", count=MAX_LENGTH))
    return _Reading(text).whole()


def names_in(formula: Formula) -> set[str]:
    """Return the variables of a formula."""
    own = {formula.text} if formula.kind == "name" else set()
    return own.union(*(names_in(part) for part in formula.parts))


def write_ours(formula: Formula, names: Mapping[str, str]) -> str:
    """Return the formula in our language, its variables by our names.

    Raises:
        Unwritable: ours has no such function.
    """
    if formula.kind == "number":
        return show_value(read_plain_number(formula.text), "")
    if formula.kind == "name":
        return names[formula.text]
    parts = [write_ours(part, names) for part in formula.parts]
    if formula.kind in {"+", "-", "*", "/"}:
        sign = {"*": "×", "/": "÷"}.get(formula.kind, formula.kind)
        return f"({parts[0]} {sign} {parts[1]})" if len(parts) == 2 else f"(0 - {parts[0]})"
    if formula.kind == "?" and formula.parts[0].kind in _COMPARISONS:
        return f"if({parts[0]}; {parts[1]}; {parts[2]})"
    if formula.kind in _COMPARISONS:
        return f"{parts[0]} {'=' if formula.kind == '==' else formula.kind} {parts[1]}"
    return _write_function(formula, parts)


def reckon(formula: Formula, values: Mapping[str, float]) -> float:
    """Return what a formula comes to, in the floating numbers Moodle reckons with.

    Raises:
        Refused: it has no value.
    """
    try:
        value = float(_reckon(formula, values))
    except (ArithmeticError, ValueError, TypeError) as error:
        raise Refused(_l("A formula has no value for some of the numbers.")) from error
    if not abs(value) <= LARGEST:
        raise Refused(_l("A formula has no value for some of the numbers."))
    return value


def _reckon(formula: Formula, values: Mapping[str, float]) -> float:
    if formula.kind == "number":
        return float(formula.text)
    if formula.kind == "name":
        return values[formula.text]
    if formula.kind == "?":
        chosen = 1 if _reckon(formula.parts[0], values) else 2
        return _reckon(formula.parts[chosen], values)
    parts = [_reckon(part, values) for part in formula.parts]
    if formula.kind in _COMPARISONS:
        return float(_COMPARISONS[formula.kind](*parts))
    if formula.kind == "round":
        return _rounded(*parts)
    return _operation(formula.kind, parts)


def _operation(sign: str, parts: list[float]) -> float:
    if sign == "-":
        return parts[0] - parts[1] if len(parts) == 2 else -parts[0]
    if sign == "/":
        return parts[0] / parts[1]
    simple: dict[str, Callable[..., float]] = {
        "+": lambda a, b=0.0: a + b,
        "*": lambda a, b: a * b,
        "%": lambda a, b: math.fmod(int(a), int(b)),
    }
    return float((simple | _FUNCTIONS)[sign](*parts))


def _rounded(number: float, digits: float = 0) -> float:
    """Return a number rounded half away from zero, as PHP does."""
    scale = 10 ** max(-12, min(12, int(digits)))
    return math.copysign(math.floor(round(abs(number) * scale, 6) + 0.5) / scale, number)


def _write_function(formula: Formula, parts: list[str]) -> str:
    name, count = formula.kind, len(parts)
    if name in {"min", "max"} and count > 1:
        return f"{name}({'; '.join(parts)})"
    if name in {"floor", "ceil"} and count == 1:
        return f"round({parts[0]}; {'down' if name == 'floor' else 'up'})"
    if name == "abs" and count == 1:
        return f"max({parts[0]}; (0 - {parts[0]}))"
    if name == "round" and count == 1:
        return f"round({parts[0]})"
    if name == "round" and formula.parts[1].kind == "number" and formula.parts[1].text in "0123456789":
        digits = int(formula.parts[1].text)
        step = "1" if digits == 0 else f"0,{'0' * (digits - 1)}1"
        return f"round({parts[0]}; half_up; {step})"
    raise Unwritable(name)


class _Reading:
    """Reads a formula from left to right: choice, comparison, sum, product, sign, part."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        place = 0
        while place < len(text.rstrip()):
            match = _TOKEN.match(text, place)
            if match is None or match.end() == place:
                raise Refused(_l("The formula “%(text)s” cannot be read.", text=text[:80]))
            kind = match.lastgroup or ""
            self._tokens.append((kind, match[kind].strip()))
            place = match.end()
        self._text, self._place, self._depth = text, 0, 0

    def whole(self) -> Formula:
        """Return the formula; nothing may be left over."""
        formula = self._choice()
        if self._place < len(self._tokens):
            raise self._fault()
        return formula

    def _choice(self) -> Formula:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._fault()
        condition = self._comparison()
        if self._takes("?"):
            first = self._choice()
            self._expect(":")
            condition = Formula("?", "", (condition, first, self._choice()))
        self._depth -= 1
        return condition

    def _comparison(self) -> Formula:
        left = self._sum()
        if self._now in _COMPARISONS:
            return Formula(self._take(), "", (left, self._sum()))
        return left

    def _sum(self) -> Formula:
        return self._row(self._product, "+-")

    def _product(self) -> Formula:
        return self._row(self._signed, "*/%")

    def _row(self, read: Callable[[], Formula], signs: str) -> Formula:
        formula = read()
        while self._now and self._now in signs:
            formula = Formula(self._take(), "", (formula, read()))
        return formula

    def _signed(self) -> Formula:
        if self._now not in {"-", "+"}:
            return self._part()
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._fault()
        sign, part = self._take(), self._signed()
        self._depth -= 1
        return Formula("-", "", (part,)) if sign == "-" else part

    def _part(self) -> Formula:
        if self._place >= len(self._tokens):
            raise self._fault()
        kind, text = self._tokens[self._place]
        self._place += 1
        if kind in {"number", "name"}:
            return Formula(kind, text)
        if text == "(":
            inner = self._choice()
            self._expect(")")
            return inner
        if kind == "function" and (text in _FUNCTIONS or text == "round"):
            return Formula(text, "", tuple(self._arguments()))
        raise self._fault()

    def _arguments(self) -> list[Formula]:
        self._expect("(")
        if self._takes(")"):
            return []
        found = [self._choice()]
        while self._takes(","):
            found.append(self._choice())
        self._expect(")")
        return found

    @property
    def _now(self) -> str:
        kind, text = self._tokens[self._place] if self._place < len(self._tokens) else ("", "")
        return text if kind == "sign" else ""

    def _take(self) -> str:
        self._place += 1
        return self._tokens[self._place - 1][1]

    def _takes(self, sign: str) -> bool:
        is_next = self._now == sign
        self._place += is_next
        return is_next

    def _expect(self, sign: str) -> None:
        if not self._takes(sign):
            raise self._fault()

    def _fault(self) -> Refused:
        return Refused(_l("The formula “%(text)s” cannot be read.", text=self._text[:80]))
