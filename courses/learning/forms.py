"""Forms of a trainee."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from lms.core.fields import at_most
from lms.core.forms import BaseForm


class NameForm(BaseForm):
    """Confirm the name on the certificate, or say what to mend."""

    correction = TextAreaField(_l("What should be different?"), validators=[at_most(500)])
