"""Which answers fit a question by grammar alone: what its asking word, or the word before a blank, wants."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from courses.catalogue.texts.passages import VALUE
from quizzes.bank.advice.answer_forms import form_of

_BLANK = r"\s*:?\s*(?:…|\.{2,}|_{2,}|:)\s*$"
_BARE_VERB = re.compile(
    r"(?:me|ber|di|ter)\w{4,}|(?!majikan|rekan|pekan|bukan)\w{3,}kan\b"
    r"|(?:ikut|minta|datang|pergi|pulang|pindah|keluar|masuk|lapor|bayar|tahu|tetap|tidak|tak|naik|turun|hidup)\b",
    re.IGNORECASE,
)
_NO_VERB = re.compile(r"(?:berkas|beras|berita|dinas|direk|menteri|mertua|mesin|menantu|terminal)", re.I)
_LOOSE = re.compile(
    r"(?:di|ke|dari|pada|dalam|dengan|karena|sebab|untuk|agar|supaya|setiap|tiap|sejak|lewat|melalui|sesudah|setelah"
    r"|sebelum|ketika|saat|bila|jika|hari|bulan|tahun|tanggal|pukul|segera|nanti|besok|lusa|kemarin|sekarang|selalu"
    r"|kapan|selama|sampai|hingga|secara)\b",
    re.IGNORECASE,
)
"""How an answer begins that names neither a person nor a thing."""
_NOBODY = re.compile(
    r"(?!(?:dari|pada|untuk|bagi)\b)(?!(?:se)?tiap (?!hari|pekan|minggu|bulan|tahun|pagi|sore))"
    + _LOOSE.pattern,
    re.IGNORECASE,
)
"""What is nobody: *untuk anaknya* and *setiap pekerja* tell of somebody."""
_TIME = re.compile(
    rf"\d|{VALUE}|\b(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|\w+ belas"
    r"|se(?:hari|pekan|minggu|bulan|tahun|jam|umur|kali|lama|lalu|gera|cepat)\w*|hari|bulan|tahun|minggu|pekan|jam|tanggal"
    r"|pukul|sesudah|setelah|sebelum|sejak|saat|ketika|sampai|hingga|begitu|nanti|besok|lusa|kemarin|awal|akhir|pagi"
    r"|siang|sore|malam|senin|selasa|rabu|kamis|jumat|sabtu|kapan|lebaran|panen|setiap|tiap|waktu|bila|jika|apabila|kalau"
    r"|asal|langsung|dulu|pada|menjelang|natal|imlek|usia|umur|januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november"
    r"|desember)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"(?:karena|sebab|agar|supaya|untuk|demi|akibat|guna|biar|berkat|lantaran)\b", re.IGNORECASE
)
_TOWARDS = re.compile(r"(?:di|ke|kepada|pada|dari|lewat|melalui|oleh)\b", re.IGNORECASE)


def _is_act(text: str) -> bool:
    return bool(_BARE_VERB.match(text)) and not _NO_VERB.match(text)


def _is_thing(text: str) -> bool:
    return form_of(text) == "thing" and not _LOOSE.match(text)


def _is_whom(text: str) -> bool:
    return form_of(text) not in {"act", "passive", "means"} and not _NOBODY.match(text)


def _is_time(text: str) -> bool:
    return bool(_TIME.search(text)) or form_of(text) != "thing"


def _is_span(text: str) -> bool:
    return bool(_TIME.search(text))


def _is_reason(text: str) -> bool:
    return bool(_REASON.match(text)) or not (form_of(text) in {"thing", "number"} or _LOOSE.match(text))


def _is_towards(text: str) -> bool:
    return bool(_TOWARDS.match(text)) or _is_act(text)


_WANTED: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (
        re.compile(
            r"\b(?:dapat|boleh|harus|wajib|akan|bisa|perlu|hendak|sedang|ingin"
            r"|sebaiknya|hendaknya|mampu|berwenang|berkewajiban|berhak|bersedia|berjanji|diminta|diharuskan|diwajibkan"
            r"|bertugas|dilarang)(?: untuk)?"
            rf"{_BLANK}",
            re.IGNORECASE,
        ),
        _is_act,
    ),
    (re.compile(rf"\b(?:seorang|sebuah|suatu|oleh|kepada|merupakan){_BLANK}", re.IGNORECASE), _is_thing),
    (
        re.compile(
            r"\b(?:selama|sejak|sampai|hingga|dalam waktu|paling (?:lama|lambat|singkat)|tanggal|pukul)"
            + _BLANK,
            re.I,
        ),
        _is_span,
    ),
    (re.compile(r"^(?:mengapa|kenapa)\b", re.IGNORECASE), _is_reason),
    (re.compile(r"\b(?:di|ke|dari) mana\b", re.IGNORECASE), _is_towards),
    (re.compile(r"\bkapan(?:kah)?\b", re.IGNORECASE), _is_time),
    (re.compile(r"^(?:\w+ )?siapa(?:kah)?\b|\bsiapa(?:kah)?\b[^,]*\?$", re.IGNORECASE), _is_whom),
)
"""What is asked for, and how an answer to it is known."""


_SLOT = re.compile(_BLANK)
_PLACE = re.compile(r"\b(?:di|ke|dari) mana\b", re.IGNORECASE)


def alone_fits(asked: str, texts: Sequence[str], place: int) -> bool:
    """Return whether the sentence can be read to its end with one answer only, or one alone says where.

    Args:
        asked: the question or the sentence to complete.
        texts: the answers.
        place: where the right one stands in them.
    """
    fits = fits_of(asked, texts)
    is_grammar = bool(_SLOT.search(asked) or _PLACE.search(asked))
    return is_grammar and len(texts) > 2 and sum(fits) == 1 and fits[place]


def fits_of(asked: str, texts: Sequence[str]) -> list[bool]:
    """Return for each answer whether it fits what is asked, all true where the grammar asks for nothing."""
    fits = next((fits for pattern, fits in _WANTED if pattern.search(asked)), None)
    return [fits is None or fits(text) for text in texts]
