"""Spelling against the reviewed word list of a course.

The list holds every word the course uses and nothing else: a word that is not in it is a slip, or a new word
that somebody reads once more and adds. A word in small letters may be written with a capital, one with
capitals only so.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from courses.catalogue.texts.passages import Passage
from courses.facts.documents import Fault

WORDS_FILE = "periksa/kata.txt"
"""One word a line, sorted by hand or not; what follows `#` is a remark."""

MAX_GUESSES = 50
"""Slips for which the nearest word is looked up: a text in another language has thousands."""

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_CLITICS = ("nya", "lah", "kah", "pun")


class WordList:
    """The words a course may use."""

    def __init__(self, text: str) -> None:
        lines = (line.partition("#")[0].strip() for line in text.splitlines())
        self._words = frozenset(line for line in lines if line)

    def knows(self, word: str) -> bool:
        """Return whether ``word`` is right: as it stands, without a clitic, or part by part."""
        if len(word) == 1 or self._has(word):
            return True
        parts = re.split(r"[-’']", word)
        if len(parts) > 1:
            return all(part in _CLITICS or self.knows(part) for part in parts)
        return any(
            len(word) > len(clitic) + 2 and self._has(word.removesuffix(clitic))
            for clitic in _CLITICS
            if word.endswith(clitic)
        )

    def nearest(self, word: str) -> str:
        """Return the word of the list that looks most like ``word``, empty if none does."""
        near = difflib.get_close_matches(word.casefold(), self._words, n=1, cutoff=0.8)
        return near[0] if near else ""

    def _has(self, word: str) -> bool:
        return word in self._words or word.casefold() in self._words


def check_spelling(passages: Iterable[Passage], words: WordList) -> list[Fault]:
    """Return the words that are not in the list, each at the first place it stands."""
    return [
        Fault(
            passage.file,
            passage.line_at(position),
            _message(word, words.nearest(word) if count < MAX_GUESSES else ""),
        )
        for count, (word, passage, position) in enumerate(unknown_words(passages, words))
    ]


def unknown_words(passages: Iterable[Passage], words: WordList) -> Iterator[tuple[str, Passage, int]]:
    """Yield each word that is not in the list once, with the passage and the place in it."""
    known: dict[str, bool] = {}
    for passage in passages:
        for match in _WORD.finditer(passage.text):
            word = match.group()
            if word in known:
                continue
            known[word] = words.knows(word)
            if not known[word]:
                yield word, passage, match.start()


def _message(word: str, near: str) -> str:
    if near:
        return str(
            _(
                "“%(word)s” is not in the word list. “%(near)s”? If it is right, add it to %(file)s.",
                word=word,
                near=near,
                file=WORDS_FILE,
            )
        )
    return str(
        _(
            "“%(word)s” is not in the word list. If it is right, add it to %(file)s.",
            word=word,
            file=WORDS_FILE,
        )
    )
