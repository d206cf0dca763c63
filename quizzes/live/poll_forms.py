"""Forms of polls: a question thought of in the hall, and what a phone answers."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Optional

from lms.core.fields import at_most
from lms.core.forms import BaseForm
from lms.core.text import tidy
from quizzes.live.polling import MOST_OPTIONS, Given

MAX_STEM = 300
MAX_OPTION = 120
MAX_SEQUENCE = 2**31 - 1


class FreePollForm(BaseForm):
    """A question without key; empty lines of answers are no answers."""

    stem = TextAreaField(
        _l("Question"),
        filters=[tidy],
        validators=[DataRequired(_l("Write the question.")), at_most(MAX_STEM)],
    )
    option_1 = StringField(_l("Answer %(letter)s", letter="A"), [Optional(), at_most(MAX_OPTION)])
    option_2 = StringField(_l("Answer %(letter)s", letter="B"), [Optional(), at_most(MAX_OPTION)])
    option_3 = StringField(_l("Answer %(letter)s", letter="C"), [Optional(), at_most(MAX_OPTION)])
    option_4 = StringField(_l("Answer %(letter)s", letter="D"), [Optional(), at_most(MAX_OPTION)])
    option_5 = StringField(_l("Answer %(letter)s", letter="E"), [Optional(), at_most(MAX_OPTION)])
    option_6 = StringField(_l("Answer %(letter)s", letter="F"), [Optional(), at_most(MAX_OPTION)])

    @property
    def options(self) -> list[Field]:
        """The lines of answers."""
        return [self[f"option_{number}"] for number in range(1, MOST_OPTIONS + 1)]

    def texts(self) -> list[str]:
        """Return what stands in them."""
        return [field.data or "" for field in self.options]


class AnswerForm(BaseForm):
    """What a phone sends: the place of an option from 1, and a number that goes on with each answer."""

    choice = HiddenField()
    sequence = HiddenField()

    def given(self) -> Given:
        """Return the answer; what cannot be read is no option."""
        return Given(_whole(self.choice.data) - 1, _whole(self.sequence.data))


def _whole(text: Any) -> int:
    """Return a whole number, 0 where there is none that a column could hold."""
    value = str(text or "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else 0
