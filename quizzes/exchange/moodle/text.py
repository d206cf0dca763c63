"""Texts of Moodle, which say themselves how they are written, as inline Markdown. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

from flask_babel import lazy_gettext as _l

from quizzes.exchange.contract import Text
from quizzes.exchange.markup import from_html, from_markdown, from_plain, to_plain

HTML, AUTO, MARKDOWN, PLAIN = "html", "moodle", "markdown", "plain"
"""How a text is written; AUTO is HTML whose lines stay lines, which Moodle takes where nothing is said."""
FORMATS = {
    "html": HTML,
    "moodle": AUTO,
    "moodle_auto_format": AUTO,
    "markdown": MARKDOWN,
    "plain": PLAIN,
    "plain_text": PLAIN,
}
"""What files call it."""

_ONE_PARAGRAPH = re.compile(r"\s*<p(?:\s[^<>]*)?>([^<>]*)</p>\s*", re.I)


class Refused(ValueError):
    """What is meant as a question cannot be one of ours; the message says why and what to do."""

    def __init__(self, message: object) -> None:
        super().__init__(str(message))
        self.message = message


class Notes:
    """What is said beside one question: what was guessed, what was lost, each once."""

    def __init__(self) -> None:
        self.guesses: list[Text] = []
        self.losses: list[Text] = []

    def guess(self, message: Text) -> None:
        """Keep what was guessed."""
        if message not in self.guesses:
            self.guesses.append(message)

    def lose(self, *messages: Text) -> None:
        """Keep what was lost."""
        self.losses += [message for message in dict.fromkeys(messages) if message not in self.losses]


class Texts:
    """Turns the texts of one question into Markdown; keeps the pictures they name, and notes what is lost."""

    def __init__(self, notes: Notes, form: str = HTML, pictures: Mapping[str, bytes] | None = None) -> None:
        self.notes = notes
        self.files: dict[str, bytes] = {}
        self._form = form
        self._pictures = dict(pictures or {})

    def read(self, text: str, form: str = "", *, pictures: Mapping[str, bytes] | None = None) -> str:
        """Return a text as inline Markdown.

        Args:
            text: as the file has it.
            form: one of `FORMATS`' values; empty: as the question is written.
            pictures: files that came with this text, by name.

        Raises:
            ValueError: it is too long.
        """
        form = form or self._form
        if not text.strip():
            return ""
        if form == PLAIN:
            return from_plain(text)
        if form == MARKDOWN:
            return from_markdown(text)
        return self._read_html(text, pictures or {}, keeps_lines=form == AUTO)

    def bring(self, pictures: Mapping[str, bytes]) -> None:
        """Keep pictures that any text of the question may name."""
        self._pictures |= pictures

    def read_plain(self, text: str) -> str:
        """Return a text that is only words to the other system."""
        return from_plain(text)

    def _read_html(self, text: str, pictures: Mapping[str, bytes], *, keeps_lines: bool) -> str:
        paragraph = _ONE_PARAGRAPH.fullmatch(text)
        bare = paragraph[1] if paragraph else text
        if "<" not in bare:
            words = unescape(bare)
            return from_plain(words if keeps_lines else " ".join(words.split()))
        if keeps_lines:
            text = text.strip().replace("\n", "<br>\n")
        converted = from_html(text, pictures=self._pictures | dict(pictures))
        self.notes.lose(*converted.losses)
        self.files |= converted.files
        return converted.markdown


def bare(markdown: str, notes: Notes) -> str:
    """Return inline Markdown as one line of bare words, for places that hold no more; notes a loss."""
    words = " ".join(to_plain(markdown).split())
    if from_plain(words) != markdown:
        notes.lose(_l("“%(text)s”: only the words are kept, without layout.", text=words[:60]))
    return words
