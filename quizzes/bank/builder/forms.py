"""Forms of the quiz builder."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired

from courses.catalogue.models import Edition
from lms.core.accounts.models import Branch
from lms.core.fields import CHOOSE, at_most, choices, radio, select
from lms.core.forms import BaseForm
from lms.core.text import tidy
from quizzes.bank.builder.new_quizzes import NewQuiz
from quizzes.bank.fields import whole_number
from quizzes.bank.forms import NATION
from quizzes.bank.quiz.presets import PRESETS, get_preset
from quizzes.bank.rules import MAX_DRAW, PURPOSES
from quizzes.bank.tags import MAX_LENGTH


class NewQuizForm(BaseForm):
    """What every new quiz needs: the rest is built on its own page."""

    title = StringField(
        _l("Title"), filters=[tidy], validators=[DataRequired(_l("Give the quiz a title.")), at_most(200)]
    )
    edition_id = select(_l("Training"), missing=CHOOSE, coerce=int)
    branch_id = select(_l("Belongs to"), missing=CHOOSE)
    purpose = select(_l("What it is for"), PURPOSES.items(), missing=CHOOSE)
    preset = radio(
        _l("How it is taken"),
        [(preset.key, preset.label) for preset in PRESETS],
        missing=CHOOSE,
        default="module",
    )

    def offer(self, branches: Sequence[Branch], editions: Sequence[Edition], *, is_admin: bool) -> None:
        """Set whom a quiz may belong to and which training."""
        nation = [(NATION, _l("The nation"))] if is_admin else []
        self.branch_id.choices = choices([*nation, *((str(branch.id), branch.name) for branch in branches)])
        self.edition_id.choices = choices((edition.id, edition.course.title) for edition in editions)

    def read(self) -> NewQuiz:
        """Return what the fields hold."""
        preset = get_preset(self.preset.data) or PRESETS[0]
        branch_id = None if self.branch_id.data == NATION else int(self.branch_id.data)
        return NewQuiz(str(self.title.data), str(self.purpose.data), preset, branch_id, self.edition_id.data)


class SlotForm(BaseForm):
    """A question to add by its number, or a rule to draw by; `base` is the state the person saw."""

    question_id = whole_number(_l("Question"), 1, 2**31 - 1)
    topic = StringField(_l("Topic"), [at_most(80)])
    count = whole_number(_l("How many"), 1, MAX_DRAW)
    level = StringField(_l("Level"), [at_most(20)])
    difficulty = StringField(_l("Difficulty"), [at_most(20)])
    tag = StringField(_l("Tag"), [at_most(MAX_LENGTH)])
    not_in = whole_number(_l("Not used in"), 1, 2**31 - 1)
    base = HiddenField(_l("State"))
