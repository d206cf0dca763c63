"""A sentence a village official has to read twice."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l

from courses.catalogue.texts.sentences import LONG, TOO_LONG, Sentence
from quizzes.bank.advice.base import Rule
from quizzes.bank.advice.item import Item
from quizzes.bank.advice.words import words_of

_SYLLABLE = re.compile(r"ai|au|oi|[aeiou]", re.IGNORECASE)
_CLAUSE = re.compile(
    r"\b(?:yang|sehingga|apabila|jika|bila|bilamana|dalam hal|bahwa|sedangkan|sebagaimana|agar|karena|namun"
    r"|serta|walaupun|meskipun|sepanjang|guna)\b",
    re.IGNORECASE,
)
_DECREE = re.compile(
    r"\b(?:dalam hal|sebagaimana|dimaksud(?:kan)?|berkenaan dengan|ketentuan|ditinjau|terhitung|dalam rangka"
    r"|adapun|bilamana|tersebut|oleh sebab|oleh karena|manakah yang|bagaimanakah|sepanjang|guna|perihal"
    r"|termaktub|dinyatakan|sehubungan|berdasarkan|terlebih dahulu|yang bersangkutan|kepada siapakah"
    r"|apakah yang|pula|perundang-undangan|yang mana|hal mana|dipersyaratkan|bersangkutan|manakala"
    r"|oleh karenanya|atas dasar|menjadi haknya|terhadap|mana di antara|diatur dalam"
    r"|penyelenggaraan|pelaksanaan)\b",
    re.IGNORECASE,
)
MANY_CLAUSES = 4
"""Clauses within clauses from which on a sentence longer than `LONG` words is lost."""
SOME_CLAUSES = 3
"""The same for one nearly as long as `TOO_LONG`."""
MANY_OF_DECREES = 2
"""Words of decrees that make a long sentence unreadable."""
HEAVY = 2.6
"""Syllables a word, on average, from which on a long sentence is heavy."""


def is_hard(item: Item) -> bool:
    """Return whether a sentence of the question is long, and winding or heavy."""
    return any(map(_is_hard, item.sentences))


def _is_hard(sentence: Sentence) -> bool:
    if sentence.word_count <= LONG:
        return False
    clauses, decrees = len(_CLAUSE.findall(sentence.text)), len(_DECREE.findall(sentence.text))
    is_winding = clauses >= MANY_CLAUSES or (clauses > 1 and decrees >= MANY_OF_DECREES)
    is_winding |= clauses >= SOME_CLAUSES and sentence.word_count > TOO_LONG - 6
    is_winding |= decrees > MANY_OF_DECREES
    is_heavy = (
        sentence.word_count > TOO_LONG - 5 and syllables_per_word(sentence.text) >= HEAVY and clauses > 1
    )
    return is_winding or is_heavy


def syllables_per_word(text: str) -> float:
    """Return how many syllables the words of an Indonesian text have on average: each vowel makes one."""
    words = words_of(text)
    return sum(max(1, len(_SYLLABLE.findall(word))) for word in words) / max(1, len(words))


RULE = Rule(
    key="hard_to_read",
    says=_l("A sentence is long and winding: it has to be read twice."),
    reason=_l("It then tests reading, not the subject. Make short sentences, one thing after the other."),
    bad="Dalam hal pemberi kerja yang telah memungut iuran yang menjadi beban pekerjanya …",
    good="Pemberi kerja sudah memungut iuran. Ia belum menyetorkannya.",
    is_broken_by=is_hard,
    broken_by=(
        {
            "stem": "Dalam hal pemberi kerja yang telah memungut iuran yang menjadi beban pekerjanya, namun "
            "oleh sebab keadaan keuangan yang belum memungkinkan penyetorannya tertunda, bagaimanakah "
            "kedudukan perbuatan dimaksud ditinjau dari undang-undang?"
        },
        {
            "stem": "Siapakah yang dapat menjatuhkan sanksi yang bertahap kepada pemberi kerja yang dengan "
            "sengaja mengurangi hak pekerjanya yang memperoleh perlindungan menurut upah yang sebenarnya?"
        },
        {
            "stem": "Kepada pihak manakah permohonan penetapan kembali persentase kecacatan sebagaimana "
            "dimaksud harus disampaikan oleh ahli waris yang merasa dirugikan atas keputusan tersebut?"
        },
    ),
    kept_by=(
        {
            "stem": "Wati bekerja di pabrik rokok selama enam tahun. Ia berhenti, pulang merawat ibunya, "
            "lalu dua tahun kemudian bekerja di toko kain. Apa yang ia tunjukkan kepada majikan barunya?"
        },
        {
            "stem": "Bu Rus, yang berjualan sayur di pasar sejak pukul tiga pagi, jatuh ketika menurunkan "
            "karung dari gerobaknya, lalu diantar tetangganya ke puskesmas. Apa yang ia urus?"
        },
    ),
)
