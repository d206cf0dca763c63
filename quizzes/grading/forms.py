"""Forms of those who mark, decide about questions, report them and answer reports."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired

from lms.core.fields import CHOOSE, at_most, choices, radio
from lms.core.forms import BaseForm
from lms.core.text import tidy
from quizzes.bank.fields import whole_number
from quizzes.grading.rulings import Decision
from quizzes.types.rubric import Criterion, earned_share

DECISIONS = {
    "void": _l("Leave it out: the other questions count as the whole"),
    "full": _l("Everybody earns full marks for it"),
    "bonus": _l("Everybody earns extra marks"),
    "restored": _l("Take back what was decided"),
}
DECIDED = DECISIONS | {"regraded": _l("Answers are marked anew with a corrected key")}
"""All that can have been decided, for the history."""
MAX_BONUS = 10


class MarkingForm(BaseForm):
    """What a marker thinks of an answer: a level for each criterion, or a share of the marks."""

    criteria: Sequence[Criterion] = ()

    comment = TextAreaField(_l("Comment for the participant"), filters=[tidy], validators=[at_most(2000)])

    def read_levels(self) -> list[int]:
        """Return the level chosen for each criterion, from 0; empty without a rubric."""
        return [int(self[f"level_{number}"].data) for number in range(len(self.criteria))]

    def read_fraction(self) -> Decimal:
        """Return what the answer earns, 0–1."""
        if self.criteria:
            return earned_share(self.criteria, self.read_levels())
        return Decimal(self["share"].data) / 100


class CorrectionForm(MarkingForm):
    """Another mark, with why; ``seen`` is the number of the mark that was shown."""

    reason = TextAreaField(
        _l("Why it is corrected"),
        filters=[tidy],
        validators=[DataRequired(_l("Write the reason in a sentence.")), at_most(500)],
    )
    seen = HiddenField()

    def suggest(self, fraction: Decimal, levels: Sequence[Sequence[int]]) -> None:
        """Fill in the mark there is: the share, or the levels where all markers chose the same."""
        if not self.criteria:
            self["share"].data = int(fraction * 100)
        elif levels and all(one == levels[0] for one in levels):
            for number, level in enumerate(levels[0]):
                self[f"level_{number}"].data = str(level)

    def read_seen(self) -> int:
        """Return the number of the mark that was shown; 0 for what is none."""
        text = str(self.seen.data or "")
        return int(text) if text.isdecimal() and len(text) < 10 else 0


def marking_form(criteria: Sequence[Criterion]) -> type[MarkingForm]:
    """Return the form for answers to a question with these criteria."""
    fields: dict[str, Any] = {"criteria": criteria}
    for number, criterion in enumerate(criteria):
        levels = [(str(index), level.text) for index, level in enumerate(criterion.levels)]
        fields[f"level_{number}"] = radio(criterion.text, levels, missing=CHOOSE)
    if not criteria:
        missing = _l("Type how much of the marks it earns.")
        fields["share"] = whole_number(_l("Share of the marks in percent"), 0, 100, missing=missing)
    return type("OneMarkingForm", (MarkingForm,), fields)


def correction_form(criteria: Sequence[Criterion]) -> type[CorrectionForm]:
    """Return the form for another mark of an answer to a question with these criteria."""
    return type("OneCorrectionForm", (CorrectionForm, marking_form(criteria)), {})


class DecisionForm(BaseForm):
    """A decision about a question for everybody, before its consequences are seen."""

    class Meta(BaseForm.Meta):
        """Sent by GET: it changes nothing."""

        csrf = False

    keputusan = radio(_l("What is decided"), DECISIONS.items(), missing=CHOOSE)
    bonus = whole_number(_l("Extra marks, if any"), 1, MAX_BONUS)

    def offer(self, *, has_ruling: bool) -> None:
        """Leave out taking back where nothing was decided."""
        pairs = [(key, label) for key, label in DECISIONS.items() if has_ruling or key != "restored"]
        self.keputusan.choices = choices(pairs)

    def read(self) -> Decision:
        """Return the decision; extra marks are one where none were typed."""
        if self.keputusan.data != "bonus":
            return Decision(str(self.keputusan.data))
        return Decision("bonus", Decimal(self.bonus.data or 1))


class RulingForm(BaseForm):
    """Why, and on the strength of what was seen."""

    mark = HiddenField()
    reason = TextAreaField(
        _l("Reason, shown to participants"),
        filters=[tidy],
        validators=[DataRequired(_l("Write the reason in a sentence.")), at_most(500)],
    )


class ReportForm(BaseForm):
    """What is wrong with a question."""

    text = TextAreaField(
        _l("What is wrong with this question?"),
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
