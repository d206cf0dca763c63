"""Forms of the pages on which a course is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from courses.catalogue.models import Edition
from lms.core.accounts.models import Branch
from lms.core.fields import CHOOSE, choices, date_field, select
from lms.core.forms import BaseForm

NATION = "0"
NO_REVISION = _l("The page does not say which text you began with. Copy your text and open the page anew.")


class BeginForm(BaseForm):
    """Which edition a working copy is taken from, and whose it is."""

    edition_id = select(_l("Take the files of"), coerce=int, missing=CHOOSE)
    branch_id = select(_l("Who writes it"), missing=CHOOSE)
    as_of = date_field(_l("Law date"), _l("Choose the day whose law the course states."))

    def offer(self, editions: Iterable[Edition], branches: Sequence[Branch], *, is_admin: bool) -> None:
        """Set what can be chosen."""
        self.edition_id.choices = choices(
            (edition.id, _l("%(title)s, edition %(number)s", title=edition.title, number=edition.number))
            for edition in editions
        )
        nation = [(NATION, _l("Admins, for the nation"))] if is_admin else []
        self.branch_id.choices = choices([*nation, *((str(branch.id), branch.name) for branch in branches)])

    @property
    def branch(self) -> int | None:
        """The branch chosen; None for the nation."""
        return None if self.branch_id.data == NATION else int(self.branch_id.data)


class TextForm(BaseForm):
    """The text of a file, and the revision its writer began with."""

    text = TextAreaField(_l("Text"))
    revision = IntegerField(  # type: ignore[call-arg]
        widget=HiddenInput(), validators=[InputRequired(NO_REVISION)], invalid_value_message=NO_REVISION
    )
    aksi = HiddenField()
