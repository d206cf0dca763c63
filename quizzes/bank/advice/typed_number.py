"""A number of the law that is typed, where a fact holds it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _l

from courses.catalogue.texts.numbers_in_text import LUMP_SUM, Number, find_numbers, is_telling, law_values
from courses.facts.book import load_book
from quizzes.bank.advice.base import Rule, options
from quizzes.bank.advice.item import Item, plain, rows

_STATING = frozenset({"true_false", "single_choice", "multiple_response", "cloze", "short_answer"})
"""Types whose stems state what holds; those to be reckoned state a case."""
_DAYS = re.compile(r"\b(\d+|satu|dua|tiga)\s?(?:[x×]|kali)\s?24 jam")
_DUE = re.compile(r"\btanggal (\d{1,2})\b(?! (?:Jan|Feb|Mar|Apr|Mei|Jun|Jul|Agu|Sep|Okt|Nov|Des))")
_COUNTED = re.compile(
    r"\b(\d{1,2}|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh)"
    r" (orang|anak|program|prinsip|pekerjaan|kelompok)\b",
    re.IGNORECASE,
)
_ONES = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh"]
_ONE = "(?:nol|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)"
_SPELLED_SHARE = re.compile(rf"\b({_ONE}) koma ({_ONE}(?: {_ONE})*) persen\b", re.IGNORECASE)
_LIMIT = re.compile(
    r"\b(?:paling (?:lambat|lama|singkat|sedikit|banyak|tinggi|rendah|kurang|cepat)|selambat-lambatnya"
    r"|batas\w*|sekurang-kurangnya|minimal|maksimal|dalam waktu)(?: (?!berapa)[^\W\d]+){0,2} $",
    re.IGNORECASE,
)
"""What a law says before a number, in a story too."""
_LAW = re.compile(
    r"\b(?:UU|PP|Pasal|ayat|Nomor|Tahun|angka|huruf|pada tahun|sejak tahun)\s+[\d/]+", re.IGNORECASE
)
_WHOLE = re.compile(r"(?<![\w{:.])\d+(?:[.,]\d+)?%?")


def has_typed_number(item: Item) -> bool:
    """Return whether a number of the law is typed in what is asked, in the key or in a reason."""
    case = _numbers(item.stem) if item.is_story else []
    if item.is_story and any(map(_is_law, _laid_down(item.body))):
        return item.kind != "calculated"
    if _is_typed_answer(item):
        return True
    stated = [item.body] if item.kind in _STATING and not item.is_story else []
    found = [number for text in (*_key_texts(item), *item.reasons, *stated) for number in _numbers(text)]
    if not item.is_story:
        counting = [*stated] if item.kind == "true_false" else [*_key_texts(item)]
        found += [number for text in counting for number in _counted(text)]
    found = [number for number in found if not _is_of_case(number, case)]
    found += [number for reason in item.reasons for number in _laid_down(reason)]
    return any(map(_is_law, found)) or any(_types_answer(answer) for answer in _answers(item))


def _is_of_case(number: Number, case: Sequence[Number]) -> bool:
    """Return whether the case gives a number, or amounts with which a round one is reckoned."""
    is_given = (number.value, number.unit) in {(given.value, given.unit) for given in case}
    return is_given or (any(given.unit == "rupiah" for given in case) and not is_telling(number))


def _laid_down(text: str) -> Iterator[Number]:
    """Yield the numbers no case gives by chance: shares, odd amounts, and limits."""
    text = _cited(text)
    for number in _numbers(text):
        if is_telling(number) or _LIMIT.search(text[: number.start]):
            yield number


def _counted(text: str) -> Iterator[Number]:
    """Yield how many people or things of the law a text speaks of."""
    for match in _COUNTED.finditer(text):
        word = match[1].casefold()
        yield _number(match, int(word) if word.isdigit() else _ONES.index(word), match[2].casefold())


def _is_typed_answer(item: Item) -> bool:
    """Return whether the answer of a number question is a number of the law, not a fact or a reckoning."""
    answer, unit = item.source.get("answer"), str(item.source.get("unit") or "")
    if item.kind != "number" or not isinstance(answer, int | str):
        return False
    found = [number for number in find_numbers(f"{answer} {unit}") if _is_law(number)]
    return bool(found) and (not item.is_story or any(map(_is_lump_sum, found)))


def _is_lump_sum(number: Number) -> bool:
    """Return whether an amount is one the law fixes rather than one that is reckoned in a case."""
    return number.unit == "rupiah" and number.value >= LUMP_SUM


def _key_texts(item: Item) -> Iterator[str]:
    for group in item.choices:
        yield from (option.text for option in group if option.is_right)
    for name in ("pairs", "items", "distractors"):
        for row in rows(item.source, name):
            yield from (plain(row.get(field)) for field in ("text", "match"))


def _cited(text: str) -> str:
    return _LAW.sub(" ", text)


def _in_figures(match: re.Match[str]) -> str:
    """Return a share spelled out, *tiga koma tujuh persen*, in figures of as many letters."""
    whole, part = match[1].casefold(), match[2].casefold().split()
    figures = f"{_ONES.index(whole)},{''.join(str(_ONES.index(word)) for word in part)} persen"
    return figures.rjust(len(match[0]))


def _numbers(text: str) -> list[Number]:
    text = _SPELLED_SHARE.sub(_in_figures, _cited(text))
    found = [number for number in find_numbers(text) if number.unit]
    hours = [
        Number(0, 0, match.group(), Decimal(24 * _count(match[1])), "jam") for match in _DAYS.finditer(text)
    ]
    due = [_number(match, int(match[1]), "") for match in _DUE.finditer(text)]
    return [number for number in found if number.unit != "jam" or number.value != 24] + hours + due


def _number(match: re.Match[str], value: int, unit: str) -> Number:
    return Number(match.start(), match.end(), match.group(), Decimal(value).normalize(), unit)


def _count(word: str) -> int:
    return int(word) if word.isdigit() else ["satu", "dua", "tiga"].index(word) + 1


def _is_law(number: Number) -> bool:
    values = law_values(load_book())
    units = {
        "bulan upah" if number.unit == "kali upah" else number.unit,
        *({"hari kerja", "hari kalender"} if number.unit == "hari" else ()),
    }
    return any((unit, number.value.normalize()) in values for unit in units)


def _answers(item: Item) -> Iterator[Any]:
    yield item.source.get("answer")
    yield from (gap.get("answer") for gap in rows(item.source, "gaps"))


def _types_answer(answer: Any) -> bool:
    """Return whether a share of the law stands in how the answer is reckoned."""
    if isinstance(answer, dict):
        return any(_types_answer(part) for part in answer.values())
    if isinstance(answer, list):
        return any(_types_answer(part) for part in answer)
    if not isinstance(answer, str):
        return False
    return any(_is_share(found) for found in _WHOLE.findall(answer))


def _is_share(text: str) -> bool:
    try:
        value = Decimal(text.rstrip("%").replace(",", "."))
    except InvalidOperation:
        return False
    percent = value if text.endswith("%") else value * 100
    return (text.endswith("%") or value < 1) and ("persen", percent.normalize()) in law_values(load_book())


RULE = Rule(
    key="typed_number",
    says=_l("A number of the law is typed: take it from the facts."),
    reason=_l("When the law changes, a fact changes in every question at once; a typed number stays."),
    bad="Kartu terbit paling lama 7 hari kerja.",
    good="Kartu terbit paling lama {fakta:registration.card_issue_working_days}.",
    is_broken_by=has_typed_number,
    broken_by=(
        options("7 hari kerja", "Sebulan", "Setahun"),
        {"explanation": "Laporan paling lama 2x24 jam."},
        {"stem": "Bu Ani berhenti bekerja. JKP diklaim paling lama 6 bulan sejak PHK. Apa yang ia bawa?"},
        {"type": "true_false", "stem": "Iuran JHT lima koma tujuh persen upah.", "answer": True},
        {"type": "true_false", "stem": "Beasiswa diberikan kepada paling banyak 2 anak.", "answer": True},
        {"stem": "Berapa anggota Direksi paling banyak?", **options("5 orang", "9 orang", "11 orang")},
        {
            "type": "number",
            "stem": "Berapa iuran JP?",
            "answer": {"product": ["0.01", 3500000]},
            "unit": "rupiah",
        },
    ),
    kept_by=(
        {
            "stem": "Tiap anggota menyisihkan Rp2.000 sehari selama 25 hari. Berapa tabungannya?",
            **options("Rp50.000", "Rp60.000", "Rp75.000"),
        },
        {"stem": "Bu Hartini sudah 16 tahun menjadi peserta. Apa yang ia terima?"},
        {"explanation": "Pasal 15 UU 24/2011 berlaku sejak tahun 2014."},
        options("{fakta:data_change.report_working_days}", "{keliru:3 hari kerja|kurang}", "Sebulan"),
    ),
)
