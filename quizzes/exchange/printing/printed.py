"""Questions as they stand on paper: what people read, and apart from it the key. Pure.

Papers are in Indonesian, the language of the courses, whoever prints them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import NamedTuple

from quizzes.exchange.contract import GivenQuestion
from quizzes.exchange.markup import from_plain, list_pictures
from quizzes.exchange.moodle.datasets import Plain
from quizzes.exchange.moodle.losses import part_question
from quizzes.exchange.printing.figures.fitting import as_png, open_picture
from quizzes.exchange.printing.figures.lettered import can_draw, draw_places
from quizzes.exchange.printing.kinds import SHOWN, Block, Line, Picture, Table
from quizzes.types.base import Json
from quizzes.types.calculated import Calculated
from quizzes.types.case_story import read_story
from quizzes.types.variables import ANSWER

TITLE, KEY_TITLE = "Soal", "Kunci jawaban"
NAME, DAY = "Nama", "Tanggal"
HINTS = {
    "single_choice": "Pilih satu jawaban.",
    "multiple_response": "Pilih semua jawaban yang benar.",
    "true_false": "Pilih benar atau salah.",
    "matching": "Tulis huruf yang cocok di depan setiap baris.",
    "ordering": "Tulis nomor urut di depan setiap baris.",
    "hotspot": "Pilih satu tempat pada gambar.",
}
MOST_BYTES = 180_000
"""Of one picture; the renderer of PDFs takes no larger ones."""
_VALUE = re.compile(r"\{nilai:\s*([a-z0-9_]*)\s*\}")


@dataclass(frozen=True)
class Printed:
    """One question on paper. Texts are inline Markdown, whose pictures are PNG in ``pictures`` by their name.

    Of a case ``blocks`` are the story and ``parts`` its questions.
    """

    number: str
    stem: str
    hint: str
    blocks: tuple[Block, ...]
    key: tuple[str, ...]
    explanation: str
    # What stands before a reason in the key: the letter of an option.
    reasons: tuple[tuple[str, str], ...] = ()
    parts: tuple[Printed, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)


class Variant(NamedTuple):
    """The numbers a calculated question is printed with, by variable, as they are shown; the key too."""

    shown: dict[str, str]
    given: dict[str, str]

    @property
    def words(self) -> str:
        """Which variant it is: "upah = Rp2.000.000, bulan = 3 bulan"."""
        return ", ".join(f"{name} = {value}" for name, value in self.given.items())


def can_print(question: GivenQuestion) -> bool:
    """Say whether paper holds a question."""
    if question.kind == "case_set":
        parts = list_parts(question)
        return bool(parts) and all(part is not None and can_print(part) for part in parts)
    if question.kind == "hotspot":
        return can_draw(question.source, question.files)
    if question.kind == "calculated":
        return find_variant(question.source) is not None
    return question.kind in SHOWN


def list_parts(case: GivenQuestion) -> list[GivenQuestion | None]:
    """Return the questions of a case; None for a part that only a screen can show."""
    return [part_question(case, part) for part in case.source.get("parts") or []]


def find_variant(source: Json) -> Variant | None:
    """Return the first variant of a calculated question, None where it cannot be reckoned."""
    bare = {name: value for name, value in source.items() if name not in {"stem", "explanation"}}
    try:
        variants = Calculated().resolve(bare, Plain())["variants"]
    except ValueError:
        return None
    if not variants:
        return None
    shown = variants[0]["shown"]
    named = _VALUE.findall(f"{source.get('stem', '')}")
    given = {name: shown[name] for name in dict.fromkeys(named) if name in shown and name != ANSWER}
    return Variant(shown, given or {name: shown.get(name, "") for name in variants[0]["values"]})


def list_printed(questions: Sequence[GivenQuestion]) -> list[Printed]:
    """Return what can be printed, in its order and numbered."""
    held = [question for question in questions if can_print(question)]
    return [_printed(question, str(number)) for number, question in enumerate(held, 1)]


def _printed(question: GivenQuestion, number: str) -> Printed:
    if question.kind == "case_set":
        return _case(question, number)
    source = _with_numbers(question.source) if question.kind == "calculated" else question.source
    shown = SHOWN[question.kind](source)
    blocks = list(shown.blocks)
    if question.kind == "hotspot":
        picture = draw_places(source, question.files)
        body = as_png(picture, most_bytes=MOST_BYTES) if picture else b""
        blocks.insert(0, Picture(body, str(source.get("alt") or "")))
    return Printed(
        number,
        str(source["stem"]),
        HINTS.get(question.kind, ""),
        tuple(blocks),
        tuple(shown.key),
        str(source.get("explanation") or ""),
        tuple(shown.reasons),
        pictures=_pictures(question),
    )


def _case(question: GivenQuestion, number: str) -> Printed:
    parts = [part for part in list_parts(question) if part is not None]
    return Printed(
        number,
        str(question.source["stem"]),
        "",
        tuple(_story(str(question.source.get("text") or ""))),
        (),
        str(question.source.get("explanation") or ""),
        parts=tuple(
            _printed(part, f"{number}{letter}") for letter, part in zip(ascii_lowercase, parts, strict=False)
        ),
        pictures=_pictures(question),
    )


def _story(text: str) -> list[Block]:
    return [
        Line("", block) if isinstance(block, str) else Table(tuple(map(tuple, block)))
        for block in read_story(text)
    ]


def _with_numbers(source: Json) -> Json:
    """Return a calculated question with the numbers of its first variant."""
    variant = find_variant(source)
    if variant is None:
        return source

    def value(match: re.Match[str]) -> str:
        return from_plain(variant.shown.get(match[1], match[0]))

    texts = {name: _VALUE.sub(value, str(source.get(name) or "")) for name in ("stem", "explanation")}
    return source | texts | {"key": variant.shown[ANSWER], "variant": variant.words}


def _pictures(question: GivenQuestion) -> dict[str, bytes]:
    """Return what the texts of a question show, by the name they show it by."""
    found = {}
    for name in list_names(question.source):
        picture = open_picture(question.files[name]) if name in question.files else None
        if picture is not None:
            found[name] = as_png(picture, most_bytes=MOST_BYTES)
    return found


def list_names(value: object) -> list[str]:
    """Return the names of all pictures in the texts of a source, each once."""
    if isinstance(value, str):
        return list(dict.fromkeys(list_pictures(value)))
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        return list(dict.fromkeys(name for part in value for name in list_names(part)))
    return []
