"""All calculators in the order of the list, and the one entry to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile

from flask_babel import lazy_gettext as _l

from courses.facts.book import FactBook, NotInForce
from courses.facts.calculators.amounts import day
from courses.facts.calculators.base import Calculator, CalculatorFault, Field, LawAt, Outcome, Text
from courses.facts.calculators.bpu import SelfEmployed
from courses.facts.calculators.jakon import Construction
from courses.facts.calculators.jht import JhtBalance
from courses.facts.calculators.jkk import JkkBenefits
from courses.facts.calculators.jkm import JkmBenefits
from courses.facts.calculators.jkp import JkpBenefits
from courses.facts.calculators.jp import JpPension
from courses.facts.calculators.pu import WageEarner
from courses.facts.calculators.reading import InputFaults, read_inputs

CALCULATORS: tuple[Calculator, ...] = (
    WageEarner(),
    SelfEmployed(),
    Construction(),
    JkkBenefits(),
    JkmBenefits(),
    JhtBalance(),
    JpPension(),
    JkpBenefits(),
)
"""Adding a calculator is one module, one test and one entry here."""

_BY_KEY = {calculator.key: calculator for calculator in CALCULATORS}


LAW_DATE = "per"
"""What the law date is called among the inputs of pages, and the field of a fault that concerns it."""


class UnknownCalculator(ValueError):
    """There is no calculator of that name."""


def get_calculator(key: str) -> Calculator:
    """Return the calculator of that name.

    Raises:
        UnknownCalculator: there is none.
    """
    try:
        return _BY_KEY[key]
    except KeyError:
        raise UnknownCalculator(_l("There is no calculator “%(key)s”.", key=key)) from None


def fields_at(calculator: Calculator, law: LawAt) -> tuple[Field, ...]:
    """Return the fields that are asked for at the law date.

    Raises:
        InputFaults: the law had no such rules at that date.
    """
    try:
        fields = calculator.fields(law)
    except NotInForce as error:
        raise _not_in_force(law) from error
    return tuple(field for field in fields if not field.condition or law.holds(field.condition))


def calculate(key: str, inputs: Mapping[str, str], *, book: FactBook, as_of: date) -> Outcome:
    """Return the reckoning of what a person typed, at a law date, with a warning for each unchecked number.

    Raises:
        UnknownCalculator: there is no calculator ``key``.
        InputFaults: fields are missing, unreadable or beyond sense, or do not go together.
    """
    calculator, law = get_calculator(key), LawAt(book, as_of)
    try:
        outcome = calculator.compute(read_inputs(tuple(calculator.fields(law)), inputs, law), law)
    except CalculatorFault as fault:
        raise InputFaults((fault,)) from fault
    except NotInForce as error:
        raise _not_in_force(law) from error
    return replace(outcome, notes=(*outcome.notes, *_warnings(outcome, law)))


def doubtful_facts(outcome: Outcome, law: LawAt) -> list[str]:
    """Return the keys behind ``outcome`` that were never checked (`memory`), each once."""
    keys = dict.fromkeys(key for step in outcome.steps for key in step.facts)
    return [key for key in keys if law.fact(key).is_doubtful]


def keys_behind(outcome: Outcome, result: str, asked: Sequence[str]) -> set[str]:
    """Return those of the keys ``asked`` for, in the order they were, that can decide ``result``.

    A calculator goes step by step: from the first fact on that only later steps show, what it asks is theirs.
    """
    end = 1 + next(index for index, step in enumerate(outcome.steps) if step.result == result)
    own = {key for step in outcome.steps[:end] for key in step.facts}
    others = {key for step in outcome.steps[end:] for key in step.facts} - own
    return own | set(takewhile(lambda key: key not in others, asked))


def _not_in_force(law: LawAt) -> InputFaults:
    message = _l(
        "Our data hold no such rule for %(day)s. Please choose another law date.", day=day(law.as_of)
    )
    return InputFaults((CalculatorFault(LAW_DATE, message),))


def _warnings(outcome: Outcome, law: LawAt) -> list[Text]:
    return [
        _l("The number %(key)s was never checked against the regulation. Please ask the office.", key=key)
        for key in doubtful_facts(outcome, law)
    ]
