"""The author's fields for unit and tolerance: what number and calculated questions share."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError

from lms.core.fields import at_most
from lms.core.numbers import UNITS, show
from quizzes.types.base import FormatError, Json
from quizzes.types.edit_form import EditForm, clean
from quizzes.types.numbers import read_number
from quizzes.types.tolerance import KINDS, NOMINAL, trimmed


class ToleranceForm(EditForm):
    """Unit, how far off still counts and how, a wider band that earns a share, and further units."""

    unit = SelectField(_l("Unit"), validate_choice=False)
    tolerance = StringField(_l("Tolerance"), [at_most(40)])
    tolerance_kind = SelectField(_l("The tolerance is meant"), validate_choice=False)
    near_tolerance = StringField(_l("Wider tolerance"), [at_most(40)])
    near_percent = StringField(_l("Within it, percent of the marks"), [at_most(10)])
    units = TextAreaField(_l("Further units"), [at_most(200)], render_kw={"rows": 2})
    unit_percent = StringField(_l("A wrong unit costs, percent of the marks"), [at_most(10)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit.choices = [SelectChoice(unit, unit or "–") for unit in ("", *UNITS)]
        self.tolerance_kind.choices = [SelectChoice(kind, label) for kind, label in KINDS.items()]

    def show(self, source: Json) -> None:
        """Put ``source`` into the fields."""
        near = source.get("near") or {}
        self.unit.data = str(source.get("unit") or "")
        self.tolerance.data = _shown(source.get("tolerance"))
        self.tolerance_kind.data = str(source.get("tolerance_kind") or NOMINAL)
        self.near_tolerance.data = _shown(near.get("tolerance"))
        self.near_percent.data = _shown(near.get("fraction"), times=100)
        units = source.get("units") or []
        self.units.data = "\n".join(f"{unit['name']} = {_shown(unit['factor'])}" for unit in units)
        self.unit_percent.data = _shown(source.get("unit_penalty"), times=100)

    def read(self) -> Json:
        """Return unit and tolerances; what was left empty is left out."""
        source: Json = {"unit": self.unit.data if self.unit.data in UNITS else ""}
        if clean(self.tolerance.data):
            source["tolerance"] = _number(self.tolerance.data)
        if self.tolerance_kind.data in set(KINDS) - {NOMINAL}:
            source["tolerance_kind"] = self.tolerance_kind.data
        if clean(self.near_tolerance.data) or clean(self.near_percent.data):
            source["near"] = {
                "tolerance": _number(self.near_tolerance.data),
                "fraction": _number(self.near_percent.data, times=Decimal("0.01")),
            }
        if clean(self.units.data):
            source["units"] = read_units(clean(self.units.data))
        if clean(self.unit_percent.data):
            source["unit_penalty"] = _number(self.unit_percent.data, times=Decimal("0.01"))
        return source

    def validate_tolerance(self, field: Field) -> None:
        """Say why it is no number from 0 on."""
        _check_from_zero(field, _l("The tolerance must be a number from 0 on."))

    def validate_near_tolerance(self, field: Field) -> None:
        """Say why it is no number from 0 on."""
        _check_from_zero(field, _l("The tolerance must be a number from 0 on."))

    def validate_near_percent(self, field: Field) -> None:
        """Say why it is no percentage."""
        _check_percent(field)
        if bool(clean(field.data)) != bool(clean(self.near_tolerance.data)):
            raise ValidationError(_l("A wider tolerance needs both: how wide, and what it earns."))

    def validate_unit_percent(self, field: Field) -> None:
        """Say why it is no percentage."""
        _check_percent(field)

    def validate_units(self, field: Field) -> None:
        """Say which line cannot be read."""
        check(read_units, field)


def read_units(text: str) -> list[Json]:
    """Return the units of lines like ``tahun = 12``.

    Raises:
        FormatError: a line is no name, sign and number.
    """
    units = []
    for line in text.split("\n"):
        name, equals, factor = line.partition("=")
        if not equals or not name.strip():
            raise FormatError(_l("Write a unit like this: tahun = 12."))
        units.append({"name": " ".join(name.split()), "factor": _number(factor)})
    return units


def check(read: Callable[[str], object], field: Field) -> None:
    """Say at a field what ``read`` finds wrong with it; an empty one is not looked at.

    Raises:
        ValidationError: with the sentence.
    """
    try:
        if clean(field.data):
            read(clean(field.data))
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _check_from_zero(field: Field, message: object) -> None:
    check(read_number, field)
    if clean(field.data) and read_number(clean(field.data)) < 0:
        raise ValidationError(str(message))


def _check_percent(field: Field) -> None:
    _check_from_zero(field, _l("Type a number from 0 to 100."))
    if clean(field.data) and read_number(clean(field.data), unit="persen") > 100:
        raise ValidationError(_l("Type a number from 0 to 100."))


def _number(text: str | None, *, times: Decimal = Decimal(1)) -> int | str:
    """Return a number as a source holds it: whole ones as they are, others as text."""
    number = trimmed(read_number(clean(text)) * times)
    return int(number) if number == number.to_integral_value() else f"{number:f}"


def _shown(value: object, *, times: int = 1) -> str:
    return "" if value in (None, "") else show(trimmed(Decimal(str(value)) * times))
