"""Absolute words that betray which answers are wrong, or that a statement is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from quizzes.bank.advice.all_or_none import speaks_of_others
from quizzes.bank.advice.base import Rule, options
from quizzes.bank.advice.item import Item, Option

_STRONG = re.compile(
    r"\b(?:selalu|tidak pernah|tak pernah|pasti|mutlak|mustahil|sama sekali|tanpa kecuali"
    r"|tidak mungkin|seratus persen|dalam keadaan apa pun"
    r"|selama-?lamanya|selamanya|satu-satunya|senantiasa|(?:satu|sekali|sedikit) ?pun|seratus persen"
    r"|tanpa (?:syarat|batas|terkecuali)(?: apa ?pun)?)(?!\w)",
    re.IGNORECASE,
)
_ANY = r"(?:siapa|kapan|apa|mana) ?pun"
_WEAK = re.compile(
    rf"\b(?:hanya|semua|segala|cuma|dijamin|sepenuhnya|setiap saat|kapan saja|{_ANY})\b", re.IGNORECASE
)
_CLAIMED = re.compile(rf"\b(?:hanya|sepenuhnya|setiap saat|{_ANY})\b|^(?:semua|segala)\b", re.IGNORECASE)


def has_telling_absolutes(item: Item) -> bool:
    """Return whether absolute words tell right from wrong."""
    if item.kind == "true_false":
        is_absolute = _STRONG.search(item.stem) or _CLAIMED.search(item.stem)
        return item.source.get("answer") is False and bool(is_absolute)
    return any(map(_tells, item.choices))


def _tells(group: Sequence[Option]) -> bool:
    right = [option.text for option in group if option.is_right]
    others = [option.text for option in group if not option.is_right and not speaks_of_others(option.text)]
    absolute = sum(map(_is_absolute, others))
    if any(map(_is_absolute, right)):
        return any(map(_STRONG.search, right)) and not absolute
    return (
        bool(right)
        and absolute > 1
        and (any(map(_STRONG.search, others)) or sum(bool(_WEAK.match(text)) for text in others) > 1)
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
        {"type": "true_false", "stem": "Semua pekerja menerima JKP.", "answer": False},
        {"type": "true_false", "stem": "Peserta mengambil JHT kapan pun ia mau.", "answer": False},
        options("Ia belum pernah bekerja di mana pun", "Ada bukti PHK", "Tidak pernah terlambat", right=2),
    ),
    kept_by=(
        options("Seluruh pekerjanya", "Pekerja tetap", "Pekerja lama"),
        {"type": "true_false", "stem": "Setiap orang wajib menjadi peserta.", "answer": True},
    ),
)
