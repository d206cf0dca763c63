"""Number: an amount, typed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError

from lms.core.fields import at_most
from quizzes.types.base import Example, FormatError, Grade, Json, QuestionType, Raw, Resolver
from quizzes.types.edit_form import EditForm, clean
from quizzes.types.expressions import can_show, read_expression, show_expression
from quizzes.types.numbers import UNITS, read_number, show


class NumberForm(EditForm):
    """The key as an expression of numbers and facts, its unit, and how far off still counts."""

    answer = StringField(_l("Right number"), [at_most(300)])
    unit = SelectField(_l("Unit"), validate_choice=False)
    tolerance = StringField(_l("Tolerance"), [at_most(40)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit.choices = [SelectChoice(unit, unit or "–") for unit in ("", *UNITS)]

    def show(self, source: Json) -> None:
        """Put ``source`` into the fields."""
        self.answer.data = show_expression(source.get("answer"))
        self.unit.data = str(source.get("unit") or "")
        tolerance = Decimal(str(source.get("tolerance") or 0))
        self.tolerance.data = show(tolerance) if tolerance else ""

    def read(self) -> Json:
        """Return key, unit and tolerance."""
        source: Json = {"unit": self.unit.data if self.unit.data in UNITS else ""}
        if clean(self.answer.data):
            source["answer"] = read_expression(clean(self.answer.data))
        if clean(self.tolerance.data):
            source["tolerance"] = f"{read_number(clean(self.tolerance.data)):f}"
        return source

    def validate_answer(self, field: Field) -> None:
        """Say which part cannot be read."""
        _check(read_expression, field)

    def validate_tolerance(self, field: Field) -> None:
        """Say why it is no number from 0 on."""
        _check(read_number, field)
        if clean(field.data) and read_number(clean(field.data)) < 0:
            raise ValidationError(_l("The tolerance must be a number from 0 on."))


def _check(read: Callable[[str], object], field: Field) -> None:
    try:
        if clean(field.data):
            read(clean(field.data))
    except FormatError as error:
        raise ValidationError(str(error)) from error


class Number(QuestionType):
    """One line to type into. Content: ``answer`` and ``tolerance`` as decimal strings, ``unit``.

    Answer: ``{"value": "<decimal string>"}``.
    """

    key = "number"
    source_fields = frozenset({"answer", "unit", "tolerance"})
    edit_form = NumberForm

    @property
    def label(self) -> str:
        """Name shown to authors."""
        return str(_l("A number"))

    def faults(self, source: Json) -> list[str]:
        """Return what is wrong with key, tolerance and unit; whether facts exist is the resolver's to say."""
        faults = []
        if source.get("answer") in (None, "", {}):
            faults.append(str(_l("The right number is missing.")))
        elif not can_show(source["answer"]):
            faults.append(
                str(_l("The right number is nested too deeply: sums hold products, products nothing."))
            )
        if source.get("unit", "") not in ("", *UNITS):
            faults.append(str(_l("Unknown unit. Known are: %(units)s.", units=", ".join(UNITS))))
        if not _is_tolerance(source.get("tolerance", 0)):
            faults.append(str(_l("The tolerance must be a number from 0 on.")))
        return faults

    def resolve(self, source: Json, resolver: Resolver) -> Json:
        """Return the key in figures; an absent one stays None and no answer is right."""
        answer = source.get("answer")
        is_missing = answer in (None, "", {})
        return {
            "answer": None if is_missing else f"{resolver.number(answer):f}",
            "tolerance": f"{Decimal(str(source.get('tolerance') or 0)):f}",
            "unit": source.get("unit", ""),
        }

    def prepare(self, content: Json, rng: Random, *, shuffle: bool) -> Json:  # noqa: ARG002
        """Return nothing: there is nothing to fix."""
        return {}

    def present(self, content: Json, prepared: Json) -> Json:  # noqa: ARG002
        """Return the unit."""
        return {"unit": content["unit"]}

    def parse(self, raw: Raw, content: Json, prepared: Json) -> Json | None:  # noqa: ARG002
        """Return the number typed, None when the line is empty.

        Raises:
            FormatError: it is no number, or one that could be read as another.
        """
        values = [value for value in raw.get("value", ()) if value.strip()]
        if not values:
            return None
        if len(values) > 1:
            raise FormatError(_l("Please type one number only."))
        return {"value": f"{read_number(values[0], unit=content['unit']):f}"}

    def grade(self, content: Json, answer: Json | None) -> Grade:
        """Return 1 within the tolerance, else 0."""
        if answer is None or content["answer"] is None:
            return Grade(Decimal(0))
        distance = abs(Decimal(answer["value"]) - Decimal(content["answer"]))
        return Grade(Decimal(1) if distance <= Decimal(content["tolerance"]) else Decimal(0))

    def review(self, content: Json, prepared: Json, answer: Json | None) -> Json:  # noqa: ARG002
        """Return what was given (None: nothing), the key, the tolerance ("": none), and whether it is right.

        Numbers are written as the line to type into takes them, in both languages.
        """
        tolerance = Decimal(content["tolerance"])
        return {
            "given": None if answer is None else show(Decimal(answer["value"])),
            "right": None if content["answer"] is None else show(Decimal(content["answer"])),
            "tolerance": show(tolerance) if tolerance else "",
            "unit": content["unit"],
            "is_right": self.grade(content, answer).fraction == 1,
        }

    def solve(self, content: Json, prepared: Json) -> Raw:  # noqa: ARG002
        """Return the key as it is typed in Indonesian."""
        return {"value": [show(Decimal(content["answer"]))]}

    def miss(self, content: Json, prepared: Json) -> Raw:  # noqa: ARG002
        """Return a number beyond the tolerance."""
        return {"value": [show(Decimal(content["answer"]) + Decimal(content["tolerance"]) + 1)]}

    def examples(self) -> list[Example]:
        """Return an exact amount, and a percentage with tolerance."""
        bad: list[Raw] = [
            {"value": [text]} for text in ("5,000.00", "1.00", "5.00.000", "5,000", "lima", "10 hari")
        ]
        return [
            Example({"answer": 40000, "unit": "rupiah"}, {"value": ["Rp40.000"]}, {"value": ["40.001"]}, bad),
            Example(
                {"answer": "0.24", "unit": "persen", "tolerance": "0.01"},
                {"value": ["0,25%"]},
                {"value": ["24"]},
                [{"value": ["0.24"]}],
            ),
        ]


def _is_tolerance(value: object) -> bool:
    try:
        number = Decimal(str(value or 0))
    except ArithmeticError:
        return False
    return number.is_finite() and number >= 0
