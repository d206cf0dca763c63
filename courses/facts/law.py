"""Laws, and references to their articles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from string import ascii_uppercase

LAW_ID = re.compile(r"(uu|pp|perpres|permenaker)-([1-9]\d*)-(\d{4})")
_REFERENCE = re.compile(
    r"(?P<law>[a-z]+-\d+-\d{4})(?:/(?P<article>[1-9]\d*[A-Z]?)(?:/(?P<paragraph>[1-9]\d*))?(?:/(?P<letter>[a-z]))?)?"
)
_KINDS = {
    "uu": ("UU", "Law"),
    "pp": ("PP", "Government Regulation"),
    "perpres": ("Perpres", "Presidential Regulation"),
    "permenaker": ("Permenaker", "Minister of Manpower Regulation"),
}


_WORDS = {"id": ("Pasal", "ayat", "huruf", ""), "en": ("Article", "paragraph", "letter", "of ")}


class LawStatus(StrEnum):
    """How a law stands."""

    IN_FORCE = "in_force"
    AMENDED = "amended"
    REPLACED = "replaced"
    ENDED = "ended"
    UNCHECKED = "unchecked"
    """Nobody looked whether it still stands."""


@dataclass(frozen=True)
class Law:
    """A law or regulation, with an official address."""

    id: str
    short: str
    title: str
    title_en: str
    status: LawStatus
    valid_from: date | None
    amended_by: tuple[str, ...]
    replaced_by: tuple[str, ...]
    url: str
    note: str
    note_en: str
    # Number of its last article, where somebody counted; None where nobody did.
    articles: int | None = None

    def name(self, language: str = "id") -> str:
        """Return "UU 24/2011", or "Law 24/2011" in English."""
        return law_name(self.id, language)


@dataclass(frozen=True)
class Citation:
    """A reference as people read it, and the page that tells about the law."""

    label: str
    url: str


@dataclass(frozen=True)
class Reference:
    """`uu-24-2011/17/2/c` taken apart; only the law must be there."""

    law_id: str
    article: str
    paragraph: str
    letter: str

    @property
    def number(self) -> int:
        """Number of the article, without the letter of one inserted later; 0 where the whole law is meant."""
        return int(self.article.rstrip(ascii_uppercase) or 0)

    def label(self, language: str = "id") -> str:
        """Return "Pasal 17 ayat (2) huruf c UU 24/2011"."""
        words = _WORDS["en" if language == "en" else "id"]
        parts = [f"{words[0]} {self.article}"] if self.article else []
        parts += [f"{words[1]} ({self.paragraph})"] if self.paragraph else []
        parts += [f"{words[2]} {self.letter}"] if self.letter else []
        name = law_name(self.law_id, language)
        return " ".join([*parts, f"{words[3]}{name}"]) if parts else name


def parse_reference(text: str) -> Reference | None:
    """Return the parts of ``text``, None when it is no reference to a law."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return None
    return Reference(match["law"], *(match[name] or "" for name in ("article", "paragraph", "letter")))


def law_name(law_id: str, language: str = "id") -> str:
    """Return how people call a law by its id."""
    kind, number, year = law_id.split("-")
    names = _KINDS[kind]
    return f"{names[1] if language == 'en' else names[0]} {number}/{year}"
