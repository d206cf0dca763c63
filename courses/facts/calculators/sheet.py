"""A calculator filled in: what was typed, at which law date, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from courses.facts.book import FactBook
from courses.facts.calculators.amounts import amount, day, plain, rupiah, share
from courses.facts.calculators.base import Calculator, Field, Kind, LawAt, Outcome, Step, Text
from courses.facts.calculators.reading import InputFaults, read_day, read_field
from courses.facts.calculators.register import LAW_DATE, calculate, fields_at
from courses.facts.fact import Confidence, Fact
from lms.core.text import tidy

MAX_INPUT = 40
"""Characters of an input that are looked at; no wage needs more."""

_SHOWN: Mapping[Kind, Callable[[Decimal], Text]] = {
    Kind.MONEY: rupiah,
    Kind.PERCENT: share,
    Kind.MONTHS: lambda value: amount(value, "months"),
    Kind.NUMBER: plain,
}


@dataclass(frozen=True)
class Entry:
    """One input in words; `is_from_person`: our data do not hold it, and somebody typed it."""

    label: Text
    text: Text
    is_from_person: bool


@dataclass(frozen=True)
class Source:
    """Facts of a step that stand at one place in the law."""

    facts: tuple[Fact, ...]

    @property
    def citation(self) -> str:
        """Where they stand."""
        return self.facts[0].citation

    @property
    def is_secondary(self) -> bool:
        """Whether they were read in a report about the law."""
        return self.facts[0].confidence is Confidence.SECONDARY


@dataclass(frozen=True)
class Sheet:
    """What a page shows: sentences by field in `faults`, an `outcome` once all is right."""

    calculator: Calculator
    law: LawAt
    fields: tuple[Field, ...]
    # As typed, only fields that are asked for at the law date.
    typed: Mapping[str, str]
    # The law date as typed, or as the book has it.
    as_of: str
    faults: Mapping[str, Text]
    outcome: Outcome | None

    @property
    def labels(self) -> dict[str, Text]:
        """What each field is called, and the law date."""
        return {LAW_DATE: _l("Law date"), **{field.name: field.label for field in self.fields}}

    @property
    def entered(self) -> list[Entry]:
        """What is reckoned with, also what was left as it stood; only where there is an outcome."""
        texts = [(field, self.typed.get(field.name) or field.default) for field in self.fields]
        return [
            Entry(field.label, show_input(field, text), field.is_from_person and field.name in self.typed)
            for field, text in texts
            if text
        ]

    @property
    def address(self) -> dict[str, str]:
        """What an address must hold to show this again."""
        return {**self.typed, LAW_DATE: self.law.as_of.isoformat()}


def fill_in(calculator: Calculator, given: Mapping[str, str], *, book: FactBook) -> Sheet:
    """Return the sheet for what an address holds; inputs nobody asks for are passed over."""
    given = {name: tidy(text)[:MAX_INPUT] for name, text in given.items()}
    as_of_text = given.get(LAW_DATE, "")
    as_of = read_day(as_of_text) if as_of_text else book.as_of
    law = LawAt(book, as_of or book.as_of)
    faults: dict[str, Text] = {}
    if as_of is None:
        faults[LAW_DATE] = _l("Please write a date like 2016-10-19 or 19-10-2016.")
    try:
        fields = fields_at(calculator, law)
    except InputFaults as error:
        fields, faults = (), {fault.field: fault.message for fault in error.faults}
    typed = {field.name: given[field.name] for field in fields if given.get(field.name)}
    outcome = None
    if not faults and _is_sent(fields, given):
        outcome, faults = _reckon(calculator, typed, law)
    return Sheet(calculator, law, fields, typed, as_of_text or law.as_of.isoformat(), faults, outcome)


def sources_of(step: Step, law: LawAt) -> list[Source]:
    """Return where the facts of a step stand, those of one place together."""
    places: dict[tuple[str, Confidence], list[Fact]] = {}
    for fact in map(law.fact, step.facts):
        places.setdefault((fact.citation, fact.confidence), []).append(fact)
    return [Source(tuple(facts)) for facts in places.values()]


def show_input(field: Field, text: str) -> Text:
    """Return what was typed as people read it: Rp2.500.000; 5,5%; 6 bulan; the words of a choice."""
    value = read_field(field, text)
    if isinstance(value, bool):
        return _l("Yes") if value else _l("No")
    if isinstance(value, Decimal):
        return _SHOWN[field.kind](value)
    if isinstance(value, date):
        return day(value)
    return next((choice.label for choice in field.choices if choice.key == value), text)


def _is_sent(fields: tuple[Field, ...], given: Mapping[str, str]) -> bool:
    # A calculator that asks for nothing has its answer ready: that the law has no such thing at this date.
    return not fields or any(field.name in given for field in fields)


def _reckon(
    calculator: Calculator, typed: Mapping[str, str], law: LawAt
) -> tuple[Outcome | None, dict[str, Text]]:
    try:
        return calculate(calculator.key, typed, book=law.book, as_of=law.as_of), {}
    except InputFaults as error:
        return None, {fault.field: fault.message for fault in error.faults}


def is_beyond_known(law: LawAt) -> bool:
    """Return whether the law date lies after what the book was told about."""
    return law.as_of > law.book.known_on
