"""Variables of a calculated question, one a line, and the numbered variants made of them.

::

    upah: 2.000.000 sampai 6.000.000 langkah 250.000 rupiah
    risiko: rendah | sedang | tinggi
    potongan: = upah × {fakta:jht.rate.worker} rupiah
    tarif: sebaris 5 | 10 | 15 persen

A range, a list, or what follows from others. Values after ``sebaris`` go with those at the same place of
other such lists, as the columns of a table do; such lists are equally long. Variants are taken from all
combinations in an order that depends on the seed alone: variant 7 of seed 1 is the same today, tomorrow and
in another program.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import prod

from flask_babel import lazy_gettext as _l

from lms.core.numbers import UNITS, NumberFault, read_number, show
from quizzes.types.base import Json
from quizzes.types.formula_parts import FormulaFault, Node, Value, evaluate, names_in
from quizzes.types.formulas import parse_condition, parse_formula
from quizzes.types.tolerance import trimmed

MAX_VARIABLES = 12
MAX_VALUES = 10_000
"""Steps of a range."""
MAX_TRIED = 5_000
"""Combinations held against the conditions before we give up."""
MAX_DIGITS = 10
"""Decimals of a number that is shown or asked for."""
LARGEST = Decimal(10) ** 15
"""A number beyond it is a slip, not an amount."""
ROW = "sebaris"
"""Begins a list whose values go with those of other such lists."""
ANSWER = "jawaban"
"""The right number, for explanations: no variable may be called so."""
RESERVED = frozenset({ANSWER, "min", "max", "round", "if"})

_LINE = re.compile(r"\s*([^:]*?)\s*:\s*(.*?)\s*\Z")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}\Z")
_RANGE = re.compile(r"(\S+)\s+sampai\s+(\S+)(?:\s+langkah\s+(\S+))?\Z")
_WORD = re.compile(r"[a-z][a-z0-9_]*\Z")
# A unit after a sign is a variable of that name: "= upah × bulan".
_UNIT = re.compile(rf"(?<![-−–+*×·/÷(;=<>|\s])\s+({'|'.join(sorted(UNITS, key=len, reverse=True))})\Z")


class VariableFault(ValueError):
    """A line of the variables or conditions cannot be read; `line` counts from 1."""

    def __init__(self, line: int, message: object) -> None:
        super().__init__(str(_l("Line %(line)s: %(message)s", line=line, message=message)))
        self.line = line


@dataclass(frozen=True)
class Variable:
    """A variable: its `values`, or the `formula` it follows from; a column goes with other columns."""

    name: str
    line: int
    unit: str = ""
    values: tuple[Value, ...] = ()
    formula: Node | None = None
    is_column: bool = False


@dataclass(frozen=True)
class Condition:
    """What must hold in every variant."""

    line: int
    node: Node


@dataclass(frozen=True)
class Definition:
    """All an author said about the variants of a question."""

    variables: tuple[Variable, ...]
    conditions: tuple[Condition, ...] = ()
    seed: int = 1

    @property
    def free(self) -> tuple[Variable, ...]:
        """The variables that do not follow from others."""
        return tuple(variable for variable in self.variables if variable.formula is None)

    @property
    def combinations(self) -> int:
        """How many combinations of values there are, conditions not looked at."""
        return prod(len(variable.values) for variable in self.free if not variable.is_column) * self.rows

    @property
    def rows(self) -> int:
        """How many values each column has; 1 where there is none."""
        return next((len(variable.values) for variable in self.free if variable.is_column), 1)


class Law:
    """Numbers of the law at the law date, each asked for once."""

    def __init__(self, ask: Callable[[Json], Decimal]) -> None:
        self._ask = ask
        self._known: dict[str, Decimal] = {}

    def __call__(self, expression: Json) -> Decimal:
        """Return the number of ``{fact: …}`` or ``{hitung: …}``; raises ValueError with the sentence."""
        mark = repr(expression)
        if mark not in self._known:
            self._known[mark] = self._ask(expression)
        return self._known[mark]


@dataclass
class Case:
    """The variables of one variant: what is free is given, what follows is reckoned when asked for."""

    definition: Definition
    given: Mapping[str, Value]
    law: Law
    _known: dict[str, Value] = field(default_factory=dict)
    _asked: list[str] = field(default_factory=list)

    def value(self, name: str) -> Value:
        """Return the value of a variable.

        Raises:
            ValueError: there is none of that name, or it follows from itself.
        """
        if name in self.given:
            return self.given[name]
        if name not in self._known:
            self._known[name] = self._reckon(name)
        return self._known[name]

    def number(self, expression: Json) -> Decimal:
        """Return a number of the law, or what a calculator makes of this case."""
        return self.law(expression)

    def typed(self, name: str) -> str:
        """Return a value as somebody types it into a calculator: 2.500.000, or a word."""
        value = self.value(name)
        return value if isinstance(value, str) else show(trimmed(value))

    def shown(self) -> dict[str, str]:
        """Return every variable as people read it: Rp2.500.000, 5,5%, 12 bulan, sangat rendah."""
        return {
            variable.name: show_value(self.value(variable.name), variable.unit)
            for variable in self.definition.variables
        }

    def holds(self) -> bool:
        """Return whether all conditions hold."""
        return all(evaluate(condition.node, self) for condition in self.definition.conditions)

    def _reckon(self, name: str) -> Value:
        variable = next((v for v in self.definition.variables if v.name == name), None)
        if variable is None or variable.formula is None:
            raise ValueError(str(_l("There is no variable “%(name)s”.", name=name)))
        if name in self._asked:
            raise ValueError(str(_l("“%(name)s” follows from itself.", name=name)))
        self._asked.append(name)
        value = evaluate(variable.formula, self)
        self._asked.remove(name)
        return value


def read_variables(text: str) -> tuple[Variable, ...]:
    """Return the variables of an author's lines, in their order.

    Raises:
        VariableFault: a line cannot be read, a name stands twice, or a formula names what does not exist.
    """
    found: dict[str, Variable] = {}
    for number, line in _lines(text):
        variable = _variable(number, line)
        if variable.name in found:
            raise VariableFault(number, _l("“%(name)s” stands twice.", name=variable.name))
        found[variable.name] = variable
    if len(found) > MAX_VARIABLES:
        raise VariableFault(
            MAX_VARIABLES + 1, _l("At most %(count)s variables are possible.", count=MAX_VARIABLES)
        )
    _check_columns([variable for variable in found.values() if variable.is_column])
    for variable in found.values():
        _check_names(variable.line, variable.formula, found)
        _check_circle(variable, found)
    return tuple(found.values())


def read_conditions(text: str, variables: Sequence[Variable]) -> tuple[Condition, ...]:
    """Return the conditions of an author's lines.

    Raises:
        VariableFault: a line compares nothing, or names what does not exist.
    """
    conditions = []
    for number, line in _lines(text):
        try:
            node = parse_condition(line)
        except FormulaFault as fault:
            raise VariableFault(number, str(fault)) from fault
        _check_names(number, node, {variable.name: variable for variable in variables})
        conditions.append(Condition(number, node))
    return tuple(conditions)


def read_answer(text: str, variables: Sequence[Variable]) -> Node:
    """Return the formula of the right number.

    Raises:
        FormulaFault: it cannot be read, or names what does not exist.
    """
    node = parse_formula(text)
    names = {variable.name for variable in variables}
    for name, position in names_in(node):
        if name not in names:
            raise FormulaFault(position, _l("There is no variable “%(name)s”.", name=name))
    return node


def list_cases(definition: Definition, law: Law) -> Iterator[Case]:
    """Yield the cases that keep the conditions, in the order of their numbers, none twice.

    Chance comes from hashes of the seed, so that it is the same wherever it is reckoned.

    Raises:
        FormulaFault: a condition has no value in a case.
    """
    for place in _places(definition.seed, definition.combinations):
        case = Case(definition, _given(definition, place), law)
        if case.holds():
            yield case


def show_value(value: Value, unit: str) -> str:
    """Return a value in Indonesian form.

    Raises:
        ValueError: it is larger than any amount people speak of.
    """
    if isinstance(value, str):
        return value.replace("_", " ")
    if abs(value) > LARGEST:
        raise ValueError(str(_l("a number is beyond any sense.")))
    is_long = -int(value.as_tuple().exponent) > MAX_DIGITS
    number = show(trimmed(round(value, MAX_DIGITS) if is_long else value))
    if unit == "rupiah":
        return f"-Rp{number[1:]}" if number.startswith("-") else f"Rp{number}"
    if unit == "persen":
        return f"{number}%"
    return f"{number} {unit}".strip()


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line.strip()


def _variable(number: int, line: str) -> Variable:
    match = _LINE.match(line)
    if match is None:
        message = _l("Write a name, a colon and the values: upah: 2.000.000 sampai 6.000.000 langkah 250.000")
        raise VariableFault(number, message)
    name, text = match[1], match[2]
    if not _NAME.match(name) or name in RESERVED:
        message = _l("“%(name)s” is no name: small letters, digits and _.", name=name)
        raise VariableFault(number, message)
    unit = _UNIT.search(text)
    body = text[: unit.start()].rstrip() if unit else text
    try:
        if body.startswith("="):
            # Blanks before it, so that a fault counts characters from the beginning of the line.
            formula = parse_formula(" " * (line.index("=") + 1) + body[1:])
            return Variable(name, number, unit[1] if unit else "", formula=formula)
        is_column = body.startswith(f"{ROW} ")
        values = _list(body.removeprefix(ROW)) if is_column else _values(body)
        return Variable(name, number, unit[1] if unit else "", values, is_column=is_column)
    except (FormulaFault, NumberFault) as fault:
        raise VariableFault(number, str(fault)) from fault
    except _Odd as odd:
        raise VariableFault(number, odd.message) from odd


class _Odd(ValueError):
    def __init__(self, message: object) -> None:
        super().__init__(str(message))
        self.message = message


def _values(text: str) -> tuple[Value, ...]:
    match = _RANGE.match(text)
    if match:
        return tuple(_range(*(read_number(part) for part in (match[1], match[2], match[3] or "1"))))
    values = _list(text)
    if len(set(values)) < len(values):
        raise _Odd(_l("A value stands twice."))
    return values


def _list(text: str) -> tuple[Value, ...]:
    parts = [part.strip() for part in text.split("|")]
    values = tuple(part if _WORD.match(part) else read_number(part) for part in parts)
    if len({type(value) for value in values}) > 1:
        raise _Odd(_l("A list holds numbers or words, not both."))
    return values


def _range(first: Decimal, last: Decimal, step: Decimal) -> list[Decimal]:
    if step <= 0 or last < first:
        raise _Odd(_l("A range goes up, by a step of more than 0."))
    count = int((last - first) // step) + 1
    if count > MAX_VALUES:
        raise _Odd(_l("A range has at most %(count)s values: take a larger step.", count=MAX_VALUES))
    return [first + step * place for place in range(count)]


def _check_columns(columns: Sequence[Variable]) -> None:
    for column in columns[1:]:
        if len(column.values) != len(columns[0].values):
            raise VariableFault(column.line, _l("Lists that begin with “sebaris” are equally long."))


def _check_names(line: int, node: Node | None, known: Mapping[str, Variable]) -> None:
    for name, _position in names_in(node) if node else ():
        if name not in known:
            raise VariableFault(line, _l("There is no variable “%(name)s”.", name=name))


def _check_circle(variable: Variable, known: Mapping[str, Variable]) -> None:
    """See that a variable does not follow from itself, however far around."""
    seen, waiting = set[str](), [variable.name]
    while waiting:
        formula = known[waiting.pop()].formula
        for name, _position in names_in(formula) if formula else ():
            if name == variable.name:
                raise VariableFault(variable.line, _l("“%(name)s” follows from itself.", name=name))
            if name not in seen:
                seen.add(name)
                waiting.append(name)


def _places(seed: int, count: int) -> Iterable[int]:
    """Return places among ``count`` in an order of chance: all of them where they are not too many."""
    if count <= MAX_TRIED:
        return sorted(range(count), key=lambda place: _chance(seed, place))
    drawn = (int.from_bytes(_chance(seed, draw), "big") % count for draw in range(MAX_TRIED))
    return dict.fromkeys(drawn)


def _chance(seed: int, number: int) -> bytes:
    return hashlib.sha256(f"variants/{seed}/{number}".encode()).digest()


def _given(definition: Definition, place: int) -> dict[str, Value]:
    """Return the values of the free variables at a place among all combinations."""
    given: dict[str, Value] = {}
    place, row = divmod(place, definition.rows)
    for variable in sorted(definition.free, key=lambda variable: variable.name):
        if variable.is_column:
            given[variable.name] = variable.values[row]
            continue
        place, index = divmod(place, len(variable.values))
        given[variable.name] = variable.values[index]
    return given
