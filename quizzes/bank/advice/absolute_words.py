"""Absolute words that betray which answers are wrong, or that a statement is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from quizzes.bank.advice.all_or_none import speaks_of_others
from quizzes.bank.advice.base import Rule, options
from quizzes.bank.advice.item import Item, Option

_STRONG = re.compile(
    r"\b(?:selalu|(?:tidak|tak)(?: akan)? pernah|jangan(?:lah)? pernah|pasti|mutlak|mustahil|sama sekali"
    r"|(?:tidak|tak) mungkin|niscaya|tanpa (?:pe|ter)?kecuali(?:an)?"
    r"|(?:tidak|tak) (?:satu|se)\w* (?:\w+ )?pun"
    r"|bagaimanapun|mau tidak mau|(?:tak|tidak) terbatas|seratus persen|dalam keadaan apa pun"
    r"|selama-?lamanya|selamanya|satu-satunya|senantiasa|(?:satu|sekali|sedikit) ?pun|seratus persen"
    r"|tanpa (?:syarat|batas|terkecuali)(?: apa ?pun)?)(?!\w)",
    re.IGNORECASE,
)
_ANY = r"(?:siapa|kapan|apa|mana|berapa) ?pun"
_AT_WILL = r"(?:kapan|siapa|apa|mana|berapa) saja(?! yang)"
_WEAK = re.compile(
    rf"\b(?:hanya|semua|segala|cuma|dijamin|sepenuhnya|setiap saat|sewaktu-waktu|otomatis"
    rf"|{_AT_WILL}|{_ANY})\b",
    re.IGNORECASE,
)
_CLAIMED = re.compile(rf"\b(?:hanya|sepenuhnya|setiap saat|{_ANY})\b|^(?:semua|segala)\b", re.IGNORECASE)


FEW = 2
"""Wrong answers of which one with a strong word leaves half to choose from."""


def has_telling_absolutes(item: Item) -> bool:
    """Return whether absolute words tell right from wrong."""
    if item.kind == "true_false":
        is_absolute = _STRONG.search(item.stem) or _CLAIMED.search(item.stem)
        return item.source.get("answer") is False and bool(is_absolute)
    return any(map(_tells, item.choices))


def _tells(group: Sequence[Option]) -> bool:
    right = [option.text for option in group if option.is_right and not speaks_of_others(option.text)]
    others = [option.text for option in group if not option.is_right and not speaks_of_others(option.text)]
    absolute = sum(map(_is_absolute, others))
    if any(map(_is_absolute, right)):
        return any(map(_STRONG.search, right)) and not absolute
    strong = sum(bool(_STRONG.search(text)) for text in others)
    if right and strong and len(others) <= FEW:
        return True
    return (
        bool(right) and absolute > 1 and (strong > 0 or sum(bool(_WEAK.match(text)) for text in others) > 1)
    )


def _is_absolute(text: str) -> bool:
    return bool(_STRONG.search(text) or _WEAK.search(text))


RULE = Rule(
    key="absolute_words",
    says=_l("“Always”, “never”, “only” tell what is wrong."),
    reason=_l("Hardly anything is always so, and people know it: they strike such answers out unread."),
    bad="Selalu sama dengan gaji terakhir",
    good="Sama dengan gaji terakhir",
    is_broken_by=has_telling_absolutes,
    broken_by=(
        options("Menyebut syaratnya", "Selalu menyebut yang terbesar", "Tidak pernah menyebut iuran"),
        options(
            "Ahli waris selalu serumah", "Istri dapat menjadi ahli waris", "Anak dapat menjadi ahli waris"
        ),
        options(
            "Uangnya tidak akan pernah berkurang", "Saldonya dapat dilihat", "Diambil kapan pun", right=2
        ),
        options("Menjadi milik ahli warisnya", "Pasti disita negara", "Disumbangkan ke desa"),
        options("Dibawa siapa saja", "Tak satu orang pun membawanya", "Dibawa ahli warisnya", right=3),
        options("Jangan pernah mengaku belum tahu", "Harus selalu menjawab", "Mencatatnya dahulu", right=3),
        {"type": "true_false", "stem": "Semua pekerja menerima JKP.", "answer": False},
        {"type": "true_false", "stem": "Peserta lama menerima pensiun tanpa kecuali.", "answer": False},
        {"type": "true_false", "stem": "Kartu itu berlaku di negara manapun.", "answer": False},
        {"type": "true_false", "stem": "Peserta mengambil JHT kapan pun ia mau.", "answer": False},
        options("Ia belum pernah bekerja di mana pun", "Ada bukti PHK", "Tidak pernah terlambat", right=2),
    ),
    kept_by=(
        options("Seluruh pekerjanya", "Pekerja tetap", "Pekerja lama"),
        {"type": "true_false", "stem": "Setiap orang wajib menjadi peserta.", "answer": True},
        {"type": "true_false", "stem": "Iuran JKM hanya dibayar pemberi kerja.", "answer": True},
        {"type": "true_false", "stem": "Pekerja menanggung seluruh iuran JKK.", "answer": False},
        options("Istrinya", "Kakaknya", "Tidak satu pun di antara mereka", right=3),
        options("Buruh itu sendiri", "Hanya pabriknya", "Buruh dan pabriknya", right=2),
    ),
)
