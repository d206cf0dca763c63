"""What people type into a calculator, read strictly: a sentence at the field, never a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from courses.facts.calculators.amounts import plain
from courses.facts.calculators.base import CalculatorFault, Field, Inputs, Kind, LawAt, Text, Value
from lms.core.numbers import NumberFault, read_number

_UNITS = {Kind.MONEY: "rupiah", Kind.PERCENT: "persen", Kind.MONTHS: "bulan"}
_LIMITS = {
    Kind.MONEY: (Decimal(1), Decimal(10) ** 15),
    Kind.NUMBER: (Decimal(0), Decimal(1_000_000)),
    Kind.MONTHS: (Decimal(0), Decimal(1_200)),
    Kind.PERCENT: (Decimal(0), Decimal(100)),
}
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WRITTEN_DAY = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")


class InputFaults(ValueError):
    """Several fields cannot be read: all faults at once, so that a page can show each where it belongs."""

    def __init__(self, faults: tuple[CalculatorFault, ...]) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault}" for fault in faults))
        self.faults = faults


def read_inputs(fields: tuple[Field, ...], typed: Mapping[str, str], law: LawAt) -> Inputs:
    """Return what was typed, by field.

    Raises:
        InputFaults: at least one field is missing, unreadable or beyond its limits, or has an unknown name.
    """
    faults = [
        CalculatorFault(name, _l("There is no field “%(name)s” here.", name=name))
        for name in typed
        if name not in {field.name for field in fields}
    ]
    values: dict[str, Value] = {}
    for field in fields:
        if field.condition and not law.holds(field.condition):
            continue
        try:
            values[field.name] = read_field(field, typed.get(field.name, "").strip() or field.default)
        except CalculatorFault as fault:
            faults.append(fault)
    if faults:
        raise InputFaults(tuple(faults))
    return Inputs(values)


def read_field(field: Field, text: str) -> Value:
    """Return what was typed into one field, None for nothing.

    Raises:
        CalculatorFault: with the sentence for the person.
    """
    if not text:
        if field.is_required:
            raise CalculatorFault(field.name, _l("Please fill this in."))
        return None
    if field.kind is Kind.CHOICE:
        return _choice(field, text)
    if field.kind is Kind.YES_NO:
        return _yes_no(field, text)
    if field.kind is Kind.DATE:
        return _day(field, text)
    return _number(field, text)


def read_day(text: str) -> date | None:
    """Return the day in 2016-10-19 or 19-10-2016, None where it is none between 1900 and 2199."""
    if match := _ISO_DAY.fullmatch(text.strip()):
        parts = match.groups()
    elif match := _WRITTEN_DAY.fullmatch(text.strip()):
        parts = match.groups()[::-1]
    else:
        return None
    try:
        day = date(*(int(part) for part in parts))
    except ValueError:
        return None
    return day if 1900 <= day.year < 2200 else None


def _choice(field: Field, text: str) -> str:
    if text not in {choice.key for choice in field.choices}:
        keys = ", ".join(choice.key for choice in field.choices)
        raise CalculatorFault(field.name, _l("Please choose one of these: %(keys)s.", keys=keys))
    return text


def _yes_no(field: Field, text: str) -> bool:
    if text not in {"ya", "tidak"}:
        raise CalculatorFault(field.name, _l("Please choose one of these: %(keys)s.", keys="ya, tidak"))
    return text == "ya"


def _day(field: Field, text: str) -> date:
    day = read_day(text)
    if day is None:
        raise CalculatorFault(field.name, _l("Please write a date like 2016-10-19 or 19-10-2016."))
    return day


def _number(field: Field, text: str) -> Decimal:
    try:
        value = read_number(text, unit=_UNITS.get(field.kind, ""), scales=False)
    except NumberFault as fault:
        raise CalculatorFault(field.name, fault.message) from fault
    _check_limits(field, value)
    _check_digits(field, value)
    return value / 100 if field.kind is Kind.PERCENT else value


def _check_digits(field: Field, value: Decimal) -> None:
    if field.kind is Kind.MONEY and value < 1000 and value % 1:
        # "1,5" of a person who counts in millions.
        meant = plain((value * 1_000_000).quantize(Decimal(1)))
        raise CalculatorFault(field.name, _l("Please write the number in figures: %(number)s.", number=meant))
    if field.kind is Kind.MONEY and value * 100 % 1:
        raise CalculatorFault(field.name, _l("Rupiah have at most two digits after the comma."))
    if field.kind in {Kind.MONTHS, Kind.NUMBER} and value % 1:
        raise CalculatorFault(field.name, _l("Please write a whole number."))


def _check_limits(field: Field, value: Decimal) -> None:
    least, most = _LIMITS[field.kind]
    least = field.minimum if field.minimum is not None else least
    most = field.maximum if field.maximum is not None else most
    if value < least:
        raise CalculatorFault(field.name, _too_small(field, least))
    if value > most:
        raise CalculatorFault(field.name, _too_large(field, most))


def _too_large(field: Field, most: Decimal) -> Text:
    if field.maximum is not None:
        return _l("This must be at most %(limit)s.", limit=plain(most))
    return _l("This is beyond any sense here: at most %(limit)s.", limit=plain(most))


def _too_small(field: Field, least: Decimal) -> Text:
    if field.kind is Kind.MONEY and least == 1:
        return _l("This must be more than 0.")
    return _l("This must be at least %(limit)s.", limit=plain(least))
