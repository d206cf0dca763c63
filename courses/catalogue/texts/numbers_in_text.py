"""Numbers of the law typed as text: rule 8 of the house, by machine.

Outside a story no number is typed: it is a fact by key, a wrong value marked `{keliru:…|…}`, or stands in a
list of plain numbers with the reason. In a story (a box `::: contoh`, a scenario, the stem of a question and
what speaks of it) wages and counts are typed, but no value that facts hold and wages rarely have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml
from flask_babel import gettext as _

from courses.catalogue.texts.passages import Kind as PassageKind
from courses.catalogue.texts.passages import Passage
from courses.facts.book import FactBook
from courses.facts.documents import Fault, SourceList, SourceMap
from courses.facts.units import Kind

NUMBERS_FILE = "periksa/angka.yaml"
"""The list of a course: file (or "*"), text, reason."""

LUMP_SUM = 20_000_000
"""Rupiah from which on an amount is hardly anybody's wage."""
ROUND = 50_000
"""Wages and prices of stories are multiples of it, benefits and fees rarely."""

_ONES = ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
_WORDS = {
    **{word: number for number, word in enumerate(_ONES, 1)},
    **{f"{word} belas": 10 + number for number, word in enumerate(_ONES, 1)},
    **{f"{word} puluh": 10 * number for number, word in enumerate(_ONES, 1)},
    "sepuluh": 10, "sebelas": 11, "seratus": 100, "seribu": 1000,
}  # fmt: skip
_SCALES = {"ribu": 1000, "juta": 1_000_000, "miliar": 1_000_000_000}
_UNITS = r"hari kerja|hari kalender|hari|bulan upah|bulan|tahun|jam|minggu|persen|kali upah|rupiah"
_DIGITS = re.compile(
    rf"(?:(?P<rp>\bRp\s?)|(?<![\w.,/]))(?P<digits>\d{{1,3}}(?:\.\d{{3}})+|\d+)(?:,(?P<decimals>\d+))?"
    rf"(?:\s(?P<scale>ribu|juta|miliar))?(?:\s?(?P<percent>%)|\s(?P<unit>{_UNITS})\b)?"
)
_SPELLED = re.compile(
    r"\b(?P<words>(?:{0})(?: (?:{0}))*)(?:\s(?P<scale>ribu|juta|miliar))?\s(?P<unit>{1})\b".format(
        "|".join(sorted(_WORDS, key=len, reverse=True)), _UNITS
    ),
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Number:
    """A number as typed; `unit` is rupiah, persen, a noun, or empty."""

    start: int
    end: int
    text: str
    value: Decimal
    unit: str


@dataclass(frozen=True)
class Plain:
    """An entry of the list of a course."""

    file: str
    text: str
    line: int


def check_numbers(passages: Iterable[Passage], plain: Iterable[Plain], book: FactBook) -> list[Fault]:
    """Return the typed numbers nobody gave a reason for, and the reasons nobody needs."""
    values, entries, used = law_values(book), list(plain), set[Plain]()
    faults = []
    for passage in passages:
        for number in _suspects(passage, values):
            entry = _entry(passage, number, entries)
            if entry is not None:
                used.add(entry)
            else:
                faults.append(_fault(passage, number, values))
    idle = [
        Fault(NUMBERS_FILE, entry.line, str(_("“%(text)s” is not needed: take it away.", text=entry.text)))
        for entry in entries
        if entry not in used
    ]
    return faults + idle


def find_numbers(text: str) -> list[Number]:
    """Return the numbers of a text in figures, and those in words that measure something."""
    found = [_in_figures(match) for match in _DIGITS.finditer(text)]
    return found + [_in_words(match) for match in _SPELLED.finditer(text)]


def read_plain_numbers(document: object, faults: list[Fault]) -> list[Plain]:
    """Return the entries of a course's list; what is wrong with it is added to ``faults``."""
    if not isinstance(document, SourceList):
        faults.append(Fault(NUMBERS_FILE, 1, str(_("This must be a list."))))
        return []
    return [entry for source in document if (entry := _plain(source, faults)) is not None]


def _plain(source: object, faults: list[Fault]) -> Plain | None:
    if not isinstance(source, SourceMap):
        faults.append(Fault(NUMBERS_FILE, 1, str(_("An entry of this list must have fields."))))
        return None
    if set(source) != {"file", "text", "reason"} or not all(
        isinstance(value, str) and value.strip() for value in source.values()
    ):
        message = _("An entry has file (or “*”), text and reason, each in words.")
        faults.append(Fault(NUMBERS_FILE, source.line, str(message)))
        return None
    return Plain(source["file"], source["text"], source.line)


def _suspects(passage: Passage, values: dict[tuple[str, Decimal], str]) -> Iterator[Number]:
    covered = [match.span() for pattern in _plain_patterns() for match in pattern.finditer(passage.text)]
    case = {(number.value, number.unit) for number in find_numbers(passage.case)}
    for number in find_numbers(passage.text):
        if any(start <= number.start < end for start, end in covered):
            continue
        is_of_case = passage.kind is not PassageKind.STEM and (
            (number.value, number.unit) in case or not number.unit
        )
        if passage.case and is_of_case:
            continue
        if not passage.is_story or ((number.unit, number.value) in values and is_telling(number)):
            yield number


def is_telling(number: Number) -> bool:
    """Return whether a value is hardly that of a law by chance: wages are round, months and days small."""
    if number.unit == "rupiah":
        return number.value >= LUMP_SUM or bool(number.value % ROUND)
    return number.unit == "persen"


def _entry(passage: Passage, number: Number, entries: Iterable[Plain]) -> Plain | None:
    flat = passage.text.replace("\n", " ")
    for entry in entries:
        if entry.file not in {"*", passage.file}:
            continue
        for match in re.finditer(re.escape(entry.text), flat):
            if match.start() <= number.start and number.end <= match.end():
                return entry
    return None


def _fault(passage: Passage, number: Number, values: dict[tuple[str, Decimal], str]) -> Fault:
    key = values.get((number.unit, number.value))
    if key:
        message = _(
            "“%(number)s” is typed, but the law has this value, as %(key)s: write {fakta:…}, or "
            "{keliru:…|why} for a wrong one, or give the reason in %(file)s.",
            number=number.text,
            key=key,
            file=NUMBERS_FILE,
        )
    else:
        message = _(
            "“%(number)s” is typed: write {fakta:…}, put a story into “::: contoh”, or give the reason in "
            "%(file)s.",
            number=number.text,
            file=NUMBERS_FILE,
        )
    return Fault(passage.file, passage.line_at(number.start), str(message))


def _in_figures(match: re.Match[str]) -> Number:
    value = Decimal(match["digits"].replace(".", "") + "." + (match["decimals"] or "0"))
    unit = "rupiah" if match["rp"] else "persen" if match["percent"] else _unit(match["unit"])
    value *= _SCALES.get(match["scale"] or "", 1)
    return Number(match.start(), match.end(), match.group().strip(), value.normalize(), unit)


def _in_words(match: re.Match[str]) -> Number:
    total, rest = 0, match["words"].casefold()
    while rest:
        word = next(word for word in sorted(_WORDS, key=len, reverse=True) if rest.startswith(word))
        total, rest = total + _WORDS[word], rest[len(word) :].lstrip()
    value = Decimal(total * _SCALES.get((match["scale"] or "").casefold(), 1))
    return Number(match.start(), match.end(), match.group(), value.normalize(), _unit(match["unit"]))


def _unit(noun: str | None) -> str:
    return " ".join((noun or "").casefold().split())


def law_values(book: FactBook) -> dict[tuple[str, Decimal], str]:
    """Return by unit and value the key of the facts that have or had it."""
    found: dict[tuple[str, Decimal], str] = {}
    for fact in (fact for history in book.facts.values() for fact in history):
        if not isinstance(fact.value, Decimal):
            continue
        kind = fact.measure.kind
        unit = {Kind.RUPIAH: "rupiah", Kind.FRACTION: "persen"}.get(kind, fact.measure.noun_id)
        value = fact.value * 100 if kind is Kind.FRACTION else fact.value
        found.setdefault((unit, value.normalize()), fact.key)
    return found


@cache
def _plain_patterns() -> list[re.Pattern[str]]:
    text = (Path(__file__).parents[1] / "data" / "plain_numbers.yaml").read_text(encoding="utf-8")
    return [re.compile(entry["pattern"]) for entry in yaml.safe_load(text)]
