"""The author's form of a multiple response: options, how choices count, and weights where they do."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, FieldList, FormField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional, ValidationError

from lms.core.fields import at_most
from lms.core.numbers import show as show_number
from quizzes.types.base import FormatError, Json
from quizzes.types.edit_form import clean
from quizzes.types.numbers import read_number
from quizzes.types.option_form import ChoiceForm, OptionForm
from quizzes.types.options import MAX_OPTIONS

RIGHT_MINUS_WRONG, ALL_OR_NOTHING, WEIGHTS = "right_minus_wrong", "all_or_nothing", "weights"
SCORINGS = {
    RIGHT_MINUS_WRONG: _l("Share of right answers chosen less share of wrong ones"),
    ALL_OR_NOTHING: _l("Only all right answers and no wrong one earn marks"),
    WEIGHTS: _l("Every answer has its own weight; wrong ones take away"),
}
"""How choices count; the first where nothing is said. The name is kept with every version."""
MAX_WEIGHT = 100


def read_weight(option: Json) -> Decimal:
    """Return the weight of an option: 1 of a right and -1 of a wrong one where nothing is said; NaN: none."""
    weight = option.get("weight", 1 if option.get("correct") else -1)
    try:
        return Decimal("NaN" if isinstance(weight, bool) else str(weight))
    except ArithmeticError:
        return Decimal("NaN")


class WeighedOptionForm(OptionForm):
    """One option with its weight."""

    weight = StringField(_l("Weight"), [at_most(12)])

    def validate_weight(self, field: Field) -> None:
        """Say why it is no number."""
        if clean(field.data):
            try:
                read_number(clean(field.data))
            except FormatError as error:
                raise ValidationError(str(error)) from error


class MultipleResponseForm(ChoiceForm):
    """Options with boxes, and how they count."""

    options = FieldList(FormField(WeighedOptionForm), label=_l("Answers"), max_entries=MAX_OPTIONS)
    scoring = RadioField(_l("How choices count"), [Optional()], validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scoring.choices = [SelectChoice(name, label) for name, label in SCORINGS.items()]

    def show(self, source: Json) -> None:
        """Fill the rows and the rule."""
        super().show(source)
        self.scoring.data = str(source.get("scoring") or RIGHT_MINUS_WRONG)

    def read(self) -> Json:
        """Return options and rule; the common rule is not written down."""
        source = super().read()
        if self.scoring.data in (None, "", RIGHT_MINUS_WRONG):
            return source
        return source | {"scoring": self.scoring.data}

    def row_of(self, option: Json) -> dict[str, Any]:
        """Return an option as the fields of a row."""
        weight = read_weight(option)
        shown = show_number(weight) if "weight" in option and weight.is_finite() else ""
        return super().row_of(option) | {"weight": shown}

    def option_of(self, row: dict[str, Any], is_right: bool) -> Json:
        """Return the fields of a row as an option; weights are kept only where they are the rule."""
        option = super().option_of(row, is_right)
        typed = clean(row["weight"])
        if not typed or self.scoring.data != WEIGHTS:
            return option
        weight = read_number(typed)
        whole = weight == weight.to_integral_value()
        return option | {"weight": int(weight) if whole else f"{weight.normalize():f}"}
