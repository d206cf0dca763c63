"""Whole numbers that say what is wrong in the person's language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

NOT_WHOLE = _l("Type a whole number.")


def whole_number(label: object, least: int, most: int, *, missing: object = None) -> IntegerField:
    """Return a field for a number from ``least`` to ``most``; without ``missing`` it may stay empty."""
    message = _l("Type a whole number from %(least)s to %(most)s.", least=least, most=most)
    first = Optional() if missing is None else InputRequired(missing)  # type: ignore[arg-type]
    return IntegerField(  # type: ignore[call-arg]
        label,  # type: ignore[arg-type]
        validators=[first, NumberRange(least, most, message)],
        invalid_value_message=NOT_WHOLE,
    )
