"""What form an answer has, by how it begins: an act, a thing, a number, a means. One odd one shows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from courses.catalogue.texts.passages import VALUE

_COUNT = (
    r"(?:\d|(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)\b"
    r"|se(?:puluh|belas|ratus|ribu|tengah|orang|hari|minggu|bulan|tahun|kali)\b)"
)
_NUMBER = re.compile(rf"(?:rp\s?)?(?:{_COUNT}|{VALUE})", re.IGNORECASE)
_QUANTITY = re.compile(
    r"(?:se\w+|separuh|tanpa|tidak|tak|lebih|kurang|paling|sampai|hingga|semua|hanya|gratis|cuma|sekitar|hampir|tiap|nol)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"(?:setiap|tiap|sekali|sesudah|setelah|sebelum|sejak|ketika|pada|awal|akhir|hari|bulan|tahun|besok)\b",
    re.IGNORECASE,
)
"""Of times `unequal_options` judges itself."""
_MEANS = re.compile(r"(?:dengan|melalui|lewat|secara)\b", re.IGNORECASE)
ACT = re.compile(r"(?:\w{3,}-)?me(?:m|n|l|r|w|y)\w{4,}", re.IGNORECASE)
_PASSIVE = re.compile(r"di(?!rek|nas|a\b|ri)\w{4,}", re.IGNORECASE)
NOUNS_LIKE_ACTS = re.compile(
    r"\b(?:menteri|mengenai|melalui|menurut|meskipun|berkas|beras|berita|dinas|direksi|direktur|termin|teras"
    r"|(?:menaker|menara|mertua|memang|merah|melati|meja|mesin|menantu|mereka|merek|mental|menit|mentor|menengah"
    r"|mentah|merdeka|member|memori|mewah)(?:nya)?\b)\w*",
    re.IGNORECASE,
)
_VERBS = """
    pergi datang minta pulang tunggu bayar ikut tanya buat cari pindah keluar masuk lapor tidak jangan
    boleh langsung segera hanya cukup harus lalu tolak biarkan diam setuju pakai ambil beri simpan kirim
    catat ajak tegur ada belum sudah akan dapat tetap ya sama minum makan naik turun bekerja hapus cabut
    tahan tanam titip serah kembali lanjut hangus gugur habis wajib perlu bukan dilarang bisa
"""
_VERB_WITHIN = re.compile(
    rf"\b(?:[mM]e|[bB]er|[dD]i|[tT]er)\w{{3,}}|\b(?:{'|'.join(_VERBS.split())})\w*", re.IGNORECASE
)
_TOLD_TO = re.compile(
    r"\w{3,}kan\b|(?:hubungi|kunjungi|datangi|temui|awasi|tangani|periksa|telepon|konsultasi|musyawarah|rapat|antar"
    r"|jemput|bantu|dengar|sabar|maaf|terserah|biar|mungkin|silakan|mari|ayo)\w*",
    re.IGNORECASE,
)
"""What is said to be done, by a verb without prefix."""
_TIME = re.compile(
    r"\b(?:hari|bulan|tahun|minggu|pekan|jam)\b(?! upah)|\bse(?:hari|minggu|bulan|tahun|pekan)\b", re.I
)
_MONEY = re.compile(r"\brp\s?\d|\brupiah\b", re.IGNORECASE)
_PEOPLE = re.compile(r"\b(?:orang|anak|pekerja)\b|\bseorang\b", re.IGNORECASE)
_ODD = {
    ("thing", "act"), ("act", "thing"), ("passive", "thing"), ("thing", "passive"), ("number", "thing"),
    ("number", "act"), ("number", "passive"), ("number", "means"), ("means", "thing"),
    ("means", "number"), ("act", "number"), ("act", "means"),
}  # fmt: skip
"""The form all others have, and the one that does not belong to them."""


def form_of(text: str) -> str:
    """Return the form of an answer; "clause" for what begins like none and says more than a thing."""
    if _WHEN.match(text) or _TOLD_TO.match(text):
        return "clause"
    if _NUMBER.match(text):
        return "number"
    if _MEANS.match(text):
        return "means"
    if ACT.match(text) and not NOUNS_LIKE_ACTS.match(text):
        return "act"
    if _PASSIVE.match(text) and not NOUNS_LIKE_ACTS.match(text):
        return "passive"
    return "clause" if _VERB_WITHIN.search(NOUNS_LIKE_ACTS.sub("", text)) else "thing"


def has_odd_form(texts: Sequence[str]) -> bool:
    """Return whether one answer alone has a form that does not go with that of all others."""
    counts = Counter(map(form_of, texts)).most_common()
    if len(texts) < 3 or len(counts) != 2 or counts[1][1] != 1:
        return False
    odd = next(text for text in texts if form_of(text) == counts[1][0])
    return (counts[0][0], counts[1][0]) in _ODD and not (counts[0][0] == "number" and _QUANTITY.match(odd))


def measure_unlike(spoken: Sequence[str]) -> bool:
    """Return whether answers that are all numbers measure different things: days and rupiah."""
    if not all(map(_NUMBER.match, spoken)):
        return False
    return len({_measured(text) for text in spoken} - {""}) > 1


def _measured(text: str) -> str:
    if _MONEY.search(text):
        return "money"
    return "time" if _TIME.search(text) else "people" if _PEOPLE.search(text) else ""
