"""The author's form for what belongs to a type; the page around it holds what every question has."""

from __future__ import annotations

from wtforms import Form

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

    def tidy(self) -> None:
        """Drop what was left empty, before the form is saved."""

    def act(self, action: str) -> None:
        """Carry out the button of a row, such as "up-2"; unknown ones do nothing."""
