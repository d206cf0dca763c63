"""Finding numbers, terms and laws by plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from courses.facts.book import FactBook
from courses.facts.fact import Fact
from courses.facts.formatting import show
from courses.facts.glossary import Term
from courses.facts.law import Law
from courses.facts.units import UNITS
from courses.facts.wording import GROUPS, group_name, group_of
from lms.core.text import fold

LANGUAGES = ("id", "en")
KEPT = 4
HINTS = 5
"""Words offered where no number fits all of them."""

_NOUNS = "|".join(sorted({unit.noun_id.split()[0] for unit in UNITS.values() if unit.noun_id}))
_SPOKEN = (
    (re.compile(r"\b(\d{1,3}) tahun (\d{4})\b"), r"\1/\2"),
    (re.compile(r"\b(\d+) juta\b"), r"\1.000.000"),
    (re.compile(r"(\d) persen\b"), r"\1%"),
)
"""How people say what is written otherwise: UU 24 tahun 2011, 42 juta, 2 persen."""
_PART = re.compile(rf"\d[\d.,/]*\s(?:{_NOUNS})\b|\S+")
_EDGES = "?!.,;:\"'“”()"


@dataclass(frozen=True)
class Found:
    """A key with what it is called, and its value on the day asked for."""

    key: str
    label: str
    fact: Fact | None


@dataclass(frozen=True)
class Group:
    """Keys under one heading."""

    id: str
    name: object
    rows: tuple[Found, ...]


_texts: dict[str, Mapping[str, str]] = {}


def find_facts(book: FactBook, word: str, *, day: date, language: str) -> list[Group]:
    """Return the keys in which every word occurs, by group in the order of the page."""
    texts = _texts.get(book.mark) or _keep(book)
    groups: dict[str, list[Found]] = {}
    for key, history in book.facts.items():
        if _fits(texts[key] + fold(str(group_name(group_of(key)))), word):
            now = next((fact for fact in history if fact.holds_on(day)), None)
            groups.setdefault(group_of(key), []).append(Found(key, book.label(key, language), now))
    order = [
        *(group for group in GROUPS if group in groups),
        *(group for group in groups if group not in GROUPS),
    ]
    return [Group(group, group_name(group), tuple(groups[group])) for group in order]


def find_hints(book: FactBook, word: str) -> list[str]:
    """Return the words of ``word`` that numbers fit when looked for alone, the longest first."""
    texts = _texts.get(book.mark) or _keep(book)
    parts = sorted({part for part in _parts(word) if len(part) > 2}, key=len, reverse=True)
    found = [part for part in parts if any(_fits(text, part) for text in texts.values())]
    return found[:HINTS] if len(_parts(word)) > 1 else []


def find_terms(book: FactBook, word: str, *, language: str) -> list[Term]:
    """Return the terms in which every word occurs, in the order of the alphabet."""
    found = [term for term in book.terms.values() if _fits(_said_of_term(term), word)]
    return sorted(found, key=lambda term: fold(name_of(term, language)))


def find_laws(book: FactBook, word: str) -> list[Law]:
    """Return the laws in which every word occurs, as they stand in the book."""
    return [law for law in book.laws.values() if _fits(_said_of_law(law), word)]


def find_citing(book: FactBook, law: Law) -> list[str]:
    """Return the keys a value of which cites ``law``."""
    name = f"{law.short} "
    return [
        key for key, history in book.facts.items() if any(_cites(fact.citation, name) for fact in history)
    ]


def name_of(term: Term, language: str) -> str:
    """Return the term in ``language``."""
    return term.term_en if language == "en" else term.term


def _cites(citation: str, name: str) -> bool:
    return name in f"{citation} ".replace(";", " ").replace(",", " ").replace(")", " ")


def _keep(book: FactBook) -> Mapping[str, str]:
    while len(_texts) >= KEPT:
        _texts.pop(next(iter(_texts)), None)
    _texts[book.mark] = {key: _said_of_fact(book, key, history) for key, history in book.facts.items()}
    return _texts[book.mark]


def _said_of_fact(book: FactBook, key: str, history: Iterable[Fact]) -> str:
    said = [key, *(book.label(key, language) for language in LANGUAGES)]
    for fact in history:
        said += [fact.citation, fact.note, *(show(fact, language) for language in LANGUAGES)]
    return fold(" ".join(said))


def _said_of_term(term: Term) -> str:
    return fold(" ".join((term.id, term.term, term.term_en, term.definition, term.definition_en)))


def _said_of_law(law: Law) -> str:
    return fold(" ".join((law.id, law.short, law.name("en"), law.title, law.title_en, law.note, law.note_en)))


def _fits(said: str, word: str) -> bool:
    return all(_holds(said, part) for part in _parts(word))


def _parts(word: str) -> list[str]:
    """Return what is looked for: words, and numbers with the noun they count ("15 hari")."""
    asked = fold(word)
    for spoken, written in _SPOKEN:
        asked = spoken.sub(written, asked)
    return [part for found in _PART.findall(asked) if (part := found.strip(_EDGES))]


def _holds(said: str, part: str) -> bool:
    """Return whether ``part`` occurs; a number is no piece of another one: 15 is not in 2015."""
    if not part[0].isdigit():
        return part in said
    return re.search(rf"(?<!\d)(?<!\d[.,]){re.escape(part)}(?!\d|[.,]\d)", said) is not None
