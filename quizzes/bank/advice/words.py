"""Words of Indonesian as the rules compare them: by root, and those that tell nothing left out."""

from __future__ import annotations

import re
from functools import lru_cache

from quizzes.bank.advice.roots import known_root

_WORD = re.compile(r"[^\W\d_]+(?:-(?!(?:nya|ku|mu)\b)[^\W\d_]+)*")
_SUFFIX = re.compile(r"(?:lah|kah|nya|ku|mu)$")
_ENDING = re.compile(r"(?:kan|an|i)$")
_SECOND_PREFIX = re.compile(r"^(?:ter|per|ber)")
"""As in *keterlambatan*, *memperpanjang*, *keberangkatan*."""
_PREFIXES = (
    ("meny", "s"), ("peny", "s"), ("meng", ""), ("peng", ""), ("mem", ""), ("pem", ""), ("men", ""),
    ("pen", ""),
    ("ber", ""), ("ter", ""), ("per", ""), ("me", ""), ("pe", ""), ("di", ""), ("ke", ""), ("se", ""),
)  # fmt: skip
_MELTED = (("mem", "p"), ("pem", "p"), ("men", "t"), ("pen", "t"))
_BEFORE_VOWEL = re.compile(r"[mp]e[mn][aeiou]")
"""Where the first letter of the root has melted into the prefix."""
_SHORTEST = 4
"""Letters a root keeps at least."""
_EMPTY = """
    ada adalah agar akan anda antara apa apabila apakah atas atau bagaimana bagi bahwa baru banyak
    beberapa belum berapa berikut besar bila bisa boleh bukan cara dalam dan dapat dari dengan di dia
    dulu hal harus ia ialah ini itu jika juga kah kalau kapan karena ke kepada ketika lagi lain lalu
    lama lebih lewat mana manakah masih melalui mengapa menjadi menurut mereka namun oleh orang pada
    paling para pernah pula saat saja sampai sangat satu sebab sebagai sebelum sebuah secara sedang
    seorang sejak selama seperti serta sesudah setelah setiap siapa suatu sudah supaya tanpa telah
    tentang terhadap tersebut tetap tetapi tiap tidak untuk yaitu yakni yang ya pak bu mas mbak sama
    sendiri termasuk disebut namanya lakukan dilakukan melakukan nya bersama
"""
EMPTY = frozenset(_EMPTY.split())
"""Words that join others, ask, or stand anywhere."""
ALIKE = {
    "buruh": "pekerja", "karyawan": "pekerja", "majikan": "pengusaha", "juragan": "pengusaha",
    "perusahaan": "pengusaha", "bulanan": "bulan", "tahunan": "tahun", "setahun": "tahun",
    "setelah": "sesudah", "jika": "bila",
    "apabila": "bila", "kalau": "bila", "wafat": "meninggal", "tiap": "setiap", "sebulan": "bulan",
    "duit": "uang", "besaran": "besar", "gaji": "upah", "gajinya": "upah", "ongkos": "biaya",
    "dokumen": "berkas", "kampung": "desa", "tenggat": "batas",
}  # fmt: skip
"""Words for one thing, and the one they are compared by."""


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters."""
    return [match.casefold() for match in _WORD.findall(text)]


@lru_cache(maxsize=4_000)
def telling(text: str) -> frozenset[str]:
    """Return the roots of the words of a text that tell something."""
    return frozenset(
        root(ALIKE.get(word, word)) for word in words_of(text) if word not in EMPTY and len(word) > 2
    )


@lru_cache(maxsize=20_000)
def root(word: str) -> str:
    """Return about the root of a word: good enough to know *pengawasan* and *pengawas* as kin."""
    word = word.partition("-")[0] if word.partition("-")[0] == word.partition("-")[2] else word
    return known_root(word) or _guessed_root(word)


def _guessed_root(word: str) -> str:
    word = _cut(_ENDING, _cut(_SUFFIX, word))
    for prefix, instead in (*_MELTED, *_PREFIXES) if _BEFORE_VOWEL.match(word) else _PREFIXES:
        rest = instead + word.removeprefix(prefix)
        if word.startswith(prefix) and len(rest) >= _SHORTEST:
            return _cut(_SECOND_PREFIX, rest)
    return word


def _cut(pattern: re.Pattern[str], word: str) -> str:
    rest = pattern.sub("", word)
    return rest if len(rest) >= _SHORTEST else word
