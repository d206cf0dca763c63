"""The author's rows of a matching question."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, FieldList, Form, FormField, TextAreaField

from lms.core.fields import at_most
from quizzes.types.base import Json
from quizzes.types.edit_form import MAX_TEXT, clean
from quizzes.types.rows_form import RowsForm

MIN_PAIRS = 2
MAX_PAIRS = 10
MAX_CHOICES = 12
_FIRST_ROWS = 4


class PairForm(Form):
    """One line; with the left side empty its answer fits nothing."""

    main = "text"

    text = TextAreaField(_l("Left side"), [at_most(MAX_TEXT)])
    match = TextAreaField(_l("What belongs to it"), [at_most(MAX_TEXT)])
    why = TextAreaField(_l("Why, shown after the result"), [at_most(MAX_TEXT)])


class MatchingForm(RowsForm):
    """Pairs, and answers that belong to nothing."""

    list_name = "pairs"
    written_by = ("text", "match", "why")
    fewest = MIN_PAIRS
    most = MAX_CHOICES

    pairs = FieldList(FormField(PairForm), label=_l("Pairs"), max_entries=MAX_CHOICES)

    def show(self, source: Json) -> None:
        """Fill the rows; a new question begins with empty ones."""
        pairs = [_row(pair, pair.get("text"), pair.get("match")) for pair in source.get("pairs") or []]
        others = [_row(other, "", other.get("text")) for other in source.get("distractors") or []]
        self.set_rows(pairs + others or [{}] * _FIRST_ROWS)

    def read(self) -> Json:
        """Return pairs and distractors."""
        rows = self.written()
        pairs = [_part(row, text=row["text"], match=row["match"]) for row in rows if clean(row["text"])]
        others = [_part(row, text=row["match"]) for row in rows if not clean(row["text"])]
        return {"pairs": pairs} | ({"distractors": others} if others else {})

    def find(self, place: str) -> list[Field]:
        """Return the fields a place of the source is shown in: distractors stand among the pairs."""
        name, _dash, rest = place.partition("-")
        number, _dash, part = rest.partition("-")
        if name != "distractors" or not number.isdecimal():
            return super().find(place)
        lone = [row for row, entry in enumerate(self.pairs) if not clean(entry.form.text.data)]
        row = lone[int(number)] if int(number) < len(lone) else 0
        return super().find(f"pairs-{row}-{'match' if part == 'text' else part}")


def _row(source: Json, text: object, match: object) -> dict[str, Any]:
    return {"text": str(text or ""), "match": str(match or ""), "why": str(source.get("why") or "")}


def _part(row: dict[str, Any], **texts: str) -> Json:
    why = {"why": clean(row["why"])} if clean(row["why"]) else {}
    return {name: clean(text) for name, text in texts.items()} | why
