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
from quizzes.bank.advice.item import QUOTED, Item, plain, rows

_STATING = frozenset({"true_false", "single_choice", "multiple_response", "cloze", "short_answer"})
"""Types whose stems state what holds; those to be reckoned state a case."""
_DAYS = re.compile(r"\b(\d+|satu|dua|tiga)\s?(?:[x×]|kali)\s?24 jam")
_DUE = re.compile(r"\btanggal (\d{1,2})\b(?! (?:Jan|Feb|Mar|Apr|Mei|Jun|Jul|Agu|Sep|Okt|Nov|Des))")
_COUNTED = re.compile(
    r"\b(\d{1,2}|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh)"
    r" (orang|anak|program|prinsip|pekerjaan|kelompok|tingkat|golongan)\b",
    re.IGNORECASE,
)
_ALSO_CALLED = {"tingkat": "kelompok", "golongan": "kelompok"}
_ONES = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh"]
_ONE = "(?:nol|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)"
_SPELLED_SHARE = re.compile(rf"\b({_ONE}) koma ({_ONE}(?: {_ONE})*) persen\b", re.IGNORECASE)
_LIMIT = re.compile(
    r"\b(?:paling (?:lambat|lama|singkat|sedikit|banyak|tinggi|rendah|kurang|cepat)|selambat-lambatnya"
    r"|batas\w*(?: (?!berapa)[^\W\d]+){0,3}|sekurang-kurangnya|minimal|maksimal|dalam waktu"
    r"|(?:wajib|harus) [^.?!,;]*\bdalam)"
    r"(?: (?!berapa)[^\W\d]+){0,2} $",
    re.IGNORECASE,
)
"""What a law says before a number, in a story too."""
_DIVIDED = re.compile(r"\b(?:(?:ter|di)bagi (?:dalam|atas|menjadi)|terdiri (?:dari|atas)) $", re.IGNORECASE)
_PART_OF_PAY = re.compile(
    r"\b(setengah|separuh|seperempat|tiga perempat)(?:nya)?(?: dari)?"
    r" (?:upah|gaji|santunan|manfaat|pensiun|iuran)",
    re.IGNORECASE,
)
_PARTS = {"setengah": 50, "separuh": 50, "seperempat": 25, "tiga perempat": 75}
_OF_LAW = re.compile(
    r"\b(?:iur\w*|denda\w*|tarif\w*|upah\w*|gaji\w*|manfaat\w*|santunan\w*|pensiun\w*|\w*potong\w*|J[KHP][KMTP]?)\b"
    r"|\bbunga\b.*\btunggakan\b",
    re.IGNORECASE,
)
"""What shares of the law are shares of; a story has others."""
_DAYS_OF_MONTH = 25
SMALL_CHANGE = 100_000
"""Rupiah below which people save and spend round sums in stories."""
ROUND = 5_000
MANY_DAYS = 7
"""Working days from which on they are a term, and no week of work."""
_LAW = re.compile(
    r"\b(?:UU|PP|Pasal|ayat|Nomor|Tahun|angka|huruf|pada tahun|sejak tahun)\s+[\d/]+", re.IGNORECASE
)
_MARK = re.compile(r"\{fakta:([^}|@]+)")
_WHOLE = re.compile(r"(?<![\w{:.])\d+(?:[.,]\d+)?%?")


def has_typed_number(item: Item) -> bool:
    """Return whether a number of the law is typed in what is asked, in the key or in a reason."""
    case = _numbers(item.stem) if item.is_story else []
    if item.is_story and any(map(_is_law, _laid_down(QUOTED.sub("", item.body)))):
        return item.kind != "calculated"
    if _is_typed_answer(item):
        return True
    stated = [item.body] if item.kind in _STATING and not item.is_story else []
    found = [number for text in (*_key_texts(item), *item.reasons, *stated) for number in _numbers(text)]
    if not item.is_story:
        counting = [*stated] if item.kind == "true_false" else [*_key_texts(item)]
        found += [number for text in counting for number in _counted(text)]
        found += [
            number
            for text in stated
            for number in _counted(text)
            if _LIMIT.search(text[: number.start].removesuffix("untuk "))
        ]
    found = [number for number in found if not _is_of_case(number, case)]
    found += [number for reason in item.reasons for number in _laid_down(reason)]
    if any(map(_is_law, found)) or any(_types_answer(answer) for answer in _answers(item)):
        return True
    return any(_types_marked(answer, item) for answer in _answers(item))


def _is_of_case(number: Number, case: Sequence[Number]) -> bool:
    """Return whether the case gives a number, or amounts with which a round one is reckoned."""
    is_given = (number.value, number.unit) in {(given.value, given.unit) for given in case}
    return is_given or (
        any(given.unit in {"rupiah", number.unit} for given in case) and not is_telling(number)
    )


def _laid_down(text: str) -> Iterator[Number]:
    """Yield the numbers no case gives by chance: shares, odd amounts, and limits."""
    text = _cited(text)
    for number in _numbers(text):
        if _is_telling(number, text) or _LIMIT.search(text[: number.start]):
            yield number
    yield from (number for number in _counted(text) if _DIVIDED.search(text[: number.start]))


def _is_telling(number: Number, text: str) -> bool:
    """Return whether a value in this text is hardly one of the story by chance."""
    if number.unit == "hari kerja":
        return number.value >= MANY_DAYS and number.value != _DAYS_OF_MONTH
    if number.unit == "persen":
        start, end = text.rfind(". ", 0, number.start) + 1, text.find(". ", number.end)
        return bool(_OF_LAW.search(text[start : end if end > 0 else None]))
    is_small_change = number.value < SMALL_CHANGE and not number.value % ROUND
    return is_telling(number) and not (number.unit == "rupiah" and is_small_change)


def _counted(text: str) -> Iterator[Number]:
    """Yield how many people or things of the law a text speaks of."""
    for match in _COUNTED.finditer(text):
        word = match[1].casefold()
        unit = _ALSO_CALLED.get(match[2].casefold(), match[2].casefold())
        yield _number(match, int(word) if word.isdigit() else _ONES.index(word), unit)


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
    found = [number for number in find_numbers(text) if number.unit and not _is_emphasis(number, text)]
    hours = [_number(match, 24 * _count(match[1]), "jam") for match in _DAYS.finditer(text)]
    hours += [_number(match, _PARTS[match[1].casefold()], "persen") for match in _PART_OF_PAY.finditer(text)]
    due = [_number(match, int(match[1]), "") for match in _DUE.finditer(text)]
    return [number for number in found if number.unit != "jam" or number.value != 24] + hours + due


def _is_emphasis(number: Number, text: str) -> bool:
    """Return whether *one* stands for no more than one: *satu bulan saja*, *satu hari pun*."""
    return number.value == 1 and bool(re.match(r" (?:saja|pun)\b", text[number.end :]))


def _number(match: re.Match[str], value: int, unit: str) -> Number:
    return Number(match.start(), match.end(), match.group(), Decimal(value).normalize(), unit)


def _count(word: str) -> int:
    return int(word) if word.isdigit() else ["satu", "dua", "tiga"].index(word) + 1


def _is_law(number: Number) -> bool:
    values = law_values(load_book())
    units = {
        "bulan upah" if number.unit == "kali upah" else number.unit,
        *({"hari kerja", "hari kalender"} if number.unit == "hari" and number.value > 1 else ()),
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


def _types_marked(answer: Any, item: Item) -> bool:
    """Return whether a number an answer is reckoned with is that of a fact the question marks elsewhere."""
    if not isinstance(answer, dict):
        return False
    factors = {str(part) for part in answer.get("product") or () if isinstance(part, int | str)}
    marked = {fact_value(key) for key in _MARK.findall(str(item.source))}
    return any(_decimal(part) in marked - {None} for part in factors if part not in item.stem)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


def fact_value(key: str) -> Decimal | None:
    """Return the number a fact has now; none where there is no such fact, or it holds no number."""
    history = load_book().facts.get(key.partition("@")[0], ())
    value = history[-1].value if history else None
    return value if isinstance(value, Decimal) else None


def _is_share(text: str) -> bool:
    try:
        value = Decimal(text.rstrip("%").replace(",", "."))
    except InvalidOperation:
        return False
    percent = value if text.endswith("%") else value * 100
    return (text.endswith("%") or 0 < value < 1) and ("persen", percent.normalize()) in law_values(
        load_book()
    )


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
            "type": "true_false",
            "stem": "Penyakit itu dilaporkan ke Disnaker paling lama 2×24 jam.",
            "answer": True,
        },
        {"stem": "Siapa yang mendapat beasiswa paling banyak untuk dua anak?"},
        {"stem": "Risiko kerja dibagi menjadi lima golongan. Siapa yang menentukannya?"},
        {"stem": "Kuli Pak Jo jatuh. Majikannya harus melapor dalam 2×24 jam. Ke mana ia melapor?"},
        {"stem": "Batas melaporkan perubahan data itu 7 hari kerja. Siapa yang melaporkannya?"},
        {
            "type": "true_false",
            "stem": "Sesudah bulan keenam peserta menerima separuh upahnya.",
            "answer": True,
        },
        {
            "type": "number",
            "stem": "Upah buruh cuci Rp90.000 sehari. Berapa dasar iurannya sebulan?",
            "answer": {"product": ["25", 90000]},
            "explanation": "Upah sehari dikalikan {fakta:wage_base.daily_multiplier}.",
        },
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
        {"stem": "Bu Min menabung Rp20.000 tiap minggu. Berapa sebulan?", **options("Rp80.000", "Rp60.000")},
        {"stem": "Kebun kopi mempekerjakan 40 pemetik; 25% belum terdaftar. Siapa mendaftarkannya?"},
        {"stem": "Tertulis di poster Pak Ali: “Iuran Rp16.800, klaim 3 hari.” Apa yang harus dihapus?"},
        {"stem": "Pak Danu menunggak 2 bulan dari 5 bulan. Berapa sisanya?", **options("3 bulan", "4 bulan")},
        {"stem": "Bu Hartini sudah 16 tahun menjadi peserta. Apa yang ia terima?"},
        {"explanation": "Pasal 15 UU 24/2011 berlaku sejak tahun 2014."},
        {"explanation": "Upah satu bulan saja belum mewakili musim panen."},
        options("{fakta:data_change.report_working_days}", "{keliru:3 hari kerja|kurang}", "Sebulan"),
    ),
)
