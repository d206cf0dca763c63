"""What every calculator is made of: the fields it asks for, the steps it shows, the law it looks into.

A calculator is one module here and one line in :mod:`courses.facts.calculators.register`, which also holds
the entry `calculate` for pages, lessons, questions and tests. All texts are English, lazily translated;
amounts in them come from :mod:`courses.facts.calculators.amounts` and speak the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from flask_babel import lazy_gettext as _l

from courses.facts.book import FactBook
from courses.facts.fact import Fact

Text = object
"""A text for people: a string, or one that is translated when it is shown."""
Value = Decimal | date | bool | str | None
"""What was typed into a field, read; None where nothing was."""


class CalculatorFault(ValueError):
    """What was put in cannot be reckoned with; `field` is the name of the field, empty for all of it."""

    def __init__(self, field: str, message: Text) -> None:
        super().__init__(field, message)
        self.field = field
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class Kind(StrEnum):
    """What a field takes, and as which type it is handed to `compute`."""

    MONEY = "money"
    """Rupiah, at most two decimals: Decimal."""
    NUMBER = "number"
    """A whole number of persons, times …: Decimal."""
    MONTHS = "months"
    """A whole number of months: Decimal."""
    PERCENT = "percent"
    """Typed as 5,5 or 5,5%, handed over as a share of one: Decimal("0.055")."""
    DATE = "date"
    """2016-10-19, as browsers send it, or 19-10-2016: date."""
    CHOICE = "choice"
    """The key of one of `choices`: str."""
    YES_NO = "yes_no"
    """`ya` or `tidak`: bool."""


@dataclass(frozen=True)
class Choice:
    """One of the answers a field offers."""

    key: str
    label: Text


@dataclass(frozen=True)
class Field:
    """What a person puts in. Limits are in what is typed: rupiah, percent from 0 to 100, months."""

    # Indonesian, in addresses and lessons: "upah", "masa_iur".
    name: str
    label: Text
    kind: Kind
    help: Text = ""
    choices: tuple[Choice, ...] = ()
    is_required: bool = True
    # What stands in an untouched form and counts where nothing is given, as typed.
    default: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    # As in `::: berlaku`; a field whose condition does not hold at the law date is neither shown nor read.
    condition: str = ""
    # Whether the law's data do not hold it and the person must say it; the page says so.
    is_from_person: bool = False


@dataclass(frozen=True)
class Step:
    """One line of the reckoning.

    `facts` are the keys looked up, `cite` further references (`pp-44-2015/34/1`). `amount` is None where the
    step is only said. `unit` is a name of `courses.facts.units.UNITS`, "IDR" for rupiah. `rounding` tells
    where the rounding comes from, empty where nothing was rounded. `result` names what others may ask for.
    """

    label: Text
    expression: Text
    amount: Decimal | None
    unit: str = "IDR"
    facts: tuple[str, ...] = ()
    cite: tuple[str, ...] = ()
    rounding: Text = ""
    result: str = ""
    # Shown in bold: a sum, or what the person came for.
    is_sum: bool = False


@dataclass(frozen=True)
class Outcome:
    """All steps in order, and sentences that belong under them."""

    steps: tuple[Step, ...]
    notes: tuple[Text, ...] = ()

    @property
    def results(self) -> Mapping[str, Decimal]:
        """What may be asked for by name: the amounts of the steps that have a `result`."""
        return {step.result: step.amount for step in self.steps if step.result and step.amount is not None}

    @property
    def headline(self) -> Step | None:
        """The step shown large: the result `total`, else the last result, None where there is no amount."""
        named = [step for step in self.steps if step.result and step.amount is not None]
        totals = [step for step in named if step.result == "total"]
        return (totals or named or [None])[-1]  # type: ignore[list-item]


@dataclass(frozen=True)
class Inputs:
    """What was put in, read and within its limits: by the name of the field."""

    values: Mapping[str, Value]

    def amount(self, name: str) -> Decimal:
        """Return a number of a required field, or of one with a default."""
        value = self.values[name]
        assert isinstance(value, Decimal), name
        return value

    def optional_amount(self, name: str) -> Decimal | None:
        """Return a number, None where the field was left empty or is not asked for at this date."""
        value = self.values.get(name)
        assert value is None or isinstance(value, Decimal), name
        return value

    def required_amount(self, name: str) -> Decimal:
        """Return a number that this case needs, though the field may stay empty in others.

        Raises:
            CalculatorFault: it was left empty.
        """
        value = self.optional_amount(name)
        if value is None:
            raise CalculatorFault(name, _l("This is needed here."))
        return value

    def choice(self, name: str) -> str:
        """Return the key of what was chosen; empty where nothing was."""
        value = self.values.get(name) or ""
        assert isinstance(value, str), name
        return value

    def day(self, name: str) -> date | None:
        """Return a date, None where the field was left empty."""
        value = self.values.get(name)
        assert value is None or isinstance(value, date), name
        return value

    def says_yes(self, name: str) -> bool:
        """Return whether the answer is yes; a field that is not asked for says no."""
        return self.values.get(name) is True


@dataclass(frozen=True)
class LawAt:
    """The fact book opened at one law date."""

    book: FactBook
    as_of: date

    def fact(self, key: str) -> Fact:
        """Return the fact; raises the errors of :meth:`FactBook.get`."""
        return self.book.get(key, self.as_of)

    def number(self, key: str) -> Decimal:
        """Return a number of the law, also one that was never checked: :func:`calculate` adds the warning.

        Raises:
            UnknownFact, NotInForce: as in :meth:`FactBook.get`.
            TypeError: it is no number.
        """
        value = self.fact(key).value
        if not isinstance(value, Decimal):
            raise TypeError(f"{key} is not a number")
        return value

    def start(self, key: str) -> date:
        """Return the day the first value of ``key`` took hold; asked for like a value, so it is noted."""
        first = self.book.history(key)[0]
        return self.book.get(key, first.valid_from).valid_from

    def holds(self, condition: str) -> bool:
        """Return whether a condition of `::: berlaku` holds: `jkp`, a key, `!key`, `<2019-12-02`."""
        return self.book.applies(condition, self.as_of)


class Calculator(Protocol):
    """One calculator; pure: no database, no request, no clock."""

    @property
    def key(self) -> str:
        """Its name in addresses and lessons: `pu`."""

    @property
    def title(self) -> Text:
        """What it is called: "Contributions of wage earners"."""

    @property
    def summary(self) -> Text:
        """One sentence on what it reckons."""

    def fields(self, law: LawAt) -> Sequence[Field]:
        """Return what to ask for at the law date, in the order of the form."""

    def compute(self, inputs: Inputs, law: LawAt) -> Outcome:
        """Return the steps; needs no check that the fields made already.

        Raises:
            CalculatorFault: the inputs do not go together.
        """


class Steps:
    """Steps while they are collected."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def add(self, step: Step) -> Decimal:
        """Add a step and return its amount, 0 where it has none."""
        self.steps.append(step)
        return step.amount or Decimal(0)

    def done(self, *notes: Text) -> Outcome:
        """Return the outcome with its notes."""
        return Outcome(tuple(self.steps), tuple(notes))
