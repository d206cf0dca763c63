"""The author's form of a single choice: options, and what one that is partly right earns."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, FieldList, FormField, StringField
from wtforms.validators import ValidationError

from lms.core.fields import at_most
from quizzes.types.base import FormatError, Json
from quizzes.types.edit_form import clean
from quizzes.types.option_form import ChoiceForm, OptionForm
from quizzes.types.options import MAX_OPTIONS
from quizzes.types.shares import read_share
from quizzes.types.short_answer import read_percent, show_percent


class SharedOptionForm(OptionForm):
    """One option with the share it earns though it is not the right one."""

    share = StringField(_l("Earns, in percent"), [at_most(12)])

    def validate_share(self, field: Field) -> None:
        """Say why it is no percentage."""
        try:
            share = read_percent(field.data)
        except FormatError as error:
            raise ValidationError(str(error)) from error
        if read_share(share) is None:
            raise ValidationError(_l("This is a number from 0 to 100."))


class SingleChoiceForm(ChoiceForm):
    """Options with radio buttons."""

    options = FieldList(FormField(SharedOptionForm), label=_l("Answers"), max_entries=MAX_OPTIONS)

    def row_of(self, option: Json) -> dict[str, Any]:
        """Return an option as the fields of a row."""
        shown = show_percent(option["share"]) or "100" if "share" in option else ""
        return super().row_of(option) | {"share": shown}

    def option_of(self, row: dict[str, Any], is_right: bool) -> Json:
        """Return the fields of a row as an option; the right one has no share of its own, 0 says nothing."""
        option = super().option_of(row, is_right)
        share = read_percent(row["share"]) if clean(row["share"]) else "0"
        return option if is_right or share == "0" else option | {"share": share}
