"""What an author can put into a text by its mark: numbers of the law at a day, and articles. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from courses.facts.book import FactBook
from courses.facts.fact import Fact
from courses.facts.finding import find_facts, find_laws
from courses.facts.formatting import show
from courses.facts.law import LAW_ID, parse_reference
from lms.core.text import fold

MAX_FACTS = 12
MAX_ARTICLES = 10
_CITED = re.compile(
    r"\b(?P<kind>UU|PP|Perpres|Permenaker) (?P<number>\d+)/(?P<year>\d{4}) Ps (?P<article>\d+[A-Z]?)"
    r"(?: ayat \((?P<paragraph>\d+)\))?(?: huruf (?P<letter>[a-z]))?"
)
_ASKED = re.compile(r"\b(uu|pp|perpres|permenaker)\s*(?:no\.?\s*|nomor\s+)?(\d+)\s*(?:/|tahun)\s*(\d{4})\b")
_PART = re.compile(r"\bpasal\s+(\d+[a-z]?)\b(?:\s+ayat\s+\(?(\d+)\)?)?(?:\s+huruf\s+([a-z])\b)?")


@dataclass(frozen=True)
class FactPick:
    """A number: its mark, what it is called, and what it is on the day asked for (None: not in force)."""

    mark: str
    key: str
    label: str
    value: str
    fact: Fact | None


@dataclass(frozen=True)
class ArticlePick:
    """An article, a law where no article is known: its mark, how people read it, and of what it speaks."""

    mark: str
    ref: str
    label: str
    about: str


def pick_facts(book: FactBook, word: str, *, as_of: date, language: str) -> list[FactPick]:
    """Return the numbers every word fits, those in force first."""
    groups = find_facts(book, word, day=as_of, language=language) if _says(word) else []
    found = [
        FactPick(
            f"{{fakta:{row.key}}}",
            row.key,
            row.label,
            show(row.fact, language) if row.fact else "",
            row.fact,
        )
        for group in groups
        for row in group.rows
    ]
    return sorted(found, key=lambda pick: pick.fact is None)[:MAX_FACTS]


def pick_articles(book: FactBook, word: str, *, as_of: date, language: str) -> list[ArticlePick]:
    """Return the article asked for by its number, those that numbers which fit rest on, and laws."""
    if not _says(word):
        return []
    found = {pick.ref: pick for pick in islice(_articles(book, word, as_of, language), MAX_ARTICLES)}
    return list(found.values())


def _says(word: str) -> bool:
    return any(character.isalnum() for character in word)


def _articles(book: FactBook, word: str, as_of: date, language: str) -> Iterator[ArticlePick]:
    seen = set()
    for ref, about in _refs(book, word, as_of, language):
        if ref not in seen and _is_known(book, ref):
            seen.add(ref)
            yield ArticlePick(f"{{pasal:{ref}}}", ref, book.citation(ref, language).label, about)


def _refs(book: FactBook, word: str, as_of: date, language: str) -> Iterator[tuple[str, str]]:
    asked = fold(word)
    law, part = _ASKED.search(asked), _PART.search(asked)
    if law:
        name = "-".join(law.groups())
        yield "/".join([name, *_numbers(part)]) if part else name, _title(book, name, language)
    for group in find_facts(book, _PART.sub("", asked), day=as_of, language=language):
        for row in group.rows:
            for match in _CITED.finditer(row.fact.citation if row.fact else ""):
                yield _ref(match), row.label
    for found in find_laws(book, word):
        yield found.id, _title(book, found.id, language)


def _numbers(part: re.Match[str]) -> list[str]:
    article, *rest = part.groups()
    return [article.upper(), *(number for number in rest if number)]


def _ref(match: re.Match[str]) -> str:
    name = f"{match['kind'].lower()}-{match['number']}-{match['year']}"
    return "/".join([name, *(part for part in match.group("article", "paragraph", "letter") if part)])


def _title(book: FactBook, law_id: str, language: str) -> str:
    law = book.laws.get(law_id) if LAW_ID.fullmatch(law_id) else None
    return "" if law is None else law.title_en if language == "en" else law.title


def _is_known(book: FactBook, ref: str) -> bool:
    reference = parse_reference(ref)
    return reference is not None and reference.law_id in book.laws
