"""Moodle's calculated questions as ours: sets of numbers become the columns of a table. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import lazy_gettext as _l

from lms.core.numbers import show
from quizzes.exchange.moodle.formulas import Formula, Unwritable, names_in, read_formula, reckon, write_ours
from quizzes.exchange.moodle.marks import write_share
from quizzes.exchange.moodle.numbers import plain_number
from quizzes.exchange.moodle.text import Notes, Refused
from quizzes.types.base import Json
from quizzes.types.calculated import LEAST, MAX_VARIANTS, Calculated
from quizzes.types.tolerance import GEOMETRIC, NOMINAL, RELATIVE, trimmed
from quizzes.types.variables import MAX_DIGITS, MAX_VARIABLES, RESERVED, ROW, show_value

KINDS = {"1": RELATIVE, "2": NOMINAL, "3": GEOMETRIC}
"""How a tolerance is meant, by its number in Moodle."""
_HOLE = re.compile(r"\{=((?:[^{}]|\{[^{}]*\})*)\}")
_NAME = re.compile(r"\{([^{}<>=|][^{}<>|]{0,99})\}")
_SIGN = re.compile(r"\ue030([a-z0-9_]+)\ue031")
_NO_SIGNS = {0xE030: None, 0xE031: None}
_KEY = "kunci"
_ONE_NEAR = _l("Only one further answer can earn a part: the same formula with a wider tolerance.")


@dataclass(frozen=True)
class Set:
    """The values of one variable, in the order of their numbers, as decimal text."""

    name: str
    values: tuple[Decimal, ...]


@dataclass(frozen=True)
class Key:
    """One answer: a formula, what it earns, how far off it may be, and how its tolerance is meant."""

    formula: str
    fraction: Fraction
    tolerance: Decimal
    kind: str = RELATIVE


class Table:
    """The sets of a question, with names of ours for their variables."""

    def __init__(self, sets: Sequence[Set], notes: Notes) -> None:
        self.sets = {one.name: one for one in sets}
        self.count = min((len(one.values) for one in sets), default=0)
        if self.count > MAX_VARIANTS:
            notes.lose(_l("Only the first %(count)s sets of numbers are taken.", count=MAX_VARIANTS))
            self.count = MAX_VARIANTS
        if self.count < LEAST:
            raise Refused(
                _l("A calculated question needs at least two sets of numbers (dataset_definitions).")
            )
        self.names: dict[str, str] = {}
        for one in sets:
            self.names[one.name] = _our_name(one.name, set(self.names.values()))
        self.columns = [self._column(self.names[one.name], one.values) for one in sets]
        self._derived: dict[str, str] = {}

    def row(self, number: int) -> dict[str, float]:
        """Return the values of a set, by Moodle's names; 0 is the first."""
        return {name: float(one.values[number]) for name, one in self.sets.items()}

    def marked(self, text: str) -> str:
        """Return a text with signs where it shows variables or formulas; `shown` replaces them."""
        text = _HOLE.sub(lambda match: self._sign(self._derive(match[1])), text.translate(_NO_SIGNS))
        return _NAME.sub(self._named, text)

    def shown(self, markdown: str) -> str:
        """Return Markdown with our marks in the place of signs."""
        return _SIGN.sub(r"{nilai:\1}", markdown)

    def answer(self, text: str) -> str:
        """Return the right number in our language; where it has not the functions, as a column of its own."""
        formula = self.read(text)
        try:
            return write_ours(formula, self.names)
        except Unwritable:
            return self.reckoned(text)

    def reckoned(self, text: str) -> str:
        """Return the name of a column with what a formula comes to in every set."""
        formula = self.read(text)
        values = [
            round(Decimal(repr(reckon(formula, self.row(number)))), MAX_DIGITS)
            for number in range(self.count)
        ]
        self._add(_KEY, self._column(_KEY, values))
        return _KEY

    def lines(self) -> str:
        """Return the variables as their author would write them."""
        if len(self.columns) > MAX_VARIABLES:
            raise Refused(_l("It has more than %(count)s variables.", count=MAX_VARIABLES))
        return "\n".join(self.columns)

    def _derive(self, text: str) -> str:
        """Return the name of a variable that is what a formula in a text comes to."""
        if text not in self._derived:
            name = f"hasil_{len(self._derived) + 1}"
            formula = self.read(text)
            try:
                line = f"{name}: = {write_ours(formula, self.names)}"
            except Unwritable:
                values = [Decimal(repr(reckon(formula, self.row(number)))) for number in range(self.count)]
                line = self._column(name, [round(value, 4) for value in values])
            self._derived[text] = name
            self._add(name, line)
        return self._derived[text]

    def _add(self, name: str, line: str) -> None:
        if not any(column.startswith(f"{name}:") for column in self.columns):
            self.columns.append(line)

    def read(self, text: str) -> Formula:
        """Return a formula whose variables have numbers; raises Refused for another one."""
        formula = read_formula(text)
        for name in sorted(names_in(formula) - set(self.names)):
            raise Refused(_l("The formula names {%(name)s}, for which there are no numbers.", name=name[:40]))
        return formula

    def _named(self, match: re.Match[str]) -> str:
        name = self.names.get(match[1].strip())
        return match[0] if name is None else self._sign(name)

    def _sign(self, name: str) -> str:
        return f"\ue030{name}\ue031"

    def _column(self, name: str, values: Sequence[Decimal]) -> str:
        shown = " | ".join(show_value(trimmed(value), "") for value in values[: self.count])
        return f"{name}: {ROW} {shown}"


def calculated_source(table: Table, keys: Sequence[Key], stem: str, notes: Notes) -> Json:
    """Return all but stem and explanation of a calculated question.

    Args:
        table: its numbers; all texts of the question are marked by it before.
        keys: its answers, in the order in which they are tried.
        stem: the stem with our marks, to see that it can be asked.
        notes: where it is said what was guessed.

    Raises:
        Refused: it has no right answer, or one that is none for some of the numbers.
    """
    right = next((key for key in keys if key.fraction == 1), None)
    if right is None or right.formula.strip() == "*":
        raise Refused(_l("No answer earns everything (100%): say which one is right."))
    source: Json = {"variants": table.count, "seed": 1}
    source |= _tolerances(right, [key for key in keys if key is not right and key.fraction > 0])
    last: Refused | None = None
    for answer in _ways(table, right.formula):
        whole = source | {"variables": table.lines(), "answer": answer}
        last = _refusal(whole | {"stem": stem})
        if last is None:
            if answer == _KEY:
                notes.guess(_l("The right number was reckoned for each set; the formula itself is not kept."))
            return whole
    assert last is not None
    raise last


def _ways(table: Table, formula: str) -> Iterator[str]:
    """Yield the right number as a formula, as one that ends, and reckoned for each set."""
    answer = table.answer(formula)
    yield answer
    yield f"round({answer}; half_up; 0,{'0' * (MAX_DIGITS - 1)}1)"
    yield table.reckoned(formula)


def filled(text: str, table: Table, number: int, digits: int) -> str:
    """Return a text with the numbers of one set in it; what is reckoned has so many decimals."""
    row = table.row(number)

    def reckoned(match: re.Match[str]) -> str:
        return show(round(Decimal(repr(reckon(table.read(match[1]), row))), digits))

    def named(match: re.Match[str]) -> str:
        one = table.sets.get(match[1])
        return match[0] if one is None else show_value(trimmed(one.values[number]), "")

    return _NAME.sub(named, _HOLE.sub(reckoned, text))


def _tolerances(right: Key, others: Sequence[Key]) -> Json:
    """Return the tolerance and the wider one; where nothing may be off, its kind is that of the wider one."""
    if len(others) > 1:
        raise Refused(_ONE_NEAR)
    kind = others[0].kind if others and not right.tolerance else right.kind
    times = 1 if kind == NOMINAL else 100
    source: Json = {"tolerance": plain_number(right.tolerance * times)} if right.tolerance else {}
    for other in others:
        is_same = other.formula.strip() == right.formula.strip() and other.kind == kind
        if not is_same or other.tolerance <= right.tolerance or other.fraction == 1:
            raise Refused(_ONE_NEAR)
        tolerance = plain_number(other.tolerance * times)
        source["near"] = {"tolerance": tolerance, "fraction": write_share(other.fraction)}
    return source | ({"tolerance_kind": kind} if source and kind != NOMINAL else {})


def _refusal(source: Json) -> Refused | None:
    """Return why a source makes no sense for some of its numbers; None where it does."""
    faults = Calculated().faults(source)
    if faults:
        return Refused(" ".join(faults))
    try:
        Calculated().resolve(source, Plain())
    except ValueError as error:
        return Refused(str(error))
    return None


class Plain:
    """Resolves what has no marks but values: texts as they are, numbers as they stand."""

    def html(self, text: str) -> str:
        """Return the text."""
        return text

    def plain(self, text: str) -> str:
        """Return the text."""
        return text

    def number(self, expression: Any) -> Decimal:
        """Return a plain number.

        Raises:
            ValueError: it is none.
        """
        try:
            return Decimal(str(expression))
        except ArithmeticError as error:
            raise ValueError(str(_l("Facts cannot be looked up here."))) from error


def _our_name(name: str, taken: set[str] | Mapping[str, str]) -> str:
    """Return a name of ours for a variable, which nothing else is called."""
    bare = re.sub(r"[^a-z0-9_]+", "_", name.casefold()).strip("_")[:24]
    bare = bare if re.match(r"[a-z]", bare) else f"v_{bare}"
    found, number = bare, 2
    while found in taken or found in RESERVED or found in {_KEY, ROW}:
        found, number = f"{bare}_{number}", number + 1
    return found
