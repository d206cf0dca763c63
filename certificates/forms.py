"""Forms of this room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, Form, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from certificates.wording import REASON_LABELS, REINSTATEMENT_LABELS, SUSPENSION_LABELS
from lms.core.fields import at_most, radio
from lms.core.forms import BaseForm
from lms.core.text import tidy
from lms.core.typeface import missing_characters

CHOOSE = _l("Choose a reason.")


def refuse_unprintable(_form: Form, field: Field) -> None:
    """Refuse text with signs the typeface of the paper lacks."""
    missing = missing_characters(field.data or "")
    if missing:
        raise ValidationError(_l("The paper's typeface has no sign for %(characters)s.", characters=missing))


class TurnForm(BaseForm):
    """Why something shall become of a certificate; each turn has reasons of its own."""

    note = TextAreaField(
        _l("Note for the office"),
        filters=[tidy],
        validators=[at_most(500)],
    )


class RevokeForm(TurnForm):
    """Why a certificate is taken back."""

    reason = radio(_l("Reason"), [(key.value, label) for key, label in REASON_LABELS.items()], missing=CHOOSE)


class SuspendForm(TurnForm):
    """Why a certificate does not count for a while."""

    reason = radio(
        _l("Reason"), [(key.value, label) for key, label in SUSPENSION_LABELS.items()], missing=CHOOSE
    )


class ReinstateForm(TurnForm):
    """Why a suspended certificate counts again."""

    reason = radio(
        _l("Reason"), [(key.value, label) for key, label in REINSTATEMENT_LABELS.items()], missing=CHOOSE
    )


class CorrectionForm(BaseForm):
    """What is wrong on a certificate."""

    name = StringField(
        _l("Name and title"),
        validators=[
            DataRequired(_l("Write the name as it shall stand on the certificate.")),
            at_most(200),
            refuse_unprintable,
        ],
    )
    organisation = StringField(
        _l("Organisation"),
        validators=[at_most(200), refuse_unprintable],
    )


class RenewalForm(BaseForm):
    """All certificates of a cohort that say something else than what is written down now are replaced."""

    is_sure = BooleanField(
        _l("I know that this cannot be undone"), validators=[InputRequired(_l("Tick this to go on."))]
    )
