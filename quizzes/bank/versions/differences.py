"""Two wordings of a question side by side, with what differs marked word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

MAX_WORDS = 2_000
"""Longer texts are shown as changed altogether: comparing them word by word takes too long."""


@dataclass(frozen=True)
class Piece:
    """A run of words, and whether only this side has it."""

    text: str
    is_changed: bool


@dataclass(frozen=True)
class Difference:
    """A field that differs: what it is called, and its pieces on either side."""

    label: str
    theirs: list[Piece]
    mine: list[Piece]


Shown = Mapping[str, tuple[str, str]]
"""By name of the field what it is called and what it says."""


def compare(theirs: Shown, mine: Shown) -> list[Difference]:
    """Return the fields that differ, in the order of the form."""
    names = dict.fromkeys([*theirs, *mine])
    found = []
    for name in names:
        label = (mine.get(name) or theirs[name])[0]
        before, after = (side.get(name, ("", ""))[1] for side in (theirs, mine))
        if before != after:
            found.append(_difference(label, before, after))
    return found


def _difference(label: str, before: str, after: str) -> Difference:
    old, new = (re.split(r"(\s+)", text) for text in (before, after))
    if len(old) + len(new) > MAX_WORDS:
        return Difference(label, [Piece(before, True)], [Piece(after, True)])
    codes = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    theirs = ("".join(old[a:b]) for _tag, a, b, _c, _d in codes)
    mine = ("".join(new[c:d]) for _tag, _a, _b, c, d in codes)
    marks = [tag != "equal" for tag, *_places in codes]
    return Difference(label, list(_pieces(theirs, marks)), list(_pieces(mine, marks)))


def _pieces(texts: Iterator[str], marks: list[bool]) -> Iterator[Piece]:
    return (Piece(text, mark) for text, mark in zip(texts, marks, strict=True) if text)
