"""Forms of the editions' pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from lms.core.fields import date_field
from lms.core.forms import BaseForm


class CourseZipForm(BaseForm):
    """Send a course folder as a zip."""

    file = FileField(_l("Course folder as a zip file"), validators=[FileRequired(_l("Choose the zip file."))])
    as_of = date_field(_l("Law date"), _l("Choose the day whose law the course states."))
