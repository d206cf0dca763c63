"""Forms of a trainee."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField, ValidationError
from wtforms.validators import DataRequired

from lms.core.fields import at_most
from lms.core.forms import BaseForm
from lms.core.text import tidy


class NameForm(BaseForm):
    """Confirm the name on the certificate, or say what to mend."""

    correction = TextAreaField(_l("What should be different?"), validators=[at_most(500)])
    # The button that says so; the other one confirms the name.
    is_wrong = HiddenField()

    def validate_correction(self, field: TextAreaField) -> None:
        """Refuse to take a name as confirmed that was just called wrong."""
        if self.is_wrong.data and not (field.data or "").strip():
            raise ValidationError(_("Write what should be different."))


class ReportForm(BaseForm):
    """What is wrong in a lesson."""

    text = TextAreaField(
        _l("What is wrong in this lesson?"),
        filters=[tidy],
        validators=[DataRequired(_l("Write in a sentence what is wrong.")), at_most(1000)],
    )


class AnswerForm(BaseForm):
    """What is said to a report."""

    answer = TextAreaField(
        _l("Answer to the participant"),
        filters=[tidy],
        validators=[DataRequired(_l("Write an answer in a sentence.")), at_most(1000)],
    )
