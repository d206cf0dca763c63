"""The words of our own sheet, Indonesian and English: headers, kinds, rules. The first of each is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

from flask_babel import get_locale

from lms.core.text import fold
from quizzes.exchange.sheets.header import fold_header
from quizzes.types.multiple_response_form import ALL_OR_NOTHING, RIGHT_MINUS_WRONG, WEIGHTS
from quizzes.types.tolerance import GEOMETRIC, NOMINAL, RELATIVE

Key = TypeVar("Key")
LETTERS = "ABCDEFGHIJKL"
OPTION, WHY, VALUE = "option", "why", "value"
"""Fields that every letter has: ``option A``."""


class Words(NamedTuple):
    """What something is called: written in Indonesian and in English, and what else is read."""

    indonesian: str
    english: str
    others: str = ""

    def spelled(self) -> list[str]:
        """Return every spelling."""
        return [self.indonesian, self.english, *(word for word in self.others.split("|") if word)]

    def __str__(self) -> str:
        """Return how it is written in the language of the request, Indonesian outside of one."""
        locale = get_locale()
        return self.english if locale is not None and locale.language == "en" else self.indonesian


def _lettered(name: str, words: Words) -> dict[str, Words]:
    found = {}
    for number, letter in enumerate(LETTERS, 1):
        others = [f"{word} {letter}" for word in words.others.split("|") if word]
        others += [f"{word} {number}" for word in (words.indonesian, words.english)]
        spelled = "|".join([*others, *([letter] if name == OPTION else [])])
        found[f"{name} {letter}"] = Words(
            f"{words.indonesian} {letter}", f"{words.english} {letter}", spelled
        )
    return found


COLUMNS: dict[str, Words] = {
    "kind": Words("Jenis", "Type", "tipe|jenis soal|tipe soal|kind"),
    "stem": Words("Soal", "Question", "pertanyaan|butir soal|isi soal|teks soal|question text"),
    "text": Words("Teks rumpang", "Text with gaps"),
    **_lettered(OPTION, Words("Pilihan", "Option", "opsi|jawaban|answer|choice")),
    "answer": Words(
        "Jawaban", "Answer", "kunci|kunci jawaban|jawaban benar|correct answer|correct answers|key|kunci soal"
    ),
    "explanation": Words("Penjelasan", "Explanation", "pembahasan|umpan balik|feedback"),
    **_lettered(WHY, Words("Alasan", "Reason", "pembahasan")),
    **_lettered(VALUE, Words("Nilai", "Value", "bobot|weight|skor")),
    "scoring": Words("Penilaian", "Scoring", "aturan nilai"),
    "fixed": Words("Tetap di tempat", "Stays in place"),
    "unit": Words("Satuan", "Unit"),
    "tolerance": Words("Toleransi", "Tolerance"),
    "tolerance_kind": Words("Jenis toleransi", "Kind of tolerance"),
    "near_tolerance": Words("Toleransi longgar", "Wider tolerance"),
    "near_share": Words("Nilai longgar", "Wider value"),
    "others": Words("Angka lain", "Further numbers"),
    "units": Words("Satuan lain", "Further units"),
    "unit_penalty": Words("Potongan satuan", "Unit penalty"),
    "match_case": Words("Huruf besar penting", "Capitals matter", "huruf besar"),
    "match_accents": Words("Aksen penting", "Accents matter", "aksen"),
    "min_words": Words("Kata paling sedikit", "Words at least", "kata minimal"),
    "max_words": Words("Kata paling banyak", "Words at most", "kata maksimal"),
    "attachment": Words("Lampiran", "Attachment"),
    "topic": Words("Topik", "Topic", "bab|materi|kategori|category"),
    "tags": Words("Tag", "Tags", "label|kata kunci"),
    "name": Words("Nama soal", "Name", "nama|kode soal|id soal"),
}
"""The columns by field, in the order in which they are written."""

HEADERS: Mapping[str, str] = {
    fold_header(word): name for name, words in COLUMNS.items() for word in words.spelled()
}

KINDS = {
    "single_choice": Words(
        "Satu jawaban", "Single choice", "pilihan ganda|pg|pilihan tunggal|multiple choice|mcq|single answer"
    ),
    "multiple_response": Words(
        "Beberapa jawaban",
        "Several answers",
        "jawaban ganda|pilihan ganda kompleks|pgk|checkbox|multiple response|multiple answers",
    ),
    "true_false": Words("Benar atau salah", "True or false", "benar salah|b s|bs|true false|tf|t f"),
    "matching": Words("Menjodohkan", "Matching", "pasangkan|jodohkan|menjodohkan pasangan|match"),
    "ordering": Words("Mengurutkan", "Ordering", "urutkan|urutan|order|sequence"),
    "number": Words("Angka", "A number", "number|numerik|hitungan|numerical|numeric"),
    "short_answer": Words("Isian singkat", "Short answer", "isian|jawaban singkat|fill in the blank"),
    "cloze": Words("Teks rumpang", "Text with gaps", "rumpang|isian rumpang|cloze"),
    "essay": Words("Esai", "Essay", "uraian|esei|essai|open ended"),
}

CHOICE_SCORINGS = {
    RIGHT_MINUS_WRONG: Words("benar dikurangi salah", "right minus wrong"),
    ALL_OR_NOTHING: Words("semua atau tidak sama sekali", "all or nothing", "semua atau tidak"),
    WEIGHTS: Words("menurut nilai", "by value", "bobot|menurut bobot|weights"),
}
ORDER_SCORINGS = {
    "absolute_position": Words("tiap tempat", "each place", "posisi"),
    "neighbours": Words("tiap urutan", "each neighbour", "tetangga|neighbours"),
    ALL_OR_NOTHING: Words("semua atau tidak sama sekali", "all or nothing", "semua atau tidak"),
}
TOLERANCES = {
    NOMINAL: Words("satuan", "nominal", "mutlak"),
    RELATIVE: Words("persen", "relative", "relatif|percent"),
    GEOMETRIC: Words("faktor", "geometric", "geometrik|factor"),
}
GAPS = {
    "choice": Words("pilihan", "choice"),
    "number": Words("angka", "number"),
    "text": Words("isian", "text", "isian singkat"),
}
TRUTHS = {
    True: Words("benar", "true", "b|t|betul|1"),
    False: Words("salah", "false", "s|f|keliru|0"),
}
ANSWERS = {True: Words("ya", "yes", "y|benar|true|1|x|v|✓"), False: Words("tidak", "no", "t|n|salah|false|0")}


def find_word(said: str, words: Mapping[Key, Words]) -> Key | None:
    """Return what a cell names, None where it names none of ``words``."""
    wanted = fold_header(said) or fold(said)
    for key, one in words.items():
        if any(wanted == (fold_header(word) or fold(word)) for word in one.spelled()):
            return key
    return None
