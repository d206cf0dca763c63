"""The words a question is found by, alike on every database: a-z and 0-9, folded here. Pure."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from lms.core.text import fold
from quizzes.bank.models import QuestionVersion

MAX_LENGTH = 40
"""Letters of a word that are kept; longer ones are fingerprints of pictures."""
MAX_ASKED = 12
"""Words of a search that are looked for."""

_WORD = re.compile(r"[a-z0-9]+")
_MARKUP = re.compile(r"<[^<>]*>")
_NOT_SAID = frozenset({"id", "sha256", "media_type", "type"})
"""Fields of a source that nobody reads."""


def list_words(text: str) -> list[str]:
    """Return the words of a text as they are compared: accents gone, each sign that is none of them a gap."""
    if text.isascii():
        return _WORD.findall(text.casefold())
    plain = unicodedata.normalize("NFKD", fold(text))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _WORD.findall(letters)


def asked_words(text: str) -> list[str]:
    """Return what a search asks for: every word must be there, whole or as a beginning."""
    return [word[:MAX_LENGTH] for word in list_words(text)[:MAX_ASKED]]


def words_of(version: QuestionVersion, *, tags: Iterable[str]) -> str:
    """Return every word of a question once: stem, explanation, options, facts, citations, tags, number.

    Facts are there twice: by the key its author wrote, and by the value its reader sees.
    """
    question = version.question
    texts = [
        *_said(version.source),
        *map(shown_text, _said(version.content)),
        shown_text(version.stem_html),
        shown_text(version.explanation_html),
        *_said(version.citations),
        version.summary,
        question.topic,
        question.key or "",
        str(question.id),
        *tags,
    ]
    found = {word for text in texts for word in list_words(text) if len(word) <= MAX_LENGTH}
    return " ".join(sorted(found))


def shown_text(fragment: str) -> str:
    """Return what a reader sees of a fragment of HTML, as one line."""
    return " ".join(html.unescape(_MARKUP.sub(" ", fragment)).split())


def _said(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            if name not in _NOT_SAID:
                yield from _said(part)
    elif isinstance(value, list):
        for part in value:
            yield from _said(part)
    elif isinstance(value, str):
        yield value
