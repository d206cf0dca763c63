"""The form with which questions are sent in."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField, ValidationError
from wtforms.fields import Field
from wtforms.validators import InputRequired

from courses.catalogue.headings import make_anchor
from lms.core.accounts.models import Branch
from lms.core.fields import CHOOSE, at_most, choices, radio, select
from lms.core.forms import BaseForm
from quizzes.bank.forms import NATION
from quizzes.bank.rules import USES
from quizzes.exchange.formats import READERS
from quizzes.exchange.imports.services import Sent

MAX_PASTED = 200_000
"""Characters of a pasted text."""


class SendForm(BaseForm):
    """A file or a pasted text, and where its questions go."""

    file = FileField(_l("File"))
    text = TextAreaField(_l("Or paste many questions here"), [at_most(MAX_PASTED)])
    format = select(_l("Format"))
    topic = StringField(_l("Topic"), [InputRequired(_l("Give the questions a topic.")), at_most(80)])
    branch_id = select(_l("Belongs to"))
    use = radio(_l("Use"), USES.items(), missing=CHOOSE, default="graded")

    def offer(self, branches: Sequence[Branch], *, is_admin: bool) -> None:
        """Set whom the questions may belong to, and the formats we read."""
        nation = [(NATION, _l("The nation"))] if is_admin else []
        self.branch_id.choices = choices([*nation, *((str(branch.id), branch.name) for branch in branches)])
        known = [(reader.key, reader.label) for reader in READERS]
        self.format.choices = choices([("", _l("As it looks")), *known])

    def validate_topic(self, field: Field) -> None:
        """Turn the topic into the form that draws go by."""
        field.data = make_anchor(field.data or "")
        if not field.data:
            raise ValidationError(_l("Give the questions a topic."))

    def validate_file(self, field: Field) -> None:
        """See that there is a file or a text, and not both."""
        has_file = bool(field.data and field.data.filename)
        has_text = bool((self.text.data or "").strip())
        if has_file == has_text:
            both = _l("Send a file or a text, not both.")
            raise ValidationError(both if has_file else _l("Choose a file, or paste questions below."))

    def read(self) -> tuple[Sent, bytes]:
        """Return what was sent and where it goes."""
        named = self.file.data if self.file.data and self.file.data.filename else None
        body = named.read() if named is not None else (self.text.data or "").encode()
        owner = None if self.branch_id.data == NATION else int(self.branch_id.data)
        name = str(named.filename).replace("\\", "/").rpartition("/")[2] if named is not None else ""
        sent = Sent(owner, str(self.topic.data), str(self.use.data), str(self.format.data or ""), name)
        return sent, body
