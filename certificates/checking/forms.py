"""Forms for strangers: whose certificate it is, a photo of it, what is doubted."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired

from lms.core.fields import at_most
from lms.core.forms import BaseForm
from lms.core.text import tidy


class NameForm(BaseForm):
    """Whose certificate somebody believes it is."""

    name = StringField(
        _l("Full name, with title, as on the certificate"),
        validators=[
            DataRequired(_l("Type the name as it stands on the certificate.")),
            at_most(200),
        ],
        render_kw={"autocomplete": "off"},
    )


class FileForm(BaseForm):
    """A photo of a certificate, or its PDF."""

    file = FileField(
        _l("Photo or PDF of the certificate"),
        validators=[FileRequired(_l("Choose a photo or the PDF first."))],
        render_kw={"accept": "image/jpeg,image/png,image/webp,application/pdf"},
    )


class DoubtForm(BaseForm):
    """What is held against a certificate."""

    code = StringField(
        _l("Code on the certificate"),
        validators=[
            DataRequired(_l("Type the code that is printed next to the QR.")),
            at_most(60),
        ],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    text = TextAreaField(
        _l("What makes you doubt it?"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Write what does not fit, in a few words.")),
            at_most(1000),
        ],
    )
    contact = StringField(
        _l("How the office can reach you"),
        validators=[at_most(200)],
        render_kw={"autocomplete": "email"},
    )


class SettleForm(BaseForm):
    """What came of a doubt."""

    note = StringField(
        _l("What you found out"),
        validators=[
            DataRequired(_l("Write what you found out, for whoever reads it later.")),
            at_most(500),
        ],
    )
