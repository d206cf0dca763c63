"""The form of a question, field by field: what of it was sent, and what it says in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
)

from quizzes.bank.forms import QuestionForm
from quizzes.types.option_form import IndexesField

MAX_CHARACTERS = 200_000
"""Of a whole form: far more than a question has, and all that is looked at while somebody types."""
NOT_KEPT = frozenset({"csrf_token", "slot"})


def list_fields(form: Form, label: str = "") -> Iterator[tuple[str, Field]]:
    """Yield every field that holds something, with what it is called: "Answers 2: Why"."""
    for field in form:
        if isinstance(field, FormField):
            yield from list_fields(field.form, label)
        elif isinstance(field, FieldList):
            for number, entry in enumerate(field, 1):
                yield from list_fields(entry.form, f"{field.label.text} {number}: ")
        else:
            yield f"{label}{field.label.text}", field


def sent_fields(form: QuestionForm, sent: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Return what was sent for the fields the form has, and nothing else."""
    names = {field.name for _label, field in list_fields(form) if not isinstance(field, FileField)}
    return [(name, value) for name, value in sent.items(multi=True) if name in names - NOT_KEPT]


def shown_values(form: QuestionForm) -> dict[str, tuple[str, str]]:
    """Return by name what each field is called and what it says, as a person would read it out."""
    return {
        field.name: (label, shown_value(field))
        for label, field in list_fields(form)
        if not isinstance(field, HiddenField | FileField)
    }


def shown_value(field: Field) -> str:
    """Return what a field says in words."""
    if isinstance(field, BooleanField):
        return _("yes") if field.data else ""
    if isinstance(field, IndexesField):
        return ", ".join(str(index + 1) for index in field.data or [])
    if isinstance(field, RadioField | SelectField):
        choices: Any = field.choices or []
        return next((str(one.label) for one in choices if str(one.value) == str(field.data or "")), "")
    return str(field.data or "").replace("\r\n", "\n").strip()


def is_huge(form: QuestionForm) -> bool:
    """Return whether a form holds far more than a question: nothing but its length is looked at then."""
    return sum(len(str(field.data or "")) for _label, field in list_fields(form)) > MAX_CHARACTERS


def is_beyond_sense(form: QuestionForm) -> bool:
    """Return the same, and say at the longest field how long it is."""
    if not is_huge(form):
        return False
    fields = [field for _label, field in list_fields(form)]
    longest = max(fields, key=lambda field: len(str(field.data or "")))
    message = _("This text is far too long: %(count)s characters. Shorten it.", count=len(str(longest.data)))
    longest.errors = [message]
    form.form_errors.append(message)
    return True


def never_cut(form: QuestionForm) -> None:
    """Let texts be pasted whole: a browser would cut them off in silence, we say they are too long."""
    for _label, field in list_fields(form):
        field.flags.maxlength = False
