"""The grammar of GIFT as Moodle reads it: a text file of questions with empty lines between them. Pure.

Backslashes take the meaning from ``~ = # { } :``; while a question is taken apart such letters stand as signs
nobody types, and `plain` puts them back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from quizzes.exchange.moodle.text import FORMATS, Refused

_ESCAPED = {
    "\\": "\ue010",
    "~": "\ue011",
    "=": "\ue012",
    "#": "\ue013",
    "{": "\ue014",
    "}": "\ue015",
    ":": "\ue016",
}
_BACK = str.maketrans({sign: letter for letter, sign in _ESCAPED.items()} | {"\ue017": "\n"})
_BACKSLASH = re.compile(r"\\([\\~=#{}:n])")
_NO_SIGNS = dict.fromkeys(range(0xE010, 0xE018))
_FORM = re.compile(r"\s*\[(html|moodle|markdown|plain)\]", re.I)
_NAME = re.compile(r"::(.*?)::", re.S)
_TAG = re.compile(r"\[tag:((?:[^\\\]]|\\.)*)\]", re.I)
_ID = re.compile(r"\[id:((?:[^\\\]]|\\.)*)\]", re.I)
_CATEGORY = "$CATEGORY:"
BLANK = "…"
"""What stands in a sentence where the missing word was."""


@dataclass(frozen=True)
class Block:
    """Lines between two empty ones. ``line`` is the first of them, counted from 1."""

    line: int
    lines: tuple[str, ...]

    @property
    def original(self) -> str:
        """The block as it stands in the file."""
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Parts:
    """A question taken apart; texts still have signs for letters that were escaped.

    ``answers`` is what stands between the braces, None where there are none: a description.
    """

    name: str
    form: str
    stem: str
    answers: str | None
    feedback: str


@dataclass(frozen=True)
class Comments:
    """What the comments of a block say about its question."""

    identifier: str
    tags: tuple[str, ...]


def list_blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a file, in their order."""
    lines, first = list[str](), 1
    for number, line in enumerate((*text.split("\n"), ""), 1):
        bare = line.strip()
        if bare:
            first = first if lines else number
            lines.append(bare)
        elif lines:
            yield Block(first, tuple(lines))
            lines = []


def category_of(block: Block) -> tuple[str | None, Block]:
    """Return the category a block sets, None where it sets none, and what else is in it."""
    place = next((at for at, line in enumerate(block.lines) if not line.startswith("//")), None)
    if place is None or not block.lines[place].upper().startswith(_CATEGORY):
        return None, block
    path = block.lines[place][len(_CATEGORY) :].strip()
    return path, Block(block.line + place + 1, block.lines[place + 1 :])


def comments_of(block: Block) -> Comments:
    """Return number and tags that stand in comments: ``// [id:7] [tag:JHT]``."""
    said = " ".join(line for line in block.lines if line.startswith("//"))
    tags = tuple(dict.fromkeys(_unescaped(tag).strip() for tag in _TAG.findall(said)))
    found = _ID.search(said)
    return Comments(_unescaped(found[1]).strip() if found else "", tuple(tag for tag in tags if tag))


def take_apart(block: Block) -> Parts | None:
    """Return the parts of a question; None where a block holds nothing but comments.

    Raises:
        Refused: braces or the name are not closed, or there are several parts for answers.
    """
    text = "\n".join(line for line in block.lines if not line.startswith("//")).strip()
    if not text:
        return None
    name, text = _split_name(_BACKSLASH.sub(_sign, text.translate(_NO_SIGNS)))
    form, text = split_form(text)
    stem, answers = _split_answers(text)
    said, _mark, feedback = (answers or "").partition("####")
    return Parts(plain(name).strip(), form, stem, None if answers is None else said.strip(), feedback)


def split_form(text: str) -> tuple[str, str]:
    """Return how a text says it is written, empty where it does not, and the text without that."""
    match = _FORM.match(text)
    return (FORMATS[match[1].lower()], text[match.end() :].strip()) if match else ("", text.strip())


def plain(text: str) -> str:
    """Return a text with the letters that were escaped."""
    return text.translate(_BACK)


def escape(text: str) -> str:
    """Return a text as GIFT writes it: on one line, nothing in it with a meaning."""
    lines = text.replace("\\", "\\\\").replace("\r\n", "\n")
    return re.sub(r"([~=#{}:])", r"\\\1", lines).replace("\n", "\\n")


def _sign(match: re.Match[str]) -> str:
    return "\ue017" if match[1] == "n" else _ESCAPED[match[1]]


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _split_name(text: str) -> tuple[str, str]:
    if not text.startswith("::"):
        return "", text
    match = _NAME.match(text)
    if match is None:
        raise Refused(_l("The name of the question has no end: write ::name:: before the question."))
    return match[1], text[match.end() :].strip()


def _split_answers(text: str) -> tuple[str, str | None]:
    """Return stem and answers; a stem that goes on after the answers has a blank where they were."""
    begin, end = text.find("{"), text.find("}")
    if begin < 0 and end < 0:
        return text, None
    if begin < 0 or end < begin:
        raise Refused(_l("A brace { for the answers is missing or not closed; \\{ is a letter."))
    before, tail = text[:begin], text[end + 1 :]
    if "{" in text[begin + 1 : end] or "{" in tail or "}" in tail:
        raise Refused(_l("Answers stand between one { and one } in a question; \\{ and \\} are letters."))
    return (f"{before}{BLANK}{tail}" if tail.strip() else before).strip(), text[begin + 1 : end]
