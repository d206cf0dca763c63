"""Parallel forms: for each question of a quiz another of the same cell, as hard, never asked there. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from quizzes.bank.models import QuestionVersion
from quizzes.bank.quiz.blueprints import Cell, cell_of, count_cells
from quizzes.bank.quiz.estimates import Ask, facility_of, seconds_of
from quizzes.bank.rules import DIFFICULTIES

Value = TypeVar("Value")
_ORDER = list(DIFFICULTIES)
CLOSE = Decimal("0.05")
"""Two forms are as hard as one another when what people may reach differs by no more."""


def find_sisters(
    originals: Sequence[QuestionVersion], pool: Iterable[QuestionVersion], *, used: Collection[int]
) -> dict[int, QuestionVersion]:
    """Return by question its counterpart: of its pair, else of its cell and as near in difficulty as can be.

    Questions with the least choice choose first. Those for which nothing is left are missing.

    Args:
        originals: the questions of the one form.
        pool: ready questions the other form may ask.
        used: questions of the one form, and all it may draw.
    """
    pairs = {str(one.source["pair"]) for one in originals if "pair" in one.source}
    free = [
        one
        for one in pool
        if one.question_id not in used and ("pair" not in one.source or str(one.source["pair"]) in pairs)
    ]
    choices = {one.question_id: [other for other in free if _fits(one, other)] for one in originals}
    found: dict[int, QuestionVersion] = {}
    for one in sorted(originals, key=lambda one: (len(choices[one.question_id]), one.question_id)):
        taken = {other.question_id for other in found.values()}
        left = [other for other in choices[one.question_id] if other.question_id not in taken]
        if left:
            found[one.question_id] = min(left, key=lambda other: _distance(one, other))
    return found


def _fits(one: QuestionVersion, other: QuestionVersion) -> bool:
    """Return whether one may stand for the other: of a pair only the counterpart."""
    if "pair" in one.source or "pair" in other.source:
        return one.source.get("pair") == other.source.get("pair")
    return cell_of(one) == cell_of(other) and bool(cell_of(one).module)


def _distance(one: QuestionVersion, other: QuestionVersion) -> tuple[int, bool, bool, int]:
    places = [_ORDER.index(d) if (d := v.source.get("difficulty")) in _ORDER else 1 for v in (one, other)]
    is_other_objective = one.source.get("objective") != other.source.get("objective")
    return abs(places[0] - places[1]), is_other_objective, one.type != other.type, other.question_id


@dataclass(frozen=True)
class FormRow:
    """A cell in two forms: how many questions each has on every paper, and how hard they are."""

    cell: Cell
    counts: tuple[int, int]
    # 0–1; None where a form has none.
    facilities: tuple[Decimal | None, Decimal | None]

    @property
    def is_equal(self) -> bool:
        """Whether both forms have as many."""
        return self.counts[0] == self.counts[1]


@dataclass(frozen=True)
class Equality:
    """How equal two forms are."""

    rows: list[FormRow] = field(default_factory=list)
    counts: tuple[int, int] = (0, 0)
    marks: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))
    minutes: tuple[int, int] = (0, 0)
    facilities: tuple[Decimal | None, Decimal | None] = (None, None)
    # Questions both may ask.
    shared: int = 0

    @property
    def is_as_hard(self) -> bool:
        """Whether people may reach about the same in both."""
        one, other = self.facilities
        return one is not None and other is not None and abs(one - other) <= CLOSE

    @property
    def is_equal(self) -> bool:
        """Whether the forms measure the same."""
        return self.is_as_hard and not self.shared and all(row.is_equal for row in self.rows)


def compare_forms(one: Sequence[Ask], other: Sequence[Ask], *, measured: Mapping[int, Decimal]) -> Equality:
    """Return how equal two forms are, by what each of their slots asks.

    Args:
        measured: facility by question, 0–1, where answers tell it.
    """
    forms = [one, other]
    counts = [count_cells([(a.count, [cell_of(v) for v in a.versions]) for a in form])[0] for form in forms]
    cells = sorted(counts[0].keys() | counts[1].keys())
    ids = [{v.question_id for ask in form for v in ask.versions} for form in forms]
    return Equality(
        rows=[
            FormRow(
                cell,
                (counts[0][cell], counts[1][cell]),
                (_facility(forms[0], measured, cell), _facility(forms[1], measured, cell)),
            )
            for cell in cells
            if counts[0][cell] or counts[1][cell]
        ],
        counts=_both([sum(ask.count for ask in form) for form in forms]),
        marks=_both([sum((ask.count * ask.marks for ask in form), Decimal(0)) for form in forms]),
        minutes=_both([_minutes(form) for form in forms]),
        facilities=(_facility(one, measured), _facility(other, measured)),
        shared=len(ids[0] & ids[1]),
    )


def _both(values: list[Value]) -> tuple[Value, Value]:
    return values[0], values[1]


def _minutes(form: Sequence[Ask]) -> int:
    asked = [ask for ask in form if ask.versions]
    seconds = sum(
        (sum(map(seconds_of, a.versions), Decimal(0)) / len(a.versions) * a.count for a in asked), Decimal(0)
    )
    return int((seconds / 60).to_integral_value())


def _facility(
    form: Sequence[Ask], measured: Mapping[int, Decimal], cell: Cell | None = None
) -> Decimal | None:
    """Return what share people may reach of a form, or of its questions of a cell."""
    worth = reached = Decimal(0)
    for ask in form:
        weight = ask.marks * ask.count / max(1, len(ask.versions))
        for version in ask.versions:
            if cell is None or cell_of(version) == cell:
                worth += weight
                reached += weight * facility_of(version, measured)
    return (reached / worth).quantize(Decimal("0.01"), ROUND_HALF_UP) if worth else None
