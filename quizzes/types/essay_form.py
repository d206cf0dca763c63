"""The author's form of an essay: how long it may be, whether a file may come with it, and the rubric."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FieldList, Form, FormField, IntegerField, TextAreaField
from wtforms.validators import NumberRange, Optional, ValidationError

from lms.core.fields import at_most
from lms.core.numbers import show
from quizzes.types.base import FormatError, Json
from quizzes.types.edit_form import MAX_TEXT, clean
from quizzes.types.numbers import read_number
from quizzes.types.rows_form import RowsForm
from quizzes.types.rubric import MAX_CRITERIA, MAX_WORDS, read_points


def _limit(label: object) -> IntegerField:
    message = _l("Type a whole number from %(least)s to %(most)s.", least=1, most=MAX_WORDS)
    return IntegerField(  # type: ignore[call-arg]
        label,  # type: ignore[arg-type]
        validators=[Optional(), NumberRange(1, MAX_WORDS, message)],
        invalid_value_message=_l("Type a whole number."),
    )


class CriterionForm(Form):
    """One thing a marker looks at, and its levels, one a line."""

    main = "text"

    text = TextAreaField(_l("What is looked at"), [at_most(MAX_TEXT)])
    levels = TextAreaField(_l("Levels, one a line: points = words"), [at_most(MAX_TEXT)])

    def validate_levels(self, field: Field) -> None:
        """Say which line cannot be read."""
        try:
            read_levels(field.data)
        except FormatError as error:
            raise ValidationError(str(error)) from error


class EssayForm(RowsForm):
    """Limits and rubric."""

    list_name = "rubric"
    written_by = ("text", "levels")
    fewest = 1
    most = MAX_CRITERIA

    min_words = _limit(_l("At least so many words"))
    max_words = _limit(_l("At most so many words"))
    attachment = BooleanField(_l("One file may be attached: PDF, JPEG or PNG"))
    rubric = FieldList(FormField(CriterionForm), label=_l("How it is marked"), max_entries=MAX_CRITERIA)

    def show(self, source: Json) -> None:
        """Fill the fields; a new question begins with an empty criterion."""
        self.min_words.data, self.max_words.data = source.get("min_words"), source.get("max_words")
        self.attachment.data = bool(source.get("attachment"))
        self.set_rows([_row(criterion) for criterion in source.get("rubric") or []] or [{}])

    def read(self) -> Json:
        """Return limits and rubric; what was left empty is left out."""
        source: Json = {
            "rubric": [
                {"text": clean(row["text"]), "levels": read_levels(row["levels"])} for row in self.written()
            ]
        }
        for name in ("min_words", "max_words"):
            if self[name].data is not None:
                source[name] = self[name].data
        return source | ({"attachment": True} if self.attachment.data else {})

    def find(self, place: str) -> list[Field]:
        """Return the fields a place of the source is shown in: levels stand together in one."""
        name, _dash, rest = place.partition("-")
        number, _dash, part = rest.partition("-")
        return super().find(f"{name}-{number}-{part.partition('-')[0]}" if number else place)


def read_levels(text: str | None) -> list[Json]:
    """Return the levels of a criterion as source.

    Raises:
        FormatError: a line has no points, or they are no number; it says which line.
    """
    return [_level(line) for line in clean(text).split("\n") if line.strip()]


def _level(line: str) -> Json:
    points, sign, words = line.partition("=")
    if not sign or not words.strip():
        raise FormatError(
            _l("“%(line)s” is no level. Write it like: 2 = names two reasons.", line=line.strip())
        )
    value = read_points(str(read_number(points.strip())))
    if value is None:
        raise FormatError(_l("“%(line)s”: points are a number from 0 to 100.", line=line.strip()))
    return {"text": words.strip(), "points": int(value) if value == value.to_integral_value() else str(value)}


def _row(criterion: Json) -> dict[str, Any]:
    levels = [level for level in criterion.get("levels") or [] if isinstance(level, dict)]
    lines = (f"{_points(level.get('points'))} = {level.get('text') or ''}" for level in levels)
    return {"text": str(criterion.get("text") or ""), "levels": "\n".join(lines)}


def _points(value: object) -> str:
    points = read_points(value)
    return str(value or "") if points is None else show(points)
