"""Every form says what is wrong in the person's language: WTForms itself speaks no Indonesian."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from flask import Flask
from wtforms import DateField, DecimalField, Form, IntegerField, RadioField, SelectField, TimeField
from wtforms.fields.core import UnboundField

OURS = ("lms.", "courses.", "quizzes.", "certificates.")
READERS = (IntegerField, DecimalField, DateField, TimeField)
CHOICES = (SelectField, RadioField)


def forms(of: type = Form) -> Iterator[type]:
    for form in of.__subclasses__():
        yield form
        yield from forms(form)


def fields() -> dict[str, UnboundField]:
    """Return every field of every form of ours by form and name."""
    ours = {form for form in forms() if form.__module__.startswith(OURS)}
    return {
        f"{form.__module__}.{form.__name__}.{name}": field
        for form in ours
        for name, field in inspect.getmembers_static(form)
        if isinstance(field, UnboundField)
    }


def silent(field: UnboundField) -> list[str]:
    """Return what of a field would speak English."""
    bound = field.bind(form=Form(), name="field", prefix="")
    found = []
    for validator in bound.validators:
        if not inspect.isroutine(validator) and "message" in vars(validator) and not validator.message:
            found.append(type(validator).__name__)
    if isinstance(bound, READERS) and not bound.invalid_value_message:
        found.append("invalid_value_message")
    if isinstance(bound, CHOICES) and bound.validate_choice and not bound.invalid_choice_message:
        found.append("invalid_choice_message")
    return found


def test_no_check_of_a_form_speaks_english(app: Flask) -> None:
    found = fields()
    assert len(found) > 50

    with app.test_request_context():
        faults = {name: silent(field) for name, field in found.items()}

    assert {name: what for name, what in faults.items() if what} == {}
