"""Forms of this room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, Form, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from certificates.wording import REASON_LABELS
from lms.core.fields import radio
from lms.core.forms import BaseForm
from lms.core.text import tidy
from lms.core.typeface import missing_characters


def refuse_unprintable(_form: Form, field: Field) -> None:
    """Refuse text with signs the typeface of the paper lacks."""
    missing = missing_characters(field.data or "")
    if missing:
        raise ValidationError(_l("The paper's typeface has no sign for %(characters)s.", characters=missing))


class RevokeForm(BaseForm):
    """Why a certificate is taken back."""

    reason = radio(
        _l("Reason"),
        [(reason.value, label) for reason, label in REASON_LABELS.items()],
        missing=_l("Choose a reason."),
    )
    note = TextAreaField(
        _l("Note for the office"),
        filters=[tidy],
        validators=[Length(max=500, message=_l("At most 500 characters."))],
    )
    is_sure = BooleanField(
        _l("I know that this cannot be undone"), validators=[InputRequired(_l("Tick this to go on."))]
    )


class CorrectionForm(BaseForm):
    """What is wrong on a certificate."""

    name = StringField(
        _l("Name and title"),
        validators=[
            DataRequired(_l("Write the name as it shall stand on the certificate.")),
            Length(max=200, message=_l("At most 200 characters.")),
            refuse_unprintable,
        ],
    )
    organisation = StringField(
        _l("Organisation"),
        validators=[Length(max=200, message=_l("At most 200 characters.")), refuse_unprintable],
    )
