"""An answer that speaks of the other answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from quizzes.bank.advice.base import Rule, options
from quizzes.bank.advice.item import Item, Option

SWEEPING = re.compile(
    r"\b(semua (jawaban )?(benar|salah|di atas)|tidak (ada|satu pun) (di atas|yang (benar|tepat))"
    r"|bukan salah satu di atas|all of the above|none of the above)\b",
    re.IGNORECASE,
)
"""What shipped questions must not have."""
_JUDGED = r"(?:benar|salah|betul|tepat|keliru|sesuai|cocok|berlaku)"
_NAMED = r"(?:jawaban|pilihan|pernyataan|hal|opsi|butir)"
_COUNTED = r"(?:ke)?(?:semua|seluruh|dua|tiga|empat|lima)(?:-(?:semua|dua|tiga|empat|lima))?"
_LETTER = r"\(?[a-e]\)?"
_OF_OTHERS = re.compile(
    rf"^(?:{_COUNTED}(?:nya)?|salah satu)\b(?: {_NAMED})?(?: itu| ini)?(?: yang)?(?: di atas| tersebut)?"
    rf"(?: (?!(?:di|me|ber)\w{{3}}|hangus|hilang|gugur|naik|turun)\w+)?(?: {_JUDGED})?$"
    rf"|^(?:hanya |jawaban |pilihan |opsi |poin |butir |huruf |baik |gabungan |campuran |kombinasi )*"
    rf"{_LETTER}(?:, ?{_LETTER})*,?"
    rf" (?:dan|atau|serta|maupun|&) {_LETTER}(?!\w)"
    rf"|^(?:(?:nomor|jawaban|pilihan|opsi|pernyataan|gabungan) )*\d(?:, ?\d)*,? dan \d(?: {_JUDGED})?$"
    rf"|\b(?:jawaban|pilihan|opsi)\b.*\b(?:di atas|lain|sebelumnya|tersebut|pertama|kedua|itu|{_JUDGED})\b"
    rf"|^(?:tidak|tak) (?:ada|satu pun)(?: satu ?pun)?(?: {_NAMED})?"
    rf" (?:(?:yang )?(?:{_JUDGED}|di (?:atas|sebut))\b|yang$)"
    r"|^(?:tidak|tak) (?:ada|satu ?pun)(?: satu ?pun)? (?:dari|di antara)\b|^tidak ada jawaban\b"
    rf"|\b(?:di|tersebut di) atas(?: itu| {_JUDGED})?$"
    r"|^(?:semua|seluruh) yang (?:di|ter)(?:sebut|tulis|cantum)"
    rf"|^(?:bukan|salah satu(?: dari| di antara)?) {_COUNTED}nya$"
    rf"|^(?:benar|salah) (?:semua|keduanya)|^yang lain(?:nya)? {_JUDGED}",
    re.IGNORECASE,
)
_ONLY_A_NOUN = re.compile(
    rf"^(?:{_COUNTED}(?:nya)?|salah satu)"
    rf" (?!{_NAMED}|{_JUDGED}|di atas|itu|ini|yang di|tersebut|dari|di antara)\w+(?!.* atas$)",
    re.IGNORECASE,
)


_CLAIM = re.compile(
    r"(?:semua|kedua|ketiga|keempat)nya (?:\w+ )?(?:berhak|wajib|boleh|dapat|bisa|perlu|harus|ikut|termasuk"
    r"|\w*lindung\w*|\w*tanggung\w*|menerima|diterima|diperlukan|dibawa|digunakan)\b",
    re.IGNORECASE,
)
_OF_TWO = re.compile(r"\b(?:kedua|ketiga|dua|tiga|dengan|dan|atau)\b", re.IGNORECASE)
"""Where the question itself names several, *keduanya* means them."""
_SENTENCE = re.compile(
    r"\b(?:me|di|ber|ter)\w{4,}|\b(?:tidak|wajib|boleh|dapat|harus|berhak)\b", re.IGNORECASE
)


def speaks_of_others(text: str) -> bool:
    """Return whether an answer is about other answers."""
    text = text.strip(" .")
    return bool(SWEEPING.search(text) or (_OF_OTHERS.search(text) and not _ONLY_A_NOUN.search(text)))


def has_all_or_none(item: Item) -> bool:
    """Return whether one of the answers is about the others."""
    is_of_two = bool(_OF_TWO.search(item.told))
    return any(
        speaks_of_others(option.text) or (not is_of_two and _claims_for_others(place, group))
        for group in item.choices
        for place, option in enumerate(group)
    )


def _claims_for_others(place: int, group: Sequence[Option]) -> bool:
    """Return whether an answer says of all what bare names leave to be said: *semuanya berhak*."""
    others = [option.text for at, option in enumerate(group) if at != place]
    return bool(_CLAIM.match(group[place].text)) and not any(map(_SENTENCE.search, others))


RULE = Rule(
    key="all_or_none",
    says=_l("An answer speaks of the others: once they are shuffled, nothing is in its place any more."),
    reason=_l("Who knows two of them knows the rest, and “a and c” means nothing when answers are shuffled."),
    bad="Semua jawaban benar",
    good="Kegotong-royongan, nirlaba, dan portabilitas",
    is_broken_by=has_all_or_none,
    broken_by=tuple(
        options("Pengobatan", "Rehabilitasi", text, right=3)
        for text in (
            "Semua benar",
            "Jawaban a dan c",
            "Ketiganya benar",
            "Tidak ada yang benar",
            "A dan B benar",
            "Kesemuanya",
            "Salah satu dari ketiganya",
            "Gabungan a dan b",
            "Semua yang disebut di sini",
            "Semuanya berhak",
            "Poin a, b, serta c",
            "Tidak ada yang cocok",
            "Dua-duanya",
            "Kombinasi A dan C",
        )
    ),
    kept_by=tuple(
        options("Istrinya", text)
        for text in (
            "Semua anaknya",
            "Seluruh pekerjanya",
            "Kedua orang tuanya",
            "Tukang di atas perancah",
            "Semuanya hangus",
            "Tidak ada bagian yang dapat dibayarkan",
            "Tidak ada yang menagihnya",
            "Semuanya sudah dilunasi",
            "Keduanya saudara ayahnya",
            "Ketiga penjahitnya",
        )
    ),
)
