"""Words out of rendered texts: what stands below a heading of a lesson or guide, as plain text. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser

from lms.core.text import fold

LONGEST = 480
"""Characters of a passage: a paragraph or two, so that three of them go on one page."""

APART = frozenset({"div", "figure", "section", "fieldset", "svg", "table", "details", "blockquote"})
"""Boxes, tables and drawings stand beside the text."""
HEADINGS = frozenset({"h2", "h3", "h4"})
SHORT = 4
"""Words up to so many letters join sentences and say nothing of their subject."""


def find_passage(html: str, anchor: str) -> list[str]:
    """Return the first paragraphs and points below the heading of that anchor; without it nothing."""
    reader = _Reader()
    reader.feed(html)
    return _shortened([text for heading, text in reader.found if heading == anchor])


def find_questions(html: str) -> list[str]:
    """Return what a trainer's guide asks to discuss: the points below the heading that says so."""
    reader = _Reader()
    reader.feed(html)
    return [text for heading, text in reader.found if heading.startswith("pertanyaan")]


def plain(html: str) -> str:
    """Return the words of a phrase of HTML."""
    reader = _Reader()
    reader.feed(f"<p>{html}</p>")
    return " ".join(text for _heading, text in reader.found)


def nearest(questions: Sequence[str], subject: str) -> str:
    """Return the question that shares most words with the subject, the first where none shares any."""
    wanted = _words(subject)
    return max(questions, key=lambda text: len(_words(text) & wanted), default="")


def _words(text: str) -> frozenset[str]:
    letters = "".join(sign if sign.isalnum() else " " for sign in fold(text))
    return frozenset(word for word in letters.split() if len(word) > SHORT)


def _shortened(paragraphs: Sequence[str]) -> list[str]:
    """Return as many whole paragraphs as may stand on the page, at least the first, cut at a word."""
    kept: list[str] = []
    for text in paragraphs:
        left = LONGEST - sum(map(len, kept))
        if len(text) <= left:
            kept.append(text)
        elif not kept:
            return [f"{text[:LONGEST].rpartition(' ')[0]} …"]
        else:
            break
    return kept


class _Reader(HTMLParser):
    """Collects paragraphs and points with the anchor of the heading they stand below."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._heading = ""
        self._is_in_heading = False
        self._apart = 0
        self._words: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a heading, a paragraph, a point or something that stands apart begins."""
        if tag in APART:
            self._apart += 1
        elif tag in HEADINGS:
            self._heading = dict(attrs).get("id") or ""
            self._is_in_heading = True
        elif tag in {"p", "li"} and not self._apart:
            self._keep()
            self._words = []

    def handle_endtag(self, tag: str) -> None:
        """Note where it ends."""
        if tag in APART:
            self._apart -= 1
        elif tag in HEADINGS:
            self._is_in_heading = False
        elif tag in {"p", "li"}:
            self._keep()

    def handle_data(self, data: str) -> None:
        """Keep words of a paragraph."""
        if self._words is not None and not self._apart and not self._is_in_heading:
            self._words.append(data)

    def _keep(self) -> None:
        text = " ".join("".join(self._words or ()).split())
        if text:
            self.found.append((self._heading, text))
        self._words = None
