"""Questions as they stand on paper: what people read, and apart from it the key. Pure.

Papers are in Indonesian, the language of the courses, whoever prints them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from lms.core.text import fold
from quizzes.exchange.contract import GivenQuestion
from quizzes.exchange.markup import to_plain
from quizzes.exchange.template_rows import show_number
from quizzes.types.base import Json
from quizzes.types.cloze import MARK
from quizzes.types.patterns import show as show_pattern

TITLE, KEY_TITLE, WHO = "Soal", "Kunci jawaban", "Nama: ______________________   Tanggal: ______________"
LINE = "_" * 40
_HINTS = {
    "single_choice": "Pilih satu jawaban.",
    "multiple_response": "Pilih semua jawaban yang benar.",
    "true_false": "Pilih benar atau salah.",
    "matching": "Tulis huruf yang cocok di depan setiap baris.",
    "ordering": "Tulis nomor urut di depan setiap baris.",
}


@dataclass(frozen=True)
class Printed:
    """One question on paper. Texts are inline Markdown; each line has the sign before it, perhaps empty."""

    stem: str
    hint: str
    lines: tuple[tuple[str, str], ...]
    key: tuple[str, ...]
    explanation: str


def can_print(question: GivenQuestion) -> bool:
    """Say whether paper holds the type."""
    return question.kind in _SHOWN


def list_printed(questions: Sequence[GivenQuestion]) -> list[Printed]:
    """Return what can be printed, in its order."""
    return [_printed(question) for question in questions if can_print(question)]


def _printed(question: GivenQuestion) -> Printed:
    source = question.source
    lines, key = _SHOWN[question.kind](source)
    return Printed(
        str(source["stem"]),
        _HINTS.get(question.kind, ""),
        tuple(lines),
        tuple(key),
        str(source.get("explanation") or ""),
    )


Shown = tuple[list[tuple[str, str]], list[str]]


def _choice(source: Json) -> Shown:
    rows = list(zip(ascii_uppercase, source["options"], strict=False))
    right = ", ".join(letter for letter, option in rows if option.get("correct"))
    return [(f"{letter}.", str(option["text"])) for letter, option in rows], [right]


def _truth(source: Json) -> Shown:
    return [("A.", "Benar"), ("B.", "Salah")], ["A" if source["answer"] else "B"]


def _matching(source: Json) -> Shown:
    lone = source.get("distractors") or []
    texts = {fold(to_plain(str(t))): str(t) for t in (*(p["match"] for p in source["pairs"]), *_texts(lone))}
    order = sorted(texts)
    lines = [(f"____ {number}.", str(pair["text"])) for number, pair in enumerate(source["pairs"], 1)]
    lines += [(f"{letter}.", texts[name]) for letter, name in zip(ascii_uppercase, order, strict=False)]
    letters = (ascii_uppercase[order.index(fold(to_plain(str(p["match"]))))] for p in source["pairs"])
    return lines, [", ".join(f"{number}–{letter}" for number, letter in enumerate(letters, 1))]


def _texts(parts: Sequence[Json]) -> Iterator[str]:
    for part in parts:
        yield str(part["text"])


def _ordering(source: Json) -> Shown:
    texts = list(_texts(source["items"]))
    shown = sorted(texts, key=lambda text: fold(to_plain(text)))
    shown = shown[1:] + shown[:1] if shown == texts else shown
    lines = [("____ ", text) for text in shown]
    return lines, [", ".join(str(texts.index(text) + 1) for text in shown)]


def _number(source: Json) -> Shown:
    unit = f" {source['unit']}" if source.get("unit") else ""
    band = f" (± {show_number(source['tolerance'])})" if source.get("tolerance") else ""
    return [("", f"Jawaban: {'.' * 30}{unit}")], [f"{show_number(source['answer'])}{unit}{band}"]


def _short(source: Json) -> Shown:
    right = [show_pattern(str(a["accept"])) for a in source["answers"] if str(a.get("share", 1)) == "1"]
    return [("", f"Jawaban: {'.' * 50}")], ["; ".join(right)]


def _cloze(source: Json) -> Shown:
    text = MARK.sub(lambda match: f"({match[1]}) ............", str(source["text"]))
    lines, key = [("", text)], []
    for number, gap in enumerate(source["gaps"], 1):
        options = gap.get("options") or []
        if options:
            lines.append((f"({number})", " / ".join(_texts(options))))
        key.append(f"({number}) {_gap_key(gap)}")
    return lines, key


def _gap_key(gap: Json) -> str:
    if gap["kind"] == "choice":
        return next(to_plain(str(option["text"])) for option in gap["options"] if option.get("correct"))
    return (_number if gap["kind"] == "number" else _short)(gap)[1][0]


def _essay(source: Json) -> Shown:
    key = [
        f"{to_plain(str(criterion['text']))}: "
        + "; ".join(
            f"{show_number(one['points'])} = {to_plain(str(one['text']))}" for one in criterion["levels"]
        )
        for criterion in source["rubric"]
    ]
    return [("", "." * 90)] * 5, key


_SHOWN: dict[str, Callable[[Json], Shown]] = {
    "single_choice": _choice,
    "multiple_response": _choice,
    "true_false": _truth,
    "matching": _matching,
    "ordering": _ordering,
    "number": _number,
    "short_answer": _short,
    "cloze": _cloze,
    "essay": _essay,
}
