"""The author's form for what belongs to a type; the page around it holds what every question has."""

from __future__ import annotations

from wtforms import Field, FieldList, Form

from quizzes.types.base import Json

MAX_TEXT = 1000


def clean(text: str | None) -> str:
    """Return what was typed into several lines without control characters, with plain line ends."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c == "\n" or c.isprintable()).strip()


class EditForm(Form):
    """Goes to and from the part of a source that belongs to the type."""

    def show(self, source: Json) -> None:
        """Put ``source`` into the fields."""
        raise NotImplementedError

    def read(self) -> Json:
        """Return what the fields hold as source; what was left empty is left out."""
        raise NotImplementedError

    def find(self, place: str) -> list[Field]:
        """Return the fields a place of the source is shown in, from the outside in: "options-2-why"."""
        first, _dash, rest = place.partition("-")
        if rest and f"{first}_{rest}" in self:
            return [self[f"{first}_{rest}"]]
        if first not in self:
            return []
        field = self[first]
        row, _dash, name = rest.partition("-")
        if not isinstance(field, FieldList) or not row.isdigit() or int(row) >= len(field):
            return [field]
        inside = field[int(row)].form
        return [field, inside[name] if name in inside else inside[inside.main]]

    def tidy(self) -> None:
        """Drop what was left empty, before the form is saved."""

    def act(self, action: str) -> None:
        """Carry out the button of a row, such as "up-2"; unknown ones do nothing."""
