"""Forms of a colleague who reviews a question, and of whoever answers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import AnyOf, DataRequired

from lms.core.fields import at_most
from lms.core.forms import BaseForm
from lms.core.text import tidy
from quizzes.bank.review.colleagues import VERDICTS
from quizzes.bank.review.statuses import MAX_REASON

MAX_COMMENT = 1000


class ReviewForm(BaseForm):
    """What every form of a review says: the number of the version it is about."""

    number = HiddenField()

    def version_number(self) -> int | None:
        """Return the number of the version; None where it names none."""
        text = self.number.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else None


class VerdictForm(ReviewForm):
    """A verdict, one button each, with a reason."""

    verdict = HiddenField(validators=[AnyOf(VERDICTS, _l("Choose one from the list."))])
    reason = TextAreaField(_l("Reason"), filters=[tidy], validators=[at_most(MAX_REASON)])


class CommentForm(ReviewForm):
    """A remark about one line."""

    part = HiddenField()
    text = TextAreaField(
        _l("Remark"),
        filters=[tidy],
        validators=[DataRequired(_l("Write the remark.")), at_most(MAX_COMMENT)],
    )


class AnswerForm(BaseForm):
    """An answer to a remark; empty closes it without words."""

    answer = TextAreaField(_l("Answer"), filters=[tidy], validators=[at_most(MAX_COMMENT)])
