"""An abbreviation trainees do not know, not opened before they answer."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l

from quizzes.bank.advice.base import Rule, options
from quizzes.bank.advice.item import Item

_KNOWN = """
    BPJS KTP KK NIK HP RT RW PT PHK SDM UU PP JKK JKM JHT JP JKP RI SD SMP SMA SMK TV ATM SMS CV NU WIB
    WITA WIT PIN QR WA SIM STNK PLN PNS ASN TNI PKK PAUD TK KUA LPG UMKM RSUD DPR AC
"""
KNOWN = frozenset(_KNOWN.split())
"""What every trainee knows."""
_SHORT = re.compile(
    r"\b(?=\w*[A-Z]\w*[A-Z])[A-Z][A-Za-z0-9]{1,9}\b|\b(?!A4\b|[SD][1-4]\b|Rp)[A-Z]{1,3}-?\d{1,2}[a-z]?\b"
)
"""Capitals, and the codes of forms: *F1a*. A sheet of *A4* and a degree (*S1*) are known."""
_ROMAN = re.compile(r"^[IVXLC]+$")
_ACRONYM = re.compile(
    r"\b(?:Kejari|Kejati|Kejagung|Disnaker\w*|Kemnaker|Kemenaker|Menaker|Permenaker|Permen|Kemensos"
    r"|Kemenkeu|Wasnaker|Faskes|faskes|[Jj]amsos|Perdirbpjs|Perpres|Pergub|Perbup|Datun|Kasidatun|Apindo|Dirjen"
    r"|(?<!SD )Inpres|Kepmen\w*"
    r"|Bappeda|Kemendagri|Kacab|Kabid|Kasi|Korwil|Disdukcapil|Dukcapil|Jampidsus|Kajari|Kajati|Kasipidsus|Pidsus"
    r"|[Kk]etenker|[Nn]aker|[Ss]atker|[Jj]uknis|[Jj]uklak)\b"
)
TOO_SHORT = 2
"""Letters that any two words may begin with."""
_CAPITALS = "TIDAK BUKAN SALAH KECUALI BELUM KELIRU SELAIN BENAR PALING TEPAT DAN ATAU HARUS WAJIB YANG"
_EMPHASISED = frozenset(_CAPITALS.split())
_ASKED = re.compile(r"\b(?:kepanjangan|singkatan|akronim)", re.IGNORECASE)


def has_unknown(item: Item) -> bool:
    """Return whether a short word nobody explains stands in what is read before the answer."""
    text = " \n ".join(item.shown).replace("*", "")
    if _ASKED.search(item.stem):
        return False
    found = {*_SHORT.findall(text), *_ACRONYM.findall(text)} - KNOWN - _EMPHASISED
    return any(not _is_opened(word, text) for word in found if not _ROMAN.match(word))


def _is_opened(word: str, text: str) -> bool:
    is_opened = re.search(
        rf"\({word}\)|\b{word} ?(?:\(|,? (?:atau|yaitu|ialah|singkatan|kependekan)\b)|\bdisingkat {word}\b",
        text,
    )
    return bool(is_opened) or (len(word) > TOO_SHORT and word.casefold() in _initials(text))


def _initials(text: str) -> str:
    """Return the first letters of the words of a text, but for short forms themselves."""
    return "".join(
        " " if _SHORT.fullmatch(word) else word[0].casefold()
        for word in re.findall(r"[^\W\d_]+|[.;:?!\n]", text)
    )


RULE = Rule(
    key="unknown_abbreviation",
    says=_l("An abbreviation is not opened: not everybody in the hall knows it."),
    reason=_l("Who does not know the short form cannot show what they know. Write it out once."),
    bad="Apa tugas DJSN?",
    good="Apa tugas Dewan Jaminan Sosial Nasional (DJSN)?",
    is_broken_by=has_unknown,
    broken_by=(
        {"stem": "Apa tugas DJSN?"},
        options("DJSN", "Bupati", "Camat"),
        {"stem": "Siapa yang mengisi formulir F1a?"},
        {"stem": "Apa yang disampaikan Kajari kepada pemilik hotel?"},
        {"type": "true_false", "stem": "Pekerja BPU mendaftar lewat kanal resmi.", "answer": True},
    ),
    kept_by=(
        {"stem": "Apa tugas Dewan Jaminan Sosial Nasional (DJSN)?"},
        {"stem": "Siapa yang didatangi pusat layanan kecelakaan kerja atau PLKK?"},
        {"stem": "Apa isi KTP dan KK menurut Pasal II?"},
        {"stem": "Bu Lis, guru PNS di SD Inpres, mencetak fotokopi A4. Apa yang ia bawa?"},
        {"stem": "Pekerja bukan penerima upah (BPU) mendaftar di mana?"},
        options("SIM dan STNK", "KTP dan KK", "Kuitansi PLN"),
        {"stem": "Mana yang BUKAN tugas BPJS?"},
        {"stem": "Apa kepanjangan DJSN?"},
    ),
)
