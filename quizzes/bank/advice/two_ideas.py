"""A stem that asks two things, or a statement that claims two."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l

from quizzes.bank.advice.base import Rule
from quizzes.bank.advice.item import Item

_ASKS = (
    r"(?:(?:ke|dari|oleh|untuk|dengan|sejak|sampai)?\s?(?:ke)?(?:siapa|berapa|kapan|bagaimana|bilamana)(?:kah)?"
    r"(?! pun)|(?:di|ke|dari) mana(?:kah)?|manakah|(?:apa|apakah)(?!-| pun)(?: saja)?)"
)
_TWICE = re.compile(
    rf"\b(?:{_ASKS}|mengapa|mana)\b[^?]*(?:\b(?:dan|serta|lalu|sekaligus|kemudian)\b|,|;)"
    rf"(?: [^\s?,]+){{0,3}}? {_ASKS}\b",
    re.IGNORECASE,
)
_TOLD_TO = re.compile(
    r"\b(?:sebut|tulis|jelas|hitung|tentu)\w*\b[^.?]*\b(?:dan|serta|lalu)"
    r" (?:sebut|tulis|jelas|hitung|tentu)\w*",
    re.IGNORECASE,
)
_QUESTION = re.compile(rf"\b(?:{_ASKS}|mengapa|mana|\w+kah)\b[^.?]*\?", re.IGNORECASE)
_OPPOSED = re.compile(
    r",\s*(?:sedangkan|sementara|tetapi|namun|adapun|dan|serta|juga|sekaligus)\b|;|\bsedangkan\b"
)
_SECOND_CLAIM = re.compile(
    r"(?:(?:,\s*|\b)(?:sedangkan|sementara|adapun)|;)\s+\S+\s+\S"
    r"|,\s*(?:dan|serta)\s+(?!(?:untuk|dengan|di|ke|dari|pada|oleh|kepada|bagi|lewat|melalui|yang|juga|itu)\b)(?:\S+\s+){2}\S"
)
"""What may have a noun for its predicate: *bank itu milik negara*."""
_SAME_SUBJECT = re.compile(r"^(\w{4,})\b.*\b(?:di|me|ber)\w{3,}.*\bdan \1\b(?: \S+){2}", re.IGNORECASE)
_WITHIN_CLAUSE = re.compile(r"\byang(?: [^\s,]+){1,3}$")
_VERB = (
    r"(?:di(?!a\b|mana)\w{3,}|me\w{4,}|ber\w{4,}|wajib|boleh|dapat|adalah|ialah|tidak|bukan|sebesar|harus)"
)
_JOINED = re.compile(
    rf"\b{_VERB}\b[^,;]*\b(?:dan|serta) (?!{_VERB}\b|tanpa\b|dengan\b)"
    rf"(?:(?!yang|untuk|dari)[\w/{{}}:.]+ ){{1,4}}{_VERB}\b"
)
_AS_WELL = re.compile(r"\bserta (?=di\w{4,}|me\w{4,})|\bdan (?=boleh|wajib|dapat|tidak|harus)")


_WHY_TOO = re.compile(
    r"\b(?:dan|serta) (?:mengapa|kenapa|apa sebabnya)(?! (?:demikian|begitu))(?: \w+){2}", re.I
)
"""A reason with a subject of its own; *dan mengapa?* belongs to what is asked before it."""
_AT_ONCE = re.compile(
    r"\b(?:sebut|tulis|jelas|hitung|tentu|terang)\w*\b[^.?]*"
    r"\bsekaligus (?:tempat|waktu|besar|cara|alasan|syarat|batas|siapa)",
    re.IGNORECASE,
)
_NOT_ONLY = re.compile(
    r"^(?:selain|di samping|tidak hanya|bukan (?:hanya|saja|cuma))\b"
    r".*\b(?:me|di|ber)\w{3,}.*, ?.*\b(?:juga|pun)\b"
    r"|\b(?:tidak|bukan) (?:hanya|saja)\b.*\b(?:tetapi|melainkan|namun) juga\b",
    re.IGNORECASE,
)
_BEFORE_COMMA = (
    r"(?i:bila|jika|apabila|kalau|ketika|saat|sewaktu|sesudah|setelah|sebelum|selama|sejak|meski\w*|walau\w*"
    r"|karena|untuk|agar|supaya|menurut|dalam|pada|di|bagi|dengan|tanpa|asal\w*|selain)"
)
_SPLICED = re.compile(
    rf"^(?!{_BEFORE_COMMA}\b)(?i:[^,]*\b(?:me|di(?!a\b)|ber)\w{{3,}}[^,]*),"
    r" (?:[A-Z]\w+|\w{3,}nya) (?:\w+ )?(?i:me|di|ber|wajib|boleh|dapat|tidak)\w*",
)
"""Two sentences with a comma between them, the second about something else."""
_BUT = re.compile(
    r"\b(?:tetapi|tapi|namun) (?!(?:tidak|bukan|belum|hanya|juga|tetap|masih|dengan)\b)(?:\S+ ){0,2}?\S", re.I
)


def has_two_ideas(item: Item) -> bool:
    """Return whether one answer has to serve two questions."""
    if item.kind == "true_false":
        return _claims_two(item.asked)
    if item.kind in {"essay", "cloze", "matching", "ordering"}:
        return False
    questions = [
        match for match in _QUESTION.findall(item.told) if not match.casefold().startswith("mengapa")
    ]
    asks_twice = (_TWICE, _TOLD_TO, _WHY_TOO, _AT_ONCE)
    return len(questions) > 1 or any(pattern.search(item.asked) for pattern in asks_twice)


def _claims_two(statement: str) -> bool:
    if _NOT_ONLY.search(statement) or (statement.count(",") == 1 and _SPLICED.search(statement)):
        return True
    if _joins_by_but(statement):
        return True
    if statement.count(",") <= 1 and (_is_opposed(statement) or _SAME_SUBJECT.search(statement)):
        return True
    as_well = _AS_WELL.search(statement)
    is_said_of_one = as_well and _WITHIN_CLAUSE.search(statement[: as_well.start()].rstrip())
    return bool(_JOINED.search(statement)) or bool(as_well and not is_said_of_one)


def _joins_by_but(statement: str) -> bool:
    """Return whether *tetapi* joins two claims, each with a verb, without a comma to show it."""
    joined = _BUT.search(statement)
    if not joined or "yang" in statement[: joined.start()].split()[1:3]:
        return False
    has_verb = re.compile(rf"\b{_VERB}\b")
    return bool(has_verb.search(statement[: joined.start()]) and has_verb.search(statement[joined.start() :]))


def _is_opposed(statement: str) -> bool:
    opposed = _OPPOSED.search(statement)
    if not opposed:
        return False
    first, second = statement[: opposed.start()], statement[opposed.end() :]
    has_verb = re.compile(rf"\b{_VERB}\b")
    return bool(has_verb.search(second) or (has_verb.search(first) and _SECOND_CLAIM.search(statement)))


RULE = Rule(
    key="two_ideas",
    says=_l("It asks two things at once."),
    reason=_l("Who knows one of them and not the other gets the same as who knows none. Make two questions."),
    bad="Siapa yang membayar iuran JKP, dan berapa lama uang tunainya diterima?",
    good="Siapa yang membayar iuran JKP?",
    is_broken_by=has_two_ideas,
    broken_by=(
        {"stem": "Siapa yang membayar iuran JKP, dan berapa lama uang tunainya diterima?"},
        {"stem": "Dokumen apa yang dibawa untuk klaim dan di mana klaim diajukan?"},
        {"stem": "Siapa yang membayar iuran? Kapan iuran itu disetor?"},
        {
            "type": "true_false",
            "stem": "Teguran dijatuhkan BPJS, sedangkan izin ditahan pemerintah.",
            "answer": True,
        },
        {
            "type": "true_false",
            "stem": "Bank itu menerima iuran, dan bank lain milik daerah.",
            "answer": True,
        },
        {"stem": "Apa yang ditanyakan petugas dan mengapa berkasnya harus asli?"},
        {"stem": "Mengapa iuran disetor dan siapa yang menyetorkannya?"},
        {"stem": "Jelaskan syarat klaim sekaligus tempat mengajukannya."},
        {
            "type": "true_false",
            "stem": "JKK melindungi dari kecelakaan, JKM memberi santunan kematian.",
            "answer": True,
        },
        {
            "type": "true_false",
            "stem": "Selain dibayar bulanan, pensiun juga diwariskan kepada tetangga.",
            "answer": False,
        },
        {
            "type": "true_false",
            "stem": "Peserta boleh pindah kerja tetapi saldonya harus diambil dahulu.",
            "answer": False,
        },
        {"type": "true_false", "stem": "Laporan satu dikirim segera dan laporan dua nanti.", "answer": True},
    ),
    kept_by=(
        {"type": "true_false", "stem": "Peserta yang berhenti dan tidak bekerja dilayani.", "answer": True},
        {"stem": "Bolehkah suami dan istri masing-masing menjadi peserta?"},
        {"stem": "Apa yang ditulis kader, dan mengapa?"},
        {"stem": "Bagaimana iuran dihitung dan dibayar?"},
        {"stem": "Siapa yang mendaftarkan dan membayar iuran buruh pabrik?"},
        {"type": "true_false", "stem": "Bila peserta pindah kerja, nomornya tetap dipakai.", "answer": True},
        {
            "type": "true_false",
            "stem": "Buruh yang sudah terdaftar tetapi belum menerima kartu dilindungi.",
            "answer": True,
        },
        {"type": "true_false", "stem": "Korban dirawat sampai sembuh, lalu kembali bekerja.", "answer": True},
        {"type": "true_false", "stem": "Teguran dan denda dijatuhkan BPJS.", "answer": True},
        {
            "type": "true_false",
            "stem": "Kader boleh sendirian dan tanpa surat tugas apa pun menagih iuran.",
            "answer": False,
        },
    ),
)
