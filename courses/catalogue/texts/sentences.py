"""Sentences a village official can follow: not too long, no words of the office where plain ones do."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from flask_babel import gettext as _

from courses.catalogue.texts.passages import VALUE, Passage
from courses.facts.documents import Fault

TOO_LONG = 30
"""Words no sentence may exceed."""
LONG = 20
"""Words most sentences stay below."""
MAX_LONG_SHARE = 0.05
"""Share of the sentences of a file that may be long; the shipped course has 0.2 % in all."""
FEW = 8
"""Sentences below which a share says nothing."""

_END = re.compile(r"(?<=[.!?…])[”\"’)]*\s+(?=[A-Z“\"‘(\d" + VALUE + r"])")
_WORD = re.compile(rf"[\w{VALUE}][\w{VALUE}.,%/’'-]*")


@dataclass(frozen=True)
class Sentence:
    """A sentence and where it begins."""

    file: str
    line: int
    text: str

    @property
    def word_count(self) -> int:
        """How many words it has; a mark counts as one."""
        return len(_WORD.findall(self.text))


def list_sentences(passages: Iterable[Passage]) -> Iterator[Sentence]:
    """Yield the sentences of all passages."""
    for passage in passages:
        start = 0
        for match in _END.finditer(passage.text):
            yield _sentence(passage, start, match.start())
            start = match.end()
        yield _sentence(passage, start, len(passage.text))


def check_lengths(sentences: Iterable[Sentence]) -> list[Fault]:
    """Return the sentences nobody can follow."""
    return [
        Fault(
            sentence.file,
            sentence.line,
            str(
                _(
                    "This sentence has %(count)s words, more than %(most)s: make two of it.",
                    count=sentence.word_count,
                    most=TOO_LONG,
                )
            ),
        )
        for sentence in sentences
        if sentence.word_count > TOO_LONG
    ]


def advise_on_lengths(sentences: Iterable[Sentence]) -> list[Fault]:
    """Return the files in which too many sentences are long."""
    by_file = defaultdict(list)
    for sentence in sentences:
        by_file[sentence.file].append(sentence)
    return [_share(file, found) for file, found in by_file.items() if _is_heavy(found)]


def advise_on_words(passages: Iterable[Passage]) -> list[Fault]:
    """Return the words of offices and what says the same."""
    pattern, plainer = _office_words()
    return [
        Fault(passage.file, passage.line_at(match.start()), _plainer(match.group(), plainer))
        for passage in passages
        for match in pattern.finditer(passage.text)
    ]


def _sentence(passage: Passage, start: int, end: int) -> Sentence:
    return Sentence(passage.file, passage.line_at(start), " ".join(passage.text[start:end].split()))


def _is_heavy(sentences: list[Sentence]) -> bool:
    long = sum(sentence.word_count > LONG for sentence in sentences)
    return len(sentences) >= FEW and long / len(sentences) > MAX_LONG_SHARE


def _share(file: str, sentences: list[Sentence]) -> Fault:
    long = [sentence for sentence in sentences if sentence.word_count > LONG]
    message = _(
        "%(long)s of %(count)s sentences have more than %(most)s words; the first stands here.",
        long=len(long),
        count=len(sentences),
        most=LONG,
    )
    return Fault(file, long[0].line, str(message))


def _plainer(found: str, plainer: dict[str, str]) -> str:
    word = " ".join(found.casefold().split())
    if plainer[word]:
        return str(_("“%(word)s”: plainer is “%(plain)s”.", word=word, plain=plainer[word]))
    return str(_("“%(word)s” can be left out.", word=word))


@cache
def _office_words() -> tuple[re.Pattern[str], dict[str, str]]:
    text = (Path(__file__).parents[1] / "data" / "plain_words.yaml").read_text(encoding="utf-8")
    plainer: dict[str, str] = yaml.safe_load(text)
    words = "|".join(
        re.escape(word).replace(r"\ ", r"\s+") for word in sorted(plainer, key=len, reverse=True)
    )
    return re.compile(rf"(?<![-\w])(?:{words})(?![-\w])", re.IGNORECASE), plainer
