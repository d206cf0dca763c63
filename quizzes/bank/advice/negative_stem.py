"""A question that asks for what is not so, the turning word easily read over."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l

from quizzes.bank.advice.base import Rule, options
from quizzes.bank.advice.item import Item

_NOT = (
    r"\b(?:[Tt]idak|[Bb]ukan|[Bb]elum|[Kk]eliru|[Ss]alah(?! satu)|[Tt]ak|kurang(?= (?:tepat|sesuai|benar)))\b"
)
_FLAW = re.compile(r"\b[Aa]pa yang (?:keliru|salah)\b")
"""Asks what went wrong in a story: nothing is turned around."""
_EMPHASIS = re.compile(r"(\*{1,2}|_{1,2})[^*_]+\1")
_MARKS = re.compile(r"[*_]{1,2}")
_NAME_OF_LAW = re.compile(
    r"\bbukan penerima upah\b|\btidak (?:mampu(?: bekerja)?|tetap|langsung)\b", re.IGNORECASE
)
"""What the law calls people, wages and benefits by."""
_JOINING = (
    r"(?:bila|jika|apabila|kalau|karena|sebab|walau\w*|meski\w*|agar|supaya|ketika|selama|sampai|selagi|padahal"
    r"|sehingga|sebelum|sesudah|saat|waktu)\b"
)
_REASON_ASKED = re.compile(
    r"\b(?:mengapa|kenapa|(?:apa|mana)(?:kah)? (?:sebab|akibat|alasan|arti)"
    r"|(?:sebab|akibat|alasan|sanksi) apa)",
    re.IGNORECASE,
)
"""Asks about a thing that is not so: nothing is turned around either."""
_WITHHELD = re.compile(
    r"\b(?:[Ss]iapa|[Aa]pa|[Mm]ana|[Kk]apan)(?:kah)?(?: saja)?"
    rf"(?: (?!yang\b|{_JOINING})[\w/-]+){{1,6}}"
    r" (?:tidak|tak|belum) (?:boleh|dapat|bisa|perlu|wajib|harus|berlaku)\b"
)
"""What, whom, where something may not: the main clause is turned."""
_ASKED = re.compile(
    rf"(?:(?:^|[Bb]erikut (?:ini )?)[Yy]ang|\b[Ss]iapa(?:kah)?"
    rf"|\b[Aa]pa(?:kah)?|\b(?<![Dd]i )(?<![Kk]e )(?<!ari )(?<!agai)[Mm]ana(?:kah)?)"
    rf"(?: saja)?(?: yang)? {_NOT}(?=.*(?:\?|…|\.\.|:)\s*$)"
)
_CHOSEN = re.compile(
    rf"(?<![Dd]i )(?<![Kk]e )(?<!ari )\b(?:[Mm]ana(?:kah)?|[Ss]iapa(?:kah)?|[Aa]pa|[Bb]erikut)\b"
    rf"(?: (?!yang\b|akibat|sanksi|langkah|hak|sebab)[\w/-]+){{0,6}} yang (?:paling |justru )?{_NOT}"
)
_TOLD_TO = re.compile(
    rf"\b(?:[Pp]ilih|[Tt]unjuk|[Tt]entukan|[Tt]emukan|[Ss]ebut|[Tt]andai)\w*\b[^.?]* yang {_NOT}"
)
_LISTED = re.compile(
    rf"\b[Bb]erikut(?: ini)? {_NOT}|\b[Dd]i antara [^?.]*(?: yang)? {_NOT}(?: termasuk)?"
    rf"|\b(?:[Kk]apan|keadaan (?:apa|mana))\b(?: [\w/-]+){{0,5}} tidak\b"
)
_BEGUN = re.compile(rf"^(?:[\w/-]+ ){{0,3}}?yang {_NOT}.*\b(?:adalah|ialah|yaitu|kecuali)\b", re.IGNORECASE)
_WHOSE = re.compile(
    rf"\b(?:[Mm]ana|[Ss]iapa|[Aa]pa)(?:kah)?(?: (?!yang\b)[\w/-]+){{0,4}} yang"
    rf" (?:\w+nya|(?:menurut|dalam|pada|di|bagi) (?:[\w/-]+ ){{1,4}}?(?<!yang )) ?{_NOT}"
)
"""As in *yang iurannya tidak*, *yang menurut pasal ini tidak*."""
_BUT_ONE = re.compile(r"\b(?:[Kk]ecuali|[Ss]elain) (?:satu|sebuah|seorang)\b")
_BESIDES = re.compile(r"(?<!anpa )\b(?:[Tt]er)?[Kk]ecuali\b|\bselain(?: dari)?\W*$")
"""*Ke mana lagi selain ke bank?* asks for what holds; nothing is turned."""
_RELATIVE = re.compile(
    rf"\b(?:dari|bagi|oleh|pekerja|peserta|pemberi kerja|perusahaan|orang|warga|pengusaha|majikan)"
    rf" yang {_NOT}"
)
_INSERTED = re.compile(
    rf"(?<=\byang)(?:, ?[^,]{{1,160}},)?(?: (?:tetap|masih|juga|memang|ternyata|\w+nya))?(?= {_NOT})"
)
"""What stands between *yang* and its denial: *yang, setelah ditegur, tetap tidak melapor*."""
_CLAUSE = re.compile(
    rf"(?:^|[,;:.])(?:(?!\b{_JOINING})[^,;:.])*?(?<!yang )(?<!tetapi ){_NOT}(?! hanya)",
    re.IGNORECASE,
)


_DENIAL = re.compile(r"\b(?:tidak|tak|bukan|belum|tanpa|jangan|dilarang)\b", re.IGNORECASE)


def is_negative(item: Item) -> bool:
    """Return whether what is asked is turned around without emphasis, or meets answers that deny too."""
    return _turns_around(item) or _denies_twice(item)


def _denies_twice(item: Item) -> bool:
    """Return whether an emphasised *not* meets a right answer, or several, that say *not* as well."""
    if item.kind == "true_false" or not _turns(_bare(_MARKS.sub("", item.asked).lower())):
        return False
    denied = [bool(_DENIAL.search(option.text)) for group in item.choices for option in group]
    return 1 < sum(denied) < len(denied)


def _turns_around(item: Item) -> bool:
    asked = _bare(_EMPHASIS.sub("", item.asked))
    if item.kind == "true_false":
        asked = _INSERTED.sub("", asked)
        return bool(_CLAUSE.search(asked) or re.search(r"(?<!tanpa )\bkecuali\b", asked))
    return _turns(asked) or bool(_BUT_ONE.search(_EMPHASIS.sub("", item.told)))


def _bare(asked: str) -> str:
    return _FLAW.sub("", _NAME_OF_LAW.sub("", asked))


def _turns(asked: str) -> bool:
    """Return whether the words of a question ask for what is not so."""
    if _REASON_ASKED.search(asked):
        return False
    turned = (_ASKED.search(asked) and not _RELATIVE.search(asked)) or _CHOSEN.search(asked)
    return bool(
        turned
        or _TOLD_TO.search(asked)
        or _WHOSE.search(asked)
        or _LISTED.search(asked)
        or _BEGUN.search(asked)
        or _BESIDES.search(asked)
        or _WITHHELD.search(asked)
    )


RULE = Rule(
    key="negative_stem",
    says=_l("The question asks for what is not so, and its “not” is easily read over."),
    reason=_l("Tired readers pass over a small “not”. Ask for what is right, or write the word as *BUKAN*."),
    bad="Mana yang tidak termasuk tugas kader?",
    good="Mana yang termasuk tugas kader?",
    is_broken_by=is_negative,
    broken_by=(
        {"stem": "Mana yang tidak termasuk tugas kader?"},
        {"stem": "Semua ini tugas kader, kecuali …"},
        {"stem": "Pernyataan manakah yang salah tentang JHT?"},
        {"stem": "Kalimat kader manakah yang kurang tepat?"},
        {"stem": "Program mana yang iurannya tidak dipotong dari upah?"},
        {"stem": "Siapa yang menurut undang-undang tidak wajib didaftarkan?"},
        {"stem": "Kegiatan ini semua dikerjakan kader, terkecuali:"},
        {"stem": "Semua berkas ini dibawa, selain …"},
        {
            "stem": "Tugas mana yang **BUKAN** milik kader?",
            **options("Tidak menagih", "Tidak menyita", "Menemani"),
        },
        {"stem": "Kepada siapa kader tidak boleh memberikan data warga?"},
        {"stem": "Semua ini tugas BPJS kecuali satu. Yang mana?"},
        {"type": "true_false", "stem": "Iuran JKK tidak dipotong dari upah.", "answer": True},
    ),
    kept_by=(
        {"stem": "Mana yang **BUKAN** tugas kader?"},
        {"stem": "Ke mana lagi kecelakaan dilaporkan selain ke kantor cabang?"},
        {"stem": "Selain mendaftarkan buruhnya, apa lagi kewajibannya?"},
        {"stem": "Siapa yang menolong warga yang tidak bisa membaca?"},
        {"type": "true_false", "stem": "Kartu peserta dicetak kantor cabang.", "answer": True},
        {"stem": "Majikan Lastri tidak mendaftarkannya. Apa yang dapat ia lakukan?"},
        {"stem": "Mengapa ia tidak berhak atas JKP?"},
        {"stem": "Ke mana pekerja yang tidak puas mengadu?"},
        {"stem": "Siapa saja yang bukan penerima upah?"},
        {"stem": "Bu Rini lupa membayar. Menurut aturan, mengapa haknya belum gugur?"},
        {"stem": "Apa yang dilakukan kader bila warga tidak dapat datang?"},
        {"type": "true_false", "stem": "Perusahaan yang tidak mendaftar ditegur.", "answer": True},
        {"type": "true_false", "stem": "Santunan sementara tidak mampu bekerja dibayar.", "answer": True},
        {
            "type": "true_false",
            "stem": "Perusahaan yang, setelah diingatkan dua kali, tetap tidak melapor dikenai denda.",
            "answer": True,
        },
    ),
)
