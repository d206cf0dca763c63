"""The author's form of a calculated question: variables and conditions by lines, the key as a formula."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import ValidationError

from lms.core.fields import at_most
from quizzes.types.base import Json
from quizzes.types.edit_form import clean
from quizzes.types.formula_tokens import read_reckoning, show_reckoning
from quizzes.types.formulas import MAX_LENGTH, parse_formula
from quizzes.types.tolerance_form import ToleranceForm, check
from quizzes.types.variables import read_conditions, read_variables

MAX_LINES = 2000
"""Characters of all variables."""


class CalculatedForm(ToleranceForm):
    """Goes to and from the lines and the formula as they are written."""

    variables = TextAreaField(_l("Variables"), [at_most(MAX_LINES)], render_kw={"rows": 4})
    conditions = TextAreaField(_l("Conditions"), [at_most(MAX_LINES)], render_kw={"rows": 2})
    answer = TextAreaField(_l("Right number"), [at_most(MAX_LENGTH)], render_kw={"rows": 2})
    variants = StringField(_l("How many variants"), [at_most(3)])
    seed = StringField(_l("Seed"), [at_most(9)])

    def show(self, source: Json) -> None:
        """Put ``source`` into the fields."""
        super().show(source)
        answer = source.get("answer")
        self.variables.data = str(source.get("variables") or "")
        self.conditions.data = str(source.get("conditions") or "")
        self.answer.data = (
            show_reckoning(answer) if isinstance(answer, dict) and answer else str(answer or "")
        )
        self.variants.data, self.seed.data = (_shown(source.get(name)) for name in ("variants", "seed"))

    def read(self) -> Json:
        """Return lines, formula and counts; a calculator alone comes back as a mapping."""
        texts = {name: clean(self[name].data) for name in ("variables", "conditions")}
        source = super().read() | {name: text for name, text in texts.items() if text}
        answer = clean(self.answer.data)
        if answer:
            source["answer"] = read_reckoning(answer) or answer
        for name in ("variants", "seed"):
            if clean(self[name].data).isdecimal():
                source[name] = int(clean(self[name].data))
        return source

    def validate_variables(self, field: Field) -> None:
        """Say which line cannot be read."""
        check(read_variables, field)

    def validate_conditions(self, field: Field) -> None:
        """Say which line cannot be read; what is wrong with the variables stands at them."""
        try:
            variables = read_variables(clean(self.variables.data))
        except ValueError:
            return
        check(lambda text: read_conditions(text, variables), field)

    def validate_answer(self, field: Field) -> None:
        """Say which character cannot be read."""
        check(parse_formula, field)

    def validate_variants(self, field: Field) -> None:
        """Say that it is no whole number."""
        _check_whole(field)

    def validate_seed(self, field: Field) -> None:
        """Say that it is no whole number."""
        _check_whole(field)


def _check_whole(field: Field) -> None:
    if clean(field.data) and not clean(field.data).isdecimal():
        raise ValidationError(_l("Type a whole number."))


def _shown(value: object) -> str:
    return "" if value is None else str(value)
