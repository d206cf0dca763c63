"""Answers that could be right together because one contains the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from flask_babel import lazy_gettext as _l

from courses.catalogue.texts.passages import VALUE
from lms.core.text import fold
from quizzes.bank.advice.all_or_none import speaks_of_others
from quizzes.bank.advice.base import Rule, options
from quizzes.bank.advice.item import Item, Option
from quizzes.bank.advice.meanings import gist_of, is_kind_of
from quizzes.bank.advice.words import words_of

_TURNED = frozenset(
    {"tidak", "bukan", "belum", "tanpa", "kecuali", "selain", "mantan", "calon", "bekas", "kurang"}
)
_JOINING = frozenset(
    {"dan", "atau", "yang", "itu", "ini", "di", "ke", "saja", "para", "oleh", "paling", "termasuk"}
)
_BOUND = re.compile(
    r"^(?:paling (?:lambat|lama|banyak|sedikit|singkat|cepat|kurang|tinggi|rendah)|lebih dari|kurang dari"
    r"|sebelum|sesudah|sampai|hingga|dalam (?:waktu )?(?=\d)|minimal|maksimal|sekurang-kurangnya"
    r"|selambat-lambatnya|setelah|di (?:atas|bawah)(?=\D{0,12}(?:\d|\ue001)))\b",
    re.IGNORECASE,
)
_UPPER = re.compile(
    r"paling (?:lambat|lama|banyak|tinggi)|dalam|kurang dari|sebelum|sampai|hingga|maksimal|selambat"
    r"|di bawah",
    re.I,
)
_NUMBER = re.compile(r"\d[\d.]*(?:,\d+)?")
_BETWEEN = re.compile(
    r"(\d[\d.]*(?:,\d+)?)(?:\s?%| \w+)?\s*(?:–|—|-|sampai(?: dengan)?|s\.d\.|hingga|dan|to)\s*(?:Rp\s?)?"
    r"(\d[\d.]*(?:,\d+)?)",
    re.IGNORECASE,
)
_SCALE = {"ribu": 1_000, "juta": 1_000_000, "miliar": 1_000_000_000}
_SCALED = re.compile(
    r"(?:(\d+(?:,\d+)?)\s?([–-])\s?(?:Rp\s?)?)?(?<![\d.,])(\d+(?:,\d+)?) (ribu|juta|miliar)\b", re.IGNORECASE
)
_TWO_COUNTS = re.compile(r"\d\D*(?:[,;]|\bdan|\buntuk|\bbagi|\bkepada)\s\D*\d", re.IGNORECASE)
"""Two numbers of different things: *10 tahun, untuk 3 anak*."""
_OPEN = re.compile(r"kurang dari|lebih dari|di atas|di bawah|sebelum|sesudah|setelah", re.IGNORECASE)
_A_LITTLE = 1e-6
"""By how much a limit is moved that is not itself meant."""
_KIND_OF_DAY = re.compile(r"\b(?:kerja|kalender)\b|\brp\b|\bpersen\b", re.IGNORECASE)
_BETWEEN_UNITS = re.compile(
    r"^(?:antara )?(\d{1,3})\s*(?:–|-|sampai(?: dengan)?|hingga|dan)\s*(\d{1,3}) (minggu|pekan|bulan|tahun)$",
    re.IGNORECASE,
)
_LIMIT = re.compile(r"kurang dari|lebih dari|di atas|di bawah", re.IGNORECASE)
_ONES = ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
_NUMBER_WORDS = {
    **{f"{word} belas": 10 + number for number, word in enumerate(_ONES, 1)},
    **{f"{word} puluh": 10 * number for number, word in enumerate(_ONES, 1)},
    **{word: number for number, word in enumerate(_ONES, 1)},
    "sepuluh": 10, "sebelas": 11, "seratus": 100,
    "sehari": 1, "seminggu": 7, "sepekan": 7, "sebulan": 30, "setahun": 360,
}  # fmt: skip
_SPAN = {"sehari": " hari", "seminggu": " hari", "sepekan": " hari", "sebulan": " hari", "setahun": " hari"}
_DAYS = {"minggu": 7, "pekan": 7, "bulan": 30, "tahun": 360}
_LIST = re.compile(r"^(?!.*\batau\b).*\b(?:dan|serta|lalu|kemudian|sambil)\b", re.IGNORECASE)


def has_overlap(item: Item) -> bool:
    """Return whether two answers of one choice overlap."""
    return any(_overlap(item, group) for group in item.choices)


def say_the_same(first: str, second: str) -> bool:
    """Return whether two answers read the same but for capitals and blanks, or mean the same."""
    return fold(first) == fold(second) or gist_of(first) == gist_of(second) != ()


def _overlap(item: Item, group: Sequence[Option]) -> bool:
    group = [option for option in group if option.text and not speaks_of_others(option.text)]
    lists = item.kind == "multiple_response"
    if any(_meet(first, second, lists=lists) for first, second in combinations(group, 2)):
        return True
    is_in_numbers = all(_range(_in_days(option.spoken)) for option in group)
    return not lists and not is_in_numbers and _are_loose_bounds([_in_days(option.text) for option in group])


def _meet(first: Option, second: Option, *, lists: bool) -> bool:
    if say_the_same(first.written, second.written):
        return True
    one, other = _in_days(first.spoken), _in_days(second.spoken)
    ranges = _range(one), _range(other)
    if ranges[0] and ranges[1]:
        return _share(ranges[0], ranges[1], one, other)
    if not lists and (_LIST.search(first.text) or _LIST.search(second.text)):
        # "a dan b" and "a lalu b" are other answers than what has the words of "a" only
        return _is_one_of(first.text, second.text) or _is_one_of(second.text, first.text)
    return _contains(first.written, second.written) or _contains(second.written, first.written)


def _is_one_of(text: str, listed: str) -> bool:
    """Return whether an answer is word for word one of those another lists: *istri*, *istri dan anak*."""
    *some, last = re.split(r",? (?:dan|serta) |, ", fold(listed))
    is_list = bool(some) and bool(re.search(r" (?:dan|serta) [^,]*$", fold(listed)))
    return is_list and fold(text) in {*some, last}


def _contains(longer: str, shorter: str) -> bool:
    many, few = _content(longer), _content(shorter)
    turned = (set(words_of(longer)) ^ set(words_of(shorter))) & _TURNED
    return not turned and ((bool(few) and few < many) or is_kind_of(shorter, longer))


def _content(text: str) -> frozenset[str]:
    marks = re.findall(r"\{[^}]*\}", text)
    words = words_of(re.sub(r"\{[^}]*\}", " ", text))
    numbers = _NUMBER.findall(re.sub(r"\{[^}]*\}", " ", text))
    return frozenset([*marks, *numbers, *(word for word in words if word not in _JOINING)])


def _in_days(text: str) -> str:
    """Return a text with number words as figures and spans of time in days."""
    words = re.compile(rf"\b(?:{'|'.join(_NUMBER_WORDS)})\b", re.IGNORECASE)
    text = words.sub(
        lambda found: f"{_NUMBER_WORDS[found[0].casefold()]}{_SPAN.get(found[0].casefold(), '')}", text
    )
    between = _BETWEEN_UNITS.search(text)
    if between:
        low, high = (int(part) * _DAYS[between[3].casefold()] for part in between.groups()[:2])
        return f"{low} sampai {high} hari"
    text = _SCALED.sub(_scaled, text)
    if _BETWEEN.search(text):
        return text  # both ends have one unit
    return re.sub(
        r"\b(\d{1,3}) (minggu|pekan|bulan|tahun)\b(?! upah| berikut| depan)",
        lambda found: f"{int(found[1]) * _DAYS[found[2].casefold()]} hari",
        text,
    )


def _scaled(match: re.Match[str]) -> str:
    """Return an amount or two, *2–3 juta*, in full figures."""
    scale = _SCALE[match[4].casefold()]
    low, high = (f"{float(part.replace(',', '.')) * scale:.0f}" if part else "" for part in match.group(1, 3))
    return f"{low}{match[2] or ''}{high}"


def _value(figures: str) -> float:
    return float(figures.replace(".", "").replace(",", ".").strip(".") or 0)


def _range(text: str) -> tuple[float, float] | None:
    match = _BETWEEN.search(text)
    if match:
        low, high = map(_value, match.groups())
        return (low, high) if low < high else None
    number = _NUMBER.search(text)
    if number is None or VALUE in text or _TWO_COUNTS.search(text):
        return None
    value = _value(number.group())
    bound = _BOUND.match(text)
    if bound is None:
        return (value, value)
    moved = _A_LITTLE if _OPEN.match(text) else 0
    return (float("-inf"), value - moved) if _UPPER.match(text) else (value + moved, float("inf"))


def _share(first: tuple[float, float], second: tuple[float, float], one: str, other: str) -> bool:
    is_between = bool(_BETWEEN.search(one)) or bool(_BETWEEN.search(other))
    is_bound = bool(_BOUND.match(one) and _BOUND.match(other))
    if not is_between and _unit(one, is_bound) != _unit(other, is_bound):
        return False
    is_same_limit = bool(_LIMIT.match(one) and _LIMIT.match(other))
    is_point = first[0] == first[1] and second[0] == second[1]
    is_same_wording = not is_same_limit and not is_point and _plan(one) == _plan(other) and not is_between
    return not is_same_wording and min(first[1], second[1]) >= max(first[0], second[0])


def _plan(text: str) -> str:
    """Return a text without its number and without the kind of its days."""
    return " ".join(_NUMBER.sub("#", _KIND_OF_DAY.sub("", fold(text))).split())


def _unit(text: str, is_bound: bool) -> str:
    """Return what is counted; limits in days and in working days compare, such days do not."""
    text = _NUMBER.sub("", _BOUND.sub("", text)).replace("%", " persen")
    return " ".join(words_of(_KIND_OF_DAY.sub("", text) if is_bound else text.replace("persen", "")))


def _are_loose_bounds(texts: Sequence[str]) -> bool:
    """Return whether some answers are limits in different words: who meets one may meet another."""
    bounds = [bound.group().casefold() for text in texts if (bound := _BOUND.match(text))]
    limits = [bound for bound in bounds if bound not in {"sesudah", "sebelum"}]
    return (
        len(limits) > 1
        and len(set(bounds)) > 1
        and len(bounds) <= len(texts)
        and len(set(limits)) < len(texts)
    )


RULE = Rule(
    key="overlapping_options",
    says=_l("Two answers say the same or overlap: both could be right."),
    reason=_l("Ranges and meanings that include one another leave two right answers, or give both away."),
    bad="1–5 tahun / 5–10 tahun",
    good="1–5 tahun / 6–10 tahun",
    is_broken_by=has_overlap,
    broken_by=(
        options("1–5 tahun", "5–10 tahun", "11–15 tahun"),
        options("JKK", " jkk ", "JHT"),
        options(
            "Sesudah korban sembuh", "Sesudah korban dinyatakan sembuh atau meninggal", "Sesudah dilaporkan"
        ),
        options("Majikannya", "Pemberi kerja", "Camat"),
        options("Setiap bulan", "Sebulan sekali", "Sekali setahun"),
        options("Dokter", "Tenaga kesehatan", "Camat"),
        options("Uang tunai", "Uang tunai dan pelatihan", "Pinjaman"),
        options("Paling lama 3 hari", "Dalam seminggu", "Dalam sebulan"),
        options("Paling lama 3 hari kerja", "Dalam waktu dua minggu", "Dalam waktu setahun"),
        options("Rp1.000.000–Rp2.000.000", "Rp2.000.000–Rp3.000.000", "Rp3.000.000–Rp4.000.000"),
        options("Rp2 juta sampai Rp3 juta", "Rp4 juta", "Di atas Rp3,5 juta"),
        options("Di atas 1%", "2%", "Di bawah 1%"),
        options("1% sampai 3%", "2%", "4%"),
        options("Lebih dari 10 orang", "Lebih dari 20 orang", "Kurang dari 5 orang"),
        {"type": "multiple_response", **options("Dokumen identitas", "KTP", "Ijazah")},
        options("Kepada ahli waris", "Kepada istri", "Kepada camat"),
        options("Setiap bulan", "Tiap bulan sekali", "Setahun sekali"),
        options("Kantor BPJS", "Kantor cabang", "Balai desa"),
        options("Tidak boleh diambil", "Dilarang diambil", "Boleh diambil"),
        {"type": "multiple_response", **options("Tunjangan tetap", "Tunjangan", "Lembur")},
    ),
    kept_by=(
        options("1–5 tahun", "6–10 tahun", "11–15 tahun"),
        options("2 tahun, untuk 3 anak", "2 tahun, untuk 5 anak", "4 tahun, untuk 3 anak"),
        options("Kurang dari 5 tahun", "5 sampai 10 tahun", "Lebih dari 10 tahun"),
        options("Menolak", "Menolak lalu melapor", "Menerima"),
        options("Rp1.000.000–Rp1.999.999", "Rp2.000.000–Rp2.999.999", "Rp3.000.000–Rp3.999.999"),
        options("1–2 juta rupiah", "3–4 juta rupiah", "5–6 juta rupiah"),
        options("Di bawah 20 tahun", "20–40 tahun", "Di atas 40 tahun"),
        options("7 hari kerja", "7 hari kalender", "14 hari kerja"),
        options("Sebelum pukul 10.00", "Antara pukul 10.00 dan 12.00", "Sesudah pukul 12.00"),
        options("Di atas atap gudang", "Di dalam truk", "Di bawah jembatan"),
        options("investasikan", "investasi", "menginvestasi"),
        options("Paling lama 3 hari", "Paling lama 7 hari", "Paling lama 14 hari"),
        options("Pekerja penerima upah", "Pekerja bukan penerima upah", "Pensiunan"),
    ),
)
