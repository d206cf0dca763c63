"""Answers of different kinds: one can be struck out without knowing anything."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from courses.catalogue.texts.passages import VALUE
from quizzes.bank.advice.all_or_none import speaks_of_others
from quizzes.bank.advice.answer_forms import ACT, NOUNS_LIKE_ACTS, form_of, has_odd_form, measure_unlike
from quizzes.bank.advice.base import Rule, options
from quizzes.bank.advice.fitting import fits_of
from quizzes.bank.advice.item import TOLD_LENGTH, Item, Option
from quizzes.bank.advice.two_ideas import has_two_ideas

_KINDS = {
    "place": re.compile(
        r"(?:di|ke) (?!antara|(?:atas|bawah) (?:rp|\d|\w+ (?:hari|bulan|tahun|persen|rupiah)))\w",
        re.IGNORECASE,
    ),
    "whom": re.compile(r"(?:kepada|oleh|bagi) \w", re.IGNORECASE),
    "why": re.compile(r"(?:karena|sebab|supaya|agar|untuk)\b", re.IGNORECASE),
    "when": re.compile(
        r"(?:sesudah|setelah|sebelum|ketika|sejak|sewaktu|besok|kemarin|lusa|nanti|bulan depan|minggu depan"
        r"|tahun depan|pada (?:tahun|hari|bulan|tanggal|pukul|pagi|siang|sore|malam)"
        r"|hari (?:senin|selasa|rabu|kamis|jumat|sabtu|minggu)"
        r"|tahun \d{4}|pukul \d|sekali (?:pada|dalam|se)"
        r"|(?:se)?tiap (?:hari|tanggal|minggu|bulan|tahun|pagi|sore|senin))\b",
        re.IGNORECASE,
    ),
    "person": re.compile(r"(?:Pak|Bu|Bapak|Ibu|Mas|Mbak) [A-Z]\w+$"),
}
_ASKED = {
    "place": re.compile(r"\b(?:di|ke|dari) mana", re.IGNORECASE),
    "whom": re.compile(r"\b(?:siapa)", re.IGNORECASE),
    "why": re.compile(r"\b(?:mengapa|apa sebab|alasan|untuk apa|kenapa)", re.IGNORECASE),
    "when": re.compile(r"\b(?:kapan|berapa|sejak|waktu|batas)", re.IGNORECASE),
    "person": re.compile(r"\bsiapa", re.IGNORECASE),
}
_MEASURE_ASKED = re.compile(
    r"\b(?:berapa|kapan|batas)|\b(?:paling \w+|selama|sejak|sampai|hingga|sebesar|sebanyak)\W*$",
    re.IGNORECASE,
)
_MEASURE = re.compile(rf"^(?:rp\s?)?(?:\d|{VALUE}).*$|^(?:tahun|tanggal) \d", re.IGNORECASE)
_THING = re.compile(
    r"^(?:pe(?:m|n|l|r)\w{3,}an|ke\w{4,}an|(?:surat|uang|kartu|buku|kantor|biaya|dana|rumah|bank)\b)", re.I
)
_PLURAL = re.compile(r"^(?:para\b|(?!undang|rata|hati|sama|masing|laki|kira)(\w{3,})-\1)", re.IGNORECASE)
_SENTENCE = re.compile(r"(?:ia|dia|mereka|kami|kita|saya) (?!sendiri)\w", re.IGNORECASE)
_ASKED_FOR = (
    (
        re.compile(r"\bberapa\b|\bkapan\b", re.IGNORECASE),
        re.compile(
            rf"\d|{VALUE}|\b(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|\w+ puluh"
            r"|setengah|separuh|se(?:orang|pekan|jam|lama|banyak|besar|hari|minggu|bulan|tahun|kali|perempat|pertiga|paruh)|hari|bulan|tahun|minggu|jam|tanggal"
            r"|sesudah|setelah|sebelum|sejak|saat|ketika|sampai|segera|seluruh\w*|semua\w*|sebagian|tidak|selama"
            r"|langsung|begitu|secepat\w*|dulu|lusa|kemarin|jumat|gratis|cuma-cuma|nol|ke(?:dua|tiga|empat)\w*|separo|tergantung|menurut|hanya|siang|malam|asal|nanti|pada|awal|akhir|setiap|sekali|panen|lebaran|waktu|bila|kali|pagi|sore|besok)\b",
            re.IGNORECASE,
        ),
        None,
    ),
    (
        re.compile(r"^(?:\w+ )?siapa\b|\bsiapa\b[^,]*\?", re.IGNORECASE),
        re.compile(""),
        re.compile(rf"(?:karena|sebab|sesudah|setelah|sebelum|ketika|di [a-z]|\d|{VALUE})", re.IGNORECASE),
    ),
)
"""What is asked, what answers it, and what never does."""
OUT_OF_PROPORTION = 2.0
"""Times the next longest answer at which a wrong one stands out."""
BARE = 3
"""Words of an answer that is a thing and no act."""
_VERB = re.compile(
    r"\b(?:[mM]e|[bB]er|[dD]i|[tT]er)\w{3,}|\b(?:pergi|datang|minta|pulang|tunggu|bayar|ikut|tanya|buat|cari|pindah|keluar"
    r"|masuk|lapor|tidak|jangan|boleh|langsung|segera|hanya|cukup|harus|lalu|tolak|biarkan|diam|setuju|pakai|ambil|beri"
    r"|simpan|kirim|catat|ajak|tegur|ada|belum|sudah|akan|dapat|tetap|ya|sama|minum|makan|naik|turun|bekerja)\w*",
    re.IGNORECASE,
)
MANY_WORDS = 5
"""Words from which on an answer is a sentence, that may begin with a time."""
MIN_LETTERS = 20
"""Letters it is longer by, then."""


def has_unequal_options(item: Item) -> bool:
    """Return whether the answers of one choice are of different kinds."""
    asked, is_double = item.asked, has_two_ideas(item)
    if item.kind == "multiple_response":
        return any(
            _mixes_kinds(asked, [option.text for option in group], is_several=True) for group in item.choices
        )
    return item.kind == "single_choice" and any(
        _are_unequal(asked, group, is_double=is_double) for group in item.choices
    )


def _are_unequal(asked: str, group: Sequence[Option], *, is_double: bool) -> bool:
    """Return whether the answers of one choice are; those to two questions at once fit neither."""
    group = [option for option in group if not speaks_of_others(option.text)]
    if len(group) < 3 or any(not option.text for option in group):
        return False
    texts = [option.text for option in group]
    if (not is_double and (_some_fit(asked, texts) or _is_off_the_question(asked, texts))) or len(
        {text.endswith(".") for text in texts}
    ) > 1:
        return True
    if _are_mixed(asked, texts) or _is_out_of_proportion(group) or _are_acts_and_things(texts):
        return True
    return has_odd_form(texts) or measure_unlike([option.spoken for option in group])


def _some_fit(asked: str, texts: Sequence[str]) -> bool:
    """Return whether some answers fit the asking word or the blank and others do not."""
    return len(set(fits_of(asked, texts))) > 1


def _are_mixed(asked: str, texts: Sequence[str]) -> bool:
    if _mixes_kinds(asked, texts) or _is_sentence_among_things(texts):
        return True
    plural = sum(bool(_PLURAL.match(text)) for text in texts)
    measures = sum(bool(_MEASURE.match(text)) for text in texts)
    return 1 < plural < len(texts) or (measures == 1 and not _MEASURE_ASKED.search(asked))


def _is_sentence_among_things(texts: Sequence[str]) -> bool:
    """Return whether one answer alone says what somebody does, beside names of things."""
    told = [text for text in texts if _SENTENCE.match(text)]
    return len(told) == 1 and all(text in told or form_of(text) == "thing" for text in texts)


def _mixes_kinds(asked: str, texts: Sequence[str], *, is_several: bool = False) -> bool:
    """Return whether some answers say where, whom, why, when or who, and others something else."""
    kinds = [_kind(text) for text in texts]
    found = set(kinds) - {""}
    if len(found) > 1:
        return True
    for kind in found:
        odd = min(kinds.count(kind), len(kinds) - kinds.count(kind))
        if kind == "when" and max(len(text.split()) for text in texts) > MANY_WORDS:
            continue
        if kind == "person" and (is_several or _ASKED[kind].search(asked)):
            continue
        if kind == "place" and _ASKED[kind].search(asked) and _only_acts_besides(kind, kinds, texts):
            continue
        if (
            odd
            and (odd == 1 or kind in {"place", "whom"})
            and not (kind == "when" and _ASKED[kind].search(asked))
        ):
            return True
    return False


def _only_acts_besides(kind: str, kinds: Sequence[str], texts: Sequence[str]) -> bool:
    """Return whether what is no place is an act: *pulang* answers where to as well."""
    return all(_VERB.match(text) for text, found in zip(texts, kinds, strict=True) if found != kind)


def _is_off_the_question(asked: str, texts: Sequence[str]) -> bool:
    """Return whether most answers are what is asked for, a person, a time or a number, and one is not."""
    for question, answer, not_answer in _ASKED_FOR:
        if question.search(asked):
            fits = [bool(answer.search(text)) for text in texts]
            if not_answer and any(not_answer.match(text) for text in texts):
                return True
            return not not_answer and sum(fits) > 1 and not all(fits)
    return False


def _kind(text: str) -> str:
    return next((kind for kind, pattern in _KINDS.items() if pattern.match(text)), "")


def _is_out_of_proportion(group: Sequence[Option]) -> bool:
    *_rest, second, longest = sorted(group, key=lambda option: _length(option.text))
    far = _length(longest.text) - _length(second.text) >= MIN_LETTERS
    return not longest.is_right and far and _length(longest.text) >= OUT_OF_PROPORTION * _length(second.text)


def _are_acts_and_things(texts: Sequence[str]) -> bool:
    acts = [bool(ACT.match(text)) and not NOUNS_LIKE_ACTS.match(text) for text in texts]
    if any(acts) and any(map(_THING.match, texts)):
        return True
    others = [text for text, is_act in zip(texts, acts, strict=True) if not is_act]
    return sum(acts) > len(others) > 0 and any(_is_bare(text) for text in others)


def _is_bare(text: str) -> bool:
    """Return whether an answer is a word or two without any verb we know."""
    return len(text.split()) <= BARE and not _VERB.search(text)


def _length(text: str) -> int:
    return len(text.replace(VALUE, TOLD_LENGTH))


RULE = Rule(
    key="unequal_options",
    says=_l("The answers are of different kinds, or one is out of all proportion."),
    reason=_l("What does not fit the question is struck out unread: let all be persons, or places, or acts."),
    bad="Pak Camat / Ada bukti tertulis / Di kantor pos / Sesudah panen",
    good="Ada bukti tertulis / Ada hadiahnya / Ada potongan iuran",
    is_broken_by=has_unequal_options,
    broken_by=(
        options("Ada bukti tertulis", "Pak Camat", "Di kantor pos", "Sesudah panen"),
        options("Unsur pekerja", "Unsur pemerintah", "Karena ia pemegang saham"),
        options("Melayani warga", "Memeriksa berkas", "Pengobatan korban"),
        options("Jaminan Hari Tua", "Jaminan Pensiun", "Membayar iuran tiap bulan"),
        options("Dengan uang elektronik", "Dengan transfer", "Tabungan desa"),
        {"stem": "Apa yang diperiksa?", **options("Tanda tangan", "Ia menelepon", "Nomor peserta")},
        {"stem": "Apa yang dirawat?", **options("Gedung", "Mobil dinas", "Pada sore hari")},
        {
            "type": "multiple_response",
            "stem": "Apa saja yang dibawa?",
            **options("KTP", "Kartu keluarga", "Karena diminta", "Di balai desa"),
        },
        {"stem": "Siapa melapor?", **options("Pemberi kerja", "Segera", "Kepala desa")},
        {"stem": "Kapan ia didaftarkan?", **options("Sejak ia bekerja", "Petugas loket", "Kantor cabang")},
        {"stem": "Peserta wajib …", **options("perubahan data", "melaporkannya", "menyimpan kartunya")},
        {"stem": "Apa tugas kader?", **options("Menemani warga", "Mencatat", "Balai desa", "Menulis")},
        {"stem": "Berapa lama JKP dibayar?", **options("Enam bulan", "Dua juta rupiah", "Tiga tahun")},
    ),
    kept_by=(
        {"stem": "Di mana iuran dibayar?", **options("Di bank", "Di kantor desa", "Di koperasi")},
        {
            "stem": "Apa yang dilakukan kader?",
            **options("Mendengarkannya", "Menyuruhnya pulang", "Keluar dari grup"),
        },
        {
            "stem": "Kapan ia melapor dan apa yang ia bawa?",
            **options("Segera, surat", "Nanti, uang", "Besok, peta"),
        },
        {"stem": "Siapa dilindungi?", **options("Setiap pekerja", "Pemilik toko", "Tiap kader")},
        {
            "stem": "Apa yang Anda katakan?",
            **options("Menunggu panen", "Ia mendaftar sendiri", "Tetangganya yang mendaftarkan"),
        },
        {
            "type": "multiple_response",
            "stem": "Apa saja yang dihapus dari poster?",
            **options("Klaim", "Iuran", "Balai desa", "Bu Yayuk"),
        },
        {"stem": "Kapan melapor?", **options("Segera", "Bila ia sembuh", "Sesudah panen")},
        {"stem": "Berapa umurnya?", **options("Di bawah 20 tahun", "20–40 tahun", "Di atas 40 tahun")},
        {"stem": "Apa tugasnya?", **options("Menitipkan surat", "Memberi keterangan", "Memutus perkara")},
        {"stem": "Kepada siapa BPJS bertanggung jawab?", **options("Presiden", "Gubernur", "Bupati")},
        options("Enam bulan", "Tiga tahun", "Seumur hidup"),
        {
            "stem": "Berapa pelatihan dapat ia ikuti?",
            **options("Sebanyak ia sanggup", "Paling banyak dua kali", "Sebanyak kuotanya"),
        },
        {
            "stem": "Perubahan data itu disampaikan paling lambat …",
            **options("awal musim panen", "{fakta:data_change.report_working_days}", "menjelang Natal"),
        },
        {"stem": "Siapa mengawasi?", **options("Dewan Pengawas", "Menteri Keuangan", "Bupati")},
    ),
)
