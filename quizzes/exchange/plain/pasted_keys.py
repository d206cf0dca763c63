"""What one pasted question asks, from what is its key. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from lms.core.text import fold
from quizzes.exchange.checking import checked
from quizzes.exchange.contract import Read, ReadFault, ReadQuestion, Text
from quizzes.exchange.markup import from_plain
from quizzes.types.base import Json

MAX_NAME = 60
_TICK = re.compile(r"\s*(?:[✓✔✅√]️?|\((?:benar|kunci|jawaban)\))\s*$", re.I)
_BOLD = re.compile(r"(\*{1,2})(?P<text>[^*\n]+)\1")
_LETTERS = re.compile(r"\(?[A-Ha-h]\)?(?:\s*(?:,|;|&|/|\bdan\b|\bserta\b)\s*\(?[A-Ha-h]\)?)*\.?")
_LETTER_AND_MORE = re.compile(r"\(?(?P<letter>[A-Ha-h])[.):]\s*(?P<text>.*)", re.DOTALL)
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,2}|_)(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])")
_NUMBER = re.compile(
    r"(?P<money>rp\.?\s*)?(?P<value>[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?P<part>,[0-9]+)?\s*(?P<unit>%|persen|hari|bulan|tahun|orang)?\.?",
    re.I,
)
_TRUE, _FALSE = {"benar", "betul", "ya", "true"}, {"salah", "tidak", "false"}


@dataclass
class Option:
    """An answer to choose, as it is written."""

    letter: str
    text: str
    is_right: bool


@dataclass
class Block:
    """The lines of one question, put where they belong. ``number`` is 0 where the text has none."""

    number: int
    line: int
    last: int
    stem: list[str]
    options: list[Option] = field(default_factory=list)
    key: str = ""
    reason: list[str] = field(default_factory=list)
    original: str = ""
    guesses: tuple[Text, ...] = ()

    def guess(self, words: Text) -> None:
        """Note what was guessed."""
        self.guesses = (*self.guesses, words)


class _Fault(ValueError):
    """Why a block is no question."""

    def __init__(self, message: Text) -> None:
        super().__init__(str(message))
        self.message = message


def made(block: Block) -> Read:
    """Return the question of a block, or why it is none."""
    try:
        kind, own = _asked(block)
    except _Fault as fault:
        return ReadFault(block.line, fault.message, block.original)
    stem = "\n".join(block.stem)
    source = {"stem": _marked(stem)} | own
    if any(block.reason):
        source["explanation"] = _marked("\n".join(block.reason))
    name = " ".join(stem.split())[:MAX_NAME]
    return checked(ReadQuestion(kind, source, block.line, block.original, name=name, guesses=block.guesses))


def _asked(block: Block) -> tuple[str, Json]:
    """Return the type and its part of the source."""
    if not any(block.stem):
        raise _Fault(_l("The question itself is missing: write it before its answers."))
    if not block.options:
        return _without_options(block)
    if len(block.options) == 1:
        raise _Fault(_l("There is only one answer: write two at least, each with its letter."))
    right = _right(block)
    options = [
        {"text": _marked(text)} | ({"correct": True} if number in right else {})
        for number, text in enumerate(_bare(block))
    ]
    if len(right) == 1:
        return "single_choice", {"options": options}
    if len(right) == len(options):
        raise _Fault(_l("All answers are marked as right: mark those that are."))
    block.guess(_l("Several answers are right, so people may tick several."))
    return "multiple_response", {"options": options}


def _right(block: Block) -> set[int]:
    """Return which options are right: by the key, else by stars, bold letters or ticks."""
    if block.key:
        return set(_named(block))
    marked = {number for number, option in enumerate(block.options) if option.is_right}
    ticked = {number for number, option in enumerate(block.options) if _TICK.search(option.text)}
    bold = {number for number, option in enumerate(block.options) if _BOLD.fullmatch(option.text.strip())}
    for found, words in (
        (marked, _l("The star before an answer was taken for the key.")),
        (ticked, _l("The tick behind an answer was taken for the key.")),
        (bold, _l("The bold answer was taken for the key.")),
    ):
        if found and len(found) < len(block.options):
            block.guess(words)
            return found
    raise _Fault(_l("The key is missing: add a line such as “Kunci: B”."))


def _named(block: Block) -> Iterator[int]:
    """Yield the places of the options a key names, by letters or by their words."""
    letters, texts = [option.letter for option in block.options], [fold(text) for text in _bare(block)]
    key = block.key.strip().strip("*_").strip()
    if _LETTERS.fullmatch(key):
        wanted = re.findall("[A-H]", key.upper().replace("DAN", ",").replace("SERTA", ","))
    elif fold(key) in texts:
        block.guess(_l("The key names an answer by its words."))
        yield texts.index(fold(key))
        return
    elif found := _LETTER_AND_MORE.fullmatch(key):
        wanted = [found["letter"].upper()]
        if fold(found["text"]) not in texts[letters.index(wanted[0])] if wanted[0] in letters else False:
            block.guess(_l("The key says more than its letter: only “%(letter)s” counts.", letter=wanted[0]))
    else:
        raise _Fault(_l("The key “%(key)s” names no answer.", key=key[:60]))
    for letter in wanted:
        if letter not in letters:
            raise _Fault(_l("The key names “%(letter)s”, but no answer has this letter.", letter=letter))
        yield letters.index(letter)


def _bare(block: Block) -> list[str]:
    """Return the words of the options without what marks the key."""
    texts = [_TICK.sub("", option.text).strip() for option in block.options]
    texts = [
        re.sub(r"\*+$", "", text) if option.is_right else text
        for text, option in zip(texts, block.options, strict=True)
    ]
    bold = [_BOLD.fullmatch(text) for text in texts]
    if all(bold):
        return texts
    return [match["text"].strip() if match else text for match, text in zip(bold, texts, strict=True)]


def _without_options(block: Block) -> tuple[str, Json]:
    """Return a question whose answer is said: true or false, a number or words."""
    key = block.key.strip().strip("*_").strip()
    if not key:
        raise _Fault(_l("There are neither answers nor a key: add lines such as “A. …” and “Kunci: A”."))
    word = fold(key).rstrip(".")
    if word in _TRUE | _FALSE:
        block.guess(_l("The key is true or false, so that is what people choose from."))
        return "true_false", {"answer": word in _TRUE}
    if match := _NUMBER.fullmatch(key):
        block.guess(_l("The key is a number, so people type one; it must be exact."))
        return "number", _number(match)
    block.guess(_l("There are no answers to choose from, so people write words; they must be the same."))
    return "short_answer", {"answers": [{"accept": re.sub(r"([*\\])", r"\\\1", key)}]}


def _number(match: re.Match[str]) -> Json:
    value = Decimal(match["value"].replace(".", "") + (match["part"] or "").replace(",", "."))
    unit = {"%": "persen"}.get((match["unit"] or "").casefold(), (match["unit"] or "").casefold())
    unit = "rupiah" if match["money"] else unit
    return {"answer": f"{value:f}"} | ({"unit": unit} if unit else {}) | {"tolerance": 0}


def _marked(text: str) -> str:
    """Return words with what is bold or slanted in a chat."""
    parts, end = [], 0
    for match in _EMPHASIS.finditer(text.strip()):
        sign = "*" if match[1] == "_" else "**"
        parts += [text.strip()[end : match.start()], f"\ue005{sign}\ue005{match[2]}\ue005{sign}\ue005"]
        end = match.end()
    shown = from_plain("".join([*parts, text.strip()[end:]]))
    return re.sub("\ue005((?:\\\\\\*)+)\ue005", lambda match: match[1].replace("\\", ""), shown)
