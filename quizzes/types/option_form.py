"""The author's rows of options: what single choice and multiple response share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FieldList, Form, FormField, StringField, TextAreaField

from lms.core.fields import at_most
from quizzes.types.base import Json
from quizzes.types.edit_form import MAX_TEXT, EditForm, clean
from quizzes.types.options import MAX_GROUP, MAX_OPTIONS, MIN_OPTIONS

FIRST_ROWS = 4


class IndexesField(Field):
    """The numbers of the rows whose radio button or box is set, 0 for the first."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was sent; anything but a row number is passed over."""
        self.data = sorted({int(value) for value in valuelist if str(value) in _ROWS})

    def _value(self) -> str:
        return ""


_ROWS = frozenset(str(row) for row in range(MAX_OPTIONS))


class OptionForm(Form):
    """One option."""

    main = "text"

    text = TextAreaField(_l("Answer"), [at_most(MAX_TEXT)])
    why = TextAreaField(_l("Why, shown after the result"), [at_most(MAX_TEXT)])
    is_fixed = BooleanField(_l("Stays in this place"))
    group = StringField(_l("Stays beside others of the group"), [at_most(MAX_GROUP)])


class ChoiceForm(EditForm):
    """Rows to write, move and delete, with a mark at what is right."""

    options = FieldList(FormField(OptionForm), label=_l("Answers"), max_entries=MAX_OPTIONS)
    right = IndexesField(_l("Right answer"), default=list)

    def show(self, source: Json) -> None:
        """Fill the rows; a new question begins with empty ones."""
        options = source.get("options") or [{}] * FIRST_ROWS
        self._set([(self.row_of(option), bool(option.get("correct"))) for option in options])

    def read(self) -> Json:
        """Return the options that are written."""
        return {"options": [self.option_of(row, is_right) for row, is_right in self._written()]}

    def row_of(self, option: Json) -> dict[str, Any]:
        """Return an option as the fields of a row."""
        return {
            "text": str(option.get("text", "")),
            "why": str(option.get("why") or ""),
            "is_fixed": bool(option.get("fixed")),
            "group": str(option.get("group") or ""),
        }

    def option_of(self, row: dict[str, Any], is_right: bool) -> Json:
        """Return the fields of a row as an option; what is empty is left out."""
        option: Json = {"text": clean(row["text"])}
        if is_right:
            option["correct"] = True
        if clean(row["why"]):
            option["why"] = clean(row["why"])
        if row["is_fixed"]:
            option["fixed"] = True
        if clean(row["group"]):
            option["group"] = clean(row["group"])
        return option

    def tidy(self) -> None:
        """Drop empty rows, so that rows and options count alike."""
        self._set(self._written())

    def act(self, action: str) -> None:
        """Add, move or delete a row."""
        rows = self._rows()
        name, _dash, number = action.partition("-")
        place = int(number) if number in _ROWS else 0
        if name == "add" and len(rows) < MAX_OPTIONS:
            rows.append((self.row_of({}), False))
        elif name == "delete" and place < len(rows) and len(rows) > MIN_OPTIONS:
            del rows[place]
        elif name in {"up", "down"} and place < len(rows):
            target = max(0, min(len(rows) - 1, place + (1 if name == "down" else -1)))
            rows.insert(target, rows.pop(place))
        self._set(rows)

    def _rows(self) -> list[tuple[dict[str, Any], bool]]:
        right = set(self.right.data or [])
        return [(entry.data, index in right) for index, entry in enumerate(self.options)]

    def _written(self) -> list[tuple[dict[str, Any], bool]]:
        return [row for row in self._rows() if clean(row[0]["text"]) or clean(row[0]["why"])]

    def _set(self, rows: Sequence[tuple[dict[str, Any], bool]]) -> None:
        while self.options.entries:
            self.options.pop_entry()
        for row, _is_right in rows[:MAX_OPTIONS]:
            self.options.append_entry(row)
        self.right.data = [index for index, (_row, is_right) in enumerate(rows) if is_right]
