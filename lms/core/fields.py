"""Fields that say what is wrong in the person's language: WTForms speaks no Indonesian.

The one place that reaches past types-WTForms, which does not know the parameters of WTForms 3.3 yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, Form, RadioField, SelectField, SelectMultipleField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms.core.errors import Invalid

CHOOSE = _l("Choose one from the list.")
NO_DATE = _l("This is no date. Write it as 2026-11-23.")
NO_TIME = _l("This is no time of day. Write it as 08:30.")
TIME_ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
"""What people choose from."""
TIME_FORMATS = ["%H:%M", "%H.%M", "%H:%M:%S"]


def choices(pairs: Iterable[tuple[object, object]], *, empty: object = None) -> list[Any]:
    """Return (value, label) pairs as choices, with an ``empty`` one first if it has a label."""
    first = [] if empty is None else [SelectChoice(value="", label=empty)]
    return [*first, *(SelectChoice(value=value, label=label) for value, label in pairs)]


def select(
    label: object,
    pairs: Iterable[tuple[object, object]] = (),
    *,
    empty: object = None,
    missing: object = None,
    coerce: Callable[[Any], Any] = str,
) -> SelectField:
    """Return a list to choose from; with ``missing`` the empty choice is refused in these words."""
    return SelectField(  # type: ignore[call-arg]
        label,  # type: ignore[arg-type]
        choices=choices(pairs, empty=empty),
        validators=[] if missing is None else [InputRequired(missing)],  # type: ignore[arg-type]
        coerce=coerce,
        invalid_value_message=CHOOSE,
        invalid_choice_message=CHOOSE,
    )


def radio(
    label: object, pairs: Iterable[tuple[object, object]], *, missing: object, default: object = None
) -> RadioField:
    """Return choices to see at one glance; where none is taken, ``missing`` says so."""
    return RadioField(  # type: ignore[call-arg]
        label,  # type: ignore[arg-type]
        choices=choices(pairs),
        validators=[InputRequired(missing)],  # type: ignore[arg-type]
        default=default,
        invalid_choice_message=CHOOSE,
    )


def check_list(label: object, *, description: object = "") -> SelectMultipleField:
    """Return boxes to tick, any number of them; their values are the ids of rows."""
    return SelectMultipleField(  # type: ignore[call-arg]
        label,  # type: ignore[arg-type]
        description=description,  # type: ignore[arg-type]
        choices=[],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        invalid_value_message=CHOOSE,
        invalid_choice_message=CHOOSE,
    )


def checked(reader: Callable[[str], object]) -> Callable[[Form, Field], None]:
    """Return a validator that says what ``reader`` finds wrong with a text."""

    def check(_form: Form, field: Field) -> None:
        try:
            reader(field.data or "")
        except Invalid as error:
            raise ValidationError(str(error.message)) from error

    return check


def date_field(label: object, missing: object) -> DateField:
    """Return a field for a day that must be there."""
    return DateField(  # type: ignore[call-arg]
        label,  # type: ignore[arg-type]
        validators=[InputRequired(missing)],  # type: ignore[arg-type]
        invalid_value_message=NO_DATE,
    )


def time_field(label: object, missing: object) -> TimeField:
    """Return a field for a time of day that must be there; 08.30 and 08:30 are the same."""
    return TimeField(  # type: ignore[call-arg]
        label,  # type: ignore[arg-type]
        validators=[InputRequired(missing)],  # type: ignore[arg-type]
        format=TIME_FORMATS,
        invalid_value_message=NO_TIME,
    )


def at_most(count: int) -> Length:
    """Return the check of a length, in characters."""
    message: Any = _l("This is too long: %(count)s characters at most.", count=count)
    return Length(max=count, message=message)
