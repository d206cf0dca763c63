"""A stem that fits the key alone: by its grammar, or because a telling word of it comes back there only."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from quizzes.bank.advice.all_or_none import speaks_of_others
from quizzes.bank.advice.base import Rule, options
from quizzes.bank.advice.fitting import alone_fits
from quizzes.bank.advice.item import Item, Option, rows
from quizzes.bank.advice.two_ideas import has_two_ideas
from quizzes.bank.advice.words import root, telling, words_of

_PLURAL = re.compile(r"^para\b|^(\w{3,})-\1|^beberapa\b", re.IGNORECASE)
_ONE = re.compile(r"\b(?:seorang|sebuah|seekor|selembar|suatu)\s*(?:…|\.\.\.*)?\W*$", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"^(?:\w+(?:kah)? )?(?:nama|sebutan|istilah|bentuk|wujud|isi|jenis|macam)nya\b(?: \w+)?\W*$"
    r"|^(?:siapa|apa)kah? (?:mereka|dia|ia|itu)\W*$",
    re.IGNORECASE,
)
_THEY = re.compile(r"\bmereka\b(?: (?:itu|ini))?\W*$|^siapa(?:kah)? (?:saja )?para\b", re.IGNORECASE)
_REASONED = re.compile(
    r"\W*(?:mengapa|kenapa|apa (?:sebab|alasan)|apakah(?! (?:yang|nama|arti|isi|tugas|tujuan|sebutan)\b)"
    r"|(?!(?:siapa|mana|berapa|kapan|bagaimana|apa)kah)\w+kah\b)",
    re.IGNORECASE,
)
"""How a question begins whose answer has to take up its words."""
_UNIT = re.compile(
    r"\bberapa (?:lama )?(hari|bulan|tahun|minggu|jam|rupiah|persen|orang|kali)\b", re.IGNORECASE
)
_COUNTED = re.compile(
    r"\b(dua|tiga|empat) (?!orang|hari|bulan|tahun|kali|jam|minggu|juta|ribu|puluh|belas)\w+"
)
_COUNTS = {"dua": 2, "tiga": 3, "empat": 4}
_SEVERAL = re.compile(r"\b(?:apa|siapa|mana) saja\b", re.IGNORECASE)
_JOINED = re.compile(r"\s*,\s*(?:dan|serta)?\s*|\s+(?:dan|serta)\s+")
MANY = 2
"""Words that, coming back together in the key alone, tell even where each is common."""
_NAME_ASKED = re.compile(
    r"\b(?:apa(?:kah)? (?:nama|sebutan|istilah)|disebut apa)\b|\b(?:disebut|bernama)\W*$", re.IGNORECASE
)
_WHY = re.compile(r",? (?:karena|sebab|supaya|agar) .*")
"""The reason of an answer, which may take up what was asked."""
SHORTEST = 4
"""Letters of a word that counts as copied."""
_COMMON = """
    bpjs ketenagakerjaan jkk jkm jht jp jkp peserta pekerja kerja bekerja iuran kematian pensiun terima hari
    bulan tahun kantor surat hukum pelatihan setor benar salah tepat besar nama tempat pertama sama angka
    tulis kejadian tanya kader warga petugas pabrik toko orang
"""
_SUBJECT = frozenset(map(root, _COMMON.split()))
"""Roots that come back in good questions too: units, programmes, and what all of them are about."""


def has_clue(item: Item) -> bool:
    """Return whether the words of the stem lead to the key."""
    if item.kind == "short_answer":
        return _is_copied(item)
    if item.kind == "single_choice" and any(_alone_fits(item.asked, group) for group in item.choices):
        return True
    if has_two_ideas(item):
        return False
    if _REASONED.match(item.asked):
        return False
    if item.kind == "multiple_response":
        return any(_all_repeat(item, group) for group in item.choices)
    return item.kind == "single_choice" and any(_leads(item, group) for group in item.choices)


def _alone_fits(asked: str, group: Sequence[Option]) -> bool:
    right = [place for place, option in enumerate(group) if option.is_right]
    return len(right) == 1 and alone_fits(asked, [option.text for option in group], right[0])


def _is_copied(item: Item) -> bool:
    """Return whether a name that is asked for stands in the question itself, which offers no choice."""
    forms = [str(row.get("accept") or "").replace("*", " ").split() for row in rows(item.source, "answers")]
    told = item.stem.casefold()
    if not _NAME_ASKED.search(item.asked) or re.search(r"\b(?:atau|antara)\b", told):
        return False
    return any(form and all(_stands_in(word.casefold(), told) for word in form) for form in forms)


def _stands_in(word: str, told: str) -> bool:
    return len(word) >= SHORTEST and bool(re.search(rf"\b{re.escape(word)}(?:nya)?\b", told))


def _leads(item: Item, group: Sequence[Option]) -> bool:
    right = [option.text for option in group if option.is_right]
    others = [option.text for option in group if not option.is_right]
    if len(right) != 1 or not others or speaks_of_others(right[0]):
        return False
    if _is_only_as_many(item.asked, right[0], others):
        return True
    unit = _UNIT.search(item.asked)
    if unit and unit[1] in _spoken(group, True) and unit[1] not in _spoken(group, False):
        return True
    if _THEY.search(item.asked) and _PLURAL.search(right[0]) and not any(map(_PLURAL.search, others)):
        return True
    is_only_one = bool(_ONE.search(item.asked)) and not _PLURAL.search(right[0])
    return (is_only_one and all(map(_PLURAL.search, others))) or _is_repeated(item, right[0], others)


def _is_only_as_many(asked: str, key: str, others: Sequence[str]) -> bool:
    """Return whether so many things are asked for, and the key alone names so many."""
    counted = _COUNTED.search(asked.casefold())
    if not counted and not _SEVERAL.search(asked):
        return False
    wanted = _COUNTS[counted[1]] if counted else 2
    names = [len(_JOINED.split(text)) for text in (key, *others)]
    return names[0] >= wanted and max(names[1:]) < 2


def _all_repeat(item: Item, group: Sequence[Option]) -> bool:
    """Return whether each of several keys takes up one telling word of what is asked, and no other answer."""
    right = [telling(option.text) for option in group if option.is_right]
    others = [telling(option.text) for option in group if not option.is_right]
    if len(right) < 2 or not others:
        return False
    shared = frozenset.intersection(*right) - frozenset[str]().union(*others)
    return bool(telling(item.asked) & shared - _SUBJECT)


def _spoken(group: Sequence[Option], is_right: bool) -> str:
    return " ".join(option.spoken for option in group if option.is_right is is_right).casefold()


def _asked_of(item: Item) -> str:
    """Return what is asked; where it only points back, *Apa namanya?*, with the sentence before it."""
    before, _asked, _after = item.told.rpartition(item.asked)
    if not _POINTS_BACK.search(item.asked) or not before.strip():
        return item.asked
    return f"{re.split(r'(?<=[.!?]) ', before.strip())[-1]} {item.asked}"


def _is_repeated(item: Item, key: str, others: Sequence[str]) -> bool:
    key = _WHY.sub("", key)
    key_words = words_of(key)
    if (
        len(telling(key)) > 1
        and not re.search(r"[\d\ue001]", key)
        and " ".join(key_words) in " ".join(words_of(item.stem))
    ):
        return True
    elsewhere = frozenset[str]().union(*map(telling, others))
    text = _asked_of(item) if item.is_story else item.stem
    shared = (telling(text) & telling(key)) - elsewhere
    return len(shared) >= MANY or bool(shared - _SUBJECT)


RULE = Rule(
    key="grammar_clue",
    says=_l("The words of the question lead to the right answer."),
    reason=_l("Who knows nothing looks for the answer that fits the sentence or repeats one of its words."),
    bad="Organ yang melakukan pengawasan ialah … Dewan Pengawas",
    good="Organ yang memeriksa pekerjaan direksi ialah … Dewan Pengawas",
    is_broken_by=has_clue,
    broken_by=(
        {
            "stem": "Organ mana yang melakukan pengawasan?",
            **options("Direksi", "Dewan Pengawas", "Kantor cabang", right=2),
        },
        {
            "stem": "Orang yang iurannya dibayar disebut seorang …",
            **options("peserta", "para pengusaha", "kantor-kantor"),
        },
        {
            "stem": "Apa dua organ BPJS?",
            **options("Kantor cabang", "Dewan Pengawas dan Direksi", "Satuan pengawas", right=2),
        },
        {
            "stem": "Siapakah yang melakukan pengawasan?",
            **options("Direksi", "Dewan Pengawas", "Kantor cabang", right=2),
        },
        {
            "stem": "Pekerja yang majikannya lalai dapat …",
            **options("pendaftaran oleh camat", "mendaftarkan diri", "kartu yang baru", right=2),
        },
        {
            "stem": "Deposito dana itu merupakan suatu …",
            **options("berinvestasi", "menginvestasikan", "investasi", right=3),
        },
        {
            "stem": "Hukuman itu paling lama …",
            **options("denda", "delapan tahun", "izin usaha", right=2),
        },
        {
            "stem": "Ke mana Bu Ani melapor?",
            **options("Dua hari kemudian", "Ke dinas tenaga kerja", "Saksi kejadian", right=2),
        },
        {
            "stem": "Atas pinjaman itu mereka menanggung bersama. Siapakah mereka?",
            **options("Juru bayar", "Para pengurus koperasi", "Notaris kota", right=2),
        },
        {
            "stem": "Supaya Bu Tin dapat mewakili adiknya, si adik memberinya kuasa. Bentuknya …",
            **options("surat jalan", "surat kuasa bermeterai", "surat tugas", right=2),
        },
        {
            "stem": "Setiap pengurus berkewajiban untuk …",
            **options("balai desa", "mencatat setoran", "pajak sepeda", right=2),
        },
        {
            "stem": "Bank penyimpan dana disebut bank kustodian. Apa nama bank itu?",
            "type": "short_answer",
            "answers": [{"accept": "*kustodian*"}],
        },
        {
            "type": "multiple_response",
            "stem": "Apa isi layanan informasi pasar kerja?",
            "options": [
                {"text": "Informasi lowongan", "correct": True},
                {"text": "Informasi jabatan", "correct": True},
                {"text": "Potongan tarif listrik"},
            ],
        },
    ),
    kept_by=(
        {
            "stem": "Di mana dana disimpan, di bank umum atau bank kustodian? Apa nama bank itu?",
            "type": "short_answer",
            "answers": [{"accept": "*kustodian*"}],
        },
        {
            "stem": "Sebuah katering terlambat menyetor. Siapa yang menanggung dendanya?",
            "type": "short_answer",
            "answers": [{"accept": "*katering*"}],
        },
        {"stem": "Iuran disetor oleh …", **options("pemberi kerja", "kepala desa", "jaksa")},
        {
            "stem": "Siapa yang membayar santunan dan kapan kartunya diserahkan?",
            **options("BPJS; sehari sesudah kartu dicetak", "Dinas; pada akhir bulan", "Bank; pada hari itu"),
        },
        {
            "stem": "Apa yang ditanyakan kepada ahli waris?",
            **options("Alamatnya, karena ahli waris perlu dikunjungi", "Umurnya", "Gajinya"),
        },
        {"stem": "Dua dokumen apa yang dibawa?", **options("KTP dan KK", "SIM dan paspor", "Ijazah")},
        {
            "stem": "Bolehkah istri menjadi peserta?",
            **options("Boleh, istri juga peserta", "Dilarang", "Nanti"),
        },
        {
            "stem": "Organ mana yang memeriksa pekerjaan direksi?",
            **options("Dewan Pengawas", "Serikat pekerja", "Kantor cabang"),
        },
    ),
)
