"""A right answer that shows by its length, or because it alone is hedged."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from courses.catalogue.texts.passages import VALUE
from quizzes.bank.advice.all_or_none import speaks_of_others
from quizzes.bank.advice.base import Rule, options
from quizzes.bank.advice.item import TOLD_LENGTH, Item, Option
from quizzes.types.base import Json

FAR_LONGER = 1.6
"""Times the longest other option: then no shipped question may be so."""
MIN_DIFFERENCE = 15
"""Letters below which a difference in length is nothing in a shipped question."""
LONGER = 1.5
"""Times the longest other option from which on it catches the eye."""
DIFFERENCE = 15
"""Letters below which it does not: names of programmes differ by a dozen."""
_HEDGED = re.compile(
    r"\b(?:pada umumnya|umumnya|secara umum|biasanya|lazimnya|kadang(?:-kadang)?|adakalanya"
    r"|(?:ke)?mungkin(?:an)?|barangkali|cenderung"
    r"|(?:ber|ter)gantung(?! pada)|(?:ber|ter)gantung pada (?:keadaan|situasi|kasus|kondisi)"
    r"|(?:boleh|bisa) jadi|dengan syarat|(?:dalam )?(?:keadaan|batas|hal|kondisi|kasus)(?:-\w+)? tertentu"
    r"|(?:bila|jika|apabila|asal|asalkan|sepanjang|selama) (?:memenuhi|syarat(?:nya)?\b)"
    r"|(?:sesuai|menurut) (?:ketentuan|aturan yang berlaku|peraturan yang berlaku)"
    r"|sebagian besar|kurang lebih|pada (?:dasar|prinsip)nya|sering(?:kali)?)\b",
    re.IGNORECASE,
)


def gives_itself_away(rows: Sequence[Json]) -> bool:
    """Return whether the length of the right answers tells them from the others, beyond doubt."""
    right = [len(str(option.get("text", ""))) for option in rows if option.get("correct")]
    others = [len(str(option.get("text", ""))) for option in rows if not option.get("correct")]
    return _is_longer(right, others, FAR_LONGER, MIN_DIFFERENCE)


def has_key_that_shows(item: Item) -> bool:
    """Return whether a key catches the eye."""
    return any(_shows(group) for group in item.choices)


def _shows(group: Sequence[Option]) -> bool:
    right = [option.spoken for option in group if option.is_right and not speaks_of_others(option.text)]
    others = [option.spoken for option in group if not option.is_right]
    if not right or not others:
        return False
    is_hedged = all(map(_HEDGED.search, right)) and not any(map(_HEDGED.search, others))
    return is_hedged or _is_longer([*map(_length, right)], [*map(_length, others)], LONGER, DIFFERENCE)


def _length(text: str) -> int:
    return len(text.replace(VALUE, TOLD_LENGTH))


def _is_longer(right: Sequence[int], others: Sequence[int], times: float, difference: int) -> bool:
    if not right or not others:
        return False
    return min(right) >= times * max(others) and min(right) - max(others) >= difference


RULE = Rule(
    key="key_longest",
    says=_l("The right answer is far longer than the others, or it alone is hedged: it shows."),
    reason=_l("Who knows nothing takes the longest and most careful answer. Make all about as long."),
    bad="Pinjaman / Hadiah / Akumulasi seluruh iuran peserta ditambah hasil pengembangannya",
    good="Pinjaman dari bank / Hadiah dari kantor / Iuran dan hasilnya",
    is_broken_by=has_key_that_shows,
    broken_by=(
        options("Akumulasi seluruh iuran peserta dan hasil pengembangannya", "Pinjaman", "Hadiah"),
        options("Biasanya dua bulan", "Tepat satu bulan", "Tepat tiga bulan"),
        options("Boleh, jika memenuhi syarat", "Dilarang majikan", "Wajib tiap bulan"),
        options("Kadang besar, kadang kecil", "Selalu sama besar", "Sama dengan gajinya"),
        options("Umumnya beberapa hari saja", "Tepat sepuluh hari", "Tepat sebelas hari"),
    ),
    kept_by=(
        options("Iuran dan hasilnya", "Pinjaman dari bank", "Hadiah"),
        options("Jaminan Kehilangan Pekerjaan", "Jaminan Hari Tua", "Jaminan Pensiun"),
        options("Keterangan dokternya kurang", "Rumahnya jauh", "Usianya muda"),
        options("Seluruh jawaban di atas ini benar", "Istri", "Anak"),
        options("Tidak seorang pun", "Ketiga penjahitnya", "Seorang penjahit"),
        options("Bergantung pada masa iurnya", "Sama bagi siapa saja", "Naik pada tahun baru"),
    ),
)
