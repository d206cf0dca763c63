"""Essay: a text of one's own, marked by a person after a rubric; a file may come with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from html import escape
from random import Random

from flask_babel import lazy_gettext as _l

from quizzes.types.base import Example, FormatError, Grade, Json, QuestionType, Raw, Resolver
from quizzes.types.essay_form import EssayForm
from quizzes.types.rubric import MAX_CRITERIA, MAX_LEVELS, MAX_WORDS, Criterion, Level, read_points

MAX_LETTERS = 12_000
"""More than the longest text that may be asked for takes."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_LIMITS = ("min_words", "max_words")


def count_words(text: str) -> int:
    """Return how many words a text has: what blanks set apart, as the page counts them."""
    return len(text.split())


class Essay(QuestionType):
    """Lines to write into.

    Content: ``min_words`` and ``max_words`` (None: no limit), ``attachment`` ("one" or "none"), and
    ``rubric``: criteria with ``text`` and ``levels`` of ``text`` and ``points``, all plain text. Answer:
    ``{"text", "file"}``, the file by its sha256 ("" without one); `quizzes.attempts.files` keeps it.

    A text that is shorter or longer than asked is an answer all the same: the page says so while it is
    written, the marker sees the count and judges.
    """

    key = "essay"
    source_fields = frozenset({"min_words", "max_words", "attachment", "rubric"})
    edit_form = EssayForm
    key_field = "rubric"
    script = "types/essay.js"
    max_bytes = 14_000
    is_judged = True

    @property
    def label(self) -> str:
        """Name shown to authors."""
        return str(_l("Essay"))

    def faults(self, source: Json) -> list[str]:
        """Return what is wrong with limits and rubric."""
        return [
            str(fault) for fault in (*_faults_of_limits(source), *_faults_of_rubric(source.get("rubric")))
        ]

    def resolve(self, source: Json, resolver: Resolver) -> Json:
        """Return limits and the rubric as plain text."""
        return {
            "min_words": source.get("min_words"),
            "max_words": source.get("max_words"),
            "attachment": "one" if source.get("attachment") else "none",
            "rubric": [
                {
                    "text": resolver.plain(str(criterion["text"])),
                    "levels": [
                        {
                            "text": resolver.plain(str(level["text"])),
                            "points": str(read_points(level["points"])),
                        }
                        for level in criterion["levels"]
                    ],
                }
                for criterion in source.get("rubric") or []
            ],
        }

    def prepare(self, content: Json, rng: Random, *, shuffle: bool) -> Json:  # noqa: ARG002
        """Return nothing: there is nothing to fix."""
        return {}

    def present(self, content: Json, prepared: Json) -> Json:  # noqa: ARG002
        """Return the limits and whether a file may come with the text; not how it is marked."""
        return {name: content[name] for name in (*_LIMITS, "attachment")}

    def parse(self, raw: Raw, content: Json, prepared: Json) -> Json | None:  # noqa: ARG002
        """Return text and file, None when there is neither.

        Raises:
            FormatError: far too long, several texts or files, or a file where none may be.
        """
        texts = [_tidy(text) for text in raw.get("text", ()) if text.strip()]
        files = [digest for digest in raw.get("file", ()) if digest]
        if len(texts) > 1:
            raise FormatError(_l("Please write one text only."))
        if texts and len(texts[0]) > MAX_LETTERS:
            raise FormatError(
                _l("This is too long: please use at most %(count)s letters.", count=MAX_LETTERS)
            )
        if files and content["attachment"] == "none":
            raise FormatError(_l("No file can be attached here."))
        if len(files) > 1 or not all(_DIGEST.fullmatch(digest) for digest in files):
            raise FormatError(_l("Please attach one file only."))
        if not texts and not files:
            return None
        return {"text": texts[0] if texts else "", "file": files[0] if files else ""}

    def grade(self, content: Json, answer: Json | None) -> Grade | None:  # noqa: ARG002
        """Return nothing: a person must judge. Where nothing was written there is nothing to judge."""
        return Grade(Decimal(0), str(_l("Nothing was answered."))) if answer is None else None

    def rubric(self, content: Json) -> Sequence[Criterion]:
        """Return the criteria with their levels."""
        return [
            Criterion(
                criterion["text"],
                tuple(Level(level["text"], Decimal(level["points"])) for level in criterion["levels"]),
            )
            for criterion in content["rubric"]
        ]

    def review(self, content: Json, prepared: Json, answer: Json | None) -> Json:  # noqa: ARG002
        """Return the text (None: nothing), how many words it has, its file, the limits and the rubric."""
        text = answer["text"] if answer else ""
        return {
            "text": text if answer else None,
            "words": count_words(text),
            "file": answer["file"] if answer else "",
            "criteria": content["rubric"],
        } | {name: content[name] for name in _LIMITS}

    def solution_html(self, content: Json) -> str:
        """Return what a good answer shows: the best level of every criterion."""
        best = (
            (criterion.text, max(criterion.levels, key=lambda level: level.points).text)
            for criterion in self.rubric(content)
        )
        lines = "".join(f"<li>{escape(text)}: {escape(level)}</li>" for text, level in best)
        return f"<p>Jawaban yang baik menunjukkan:</p><ul>{lines}</ul>"

    def solve(self, content: Json, prepared: Json) -> Raw:  # noqa: ARG002
        """Return a text within the limits; what it earns, a person says."""
        return {"text": [_sample_text(content)]}

    def miss(self, content: Json, prepared: Json) -> Raw:  # noqa: ARG002
        """Return a text that says nothing."""
        return {"text": ["Tidak tahu."]}

    def examples(self) -> list[Example]:
        """Return an essay with limits and a file, and one with neither."""
        levels = [{"text": "Tidak ada alasan", "points": 0}, {"text": "Satu alasan", "points": "1.5"}]
        rubric = [{"text": "Alasan", "levels": [*levels, {"text": "Dua alasan", "points": 3}]}]
        digest = "0" * 64
        unreadable: list[Raw] = [
            {"text": ["a", "b"]},
            {"text": ["x" * (MAX_LETTERS + 1)]},
            {"text": ["a"], "file": ["../etc/passwd"]},
            {"file": [digest, "1" * 64]},
        ]
        return [
            Example(
                {"min_words": 3, "max_words": 60, "attachment": True, "rubric": rubric},
                {"text": ["Karena pekerja terlindungi."]},
                {"text": ["Tidak tahu."]},
                unreadable,
            ),
            Example(
                {"rubric": rubric},
                {"text": ["Baris satu.\r\nBaris dua."]},
                {"text": ["–"]},
                [{"text": ["a"], "file": [digest]}],
            ),
        ]


def _tidy(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in lines if letter == "\n" or letter.isprintable()).strip()


def _sample_text(content: Json) -> str:
    words = ["Menurut", "saya", "iuran", "dibayar", "tepat", "waktu", "agar", "pekerja", "terlindungi."]
    fewest, most = content["min_words"] or len(words), content["max_words"] or MAX_WORDS
    repeated = words * (fewest // len(words) + 1)
    return " ".join(repeated[: min(max(fewest, len(words)), most)])


def _faults_of_limits(source: Json) -> Iterator[object]:
    for name in _LIMITS:
        value = source.get(name)
        if value is not None and not _is_limit(value):
            yield _l("“%(name)s” is a whole number from 1 to %(most)s.", name=name, most=MAX_WORDS)
            return
    if (source.get("min_words") or 0) > (source.get("max_words") or MAX_WORDS):
        yield _l("It asks for more words than it allows.")
    if not isinstance(source.get("attachment", False), bool):
        yield _l("“%(name)s” is true or false.", name="attachment")


def _is_limit(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_WORDS


def _faults_of_rubric(rubric: object) -> Iterator[object]:
    if not isinstance(rubric, list) or not rubric:
        yield _l("It does not say how it is marked: the rubric is missing.")
        return
    if len(rubric) > MAX_CRITERIA:
        yield _l("A rubric has at most %(count)s criteria.", count=MAX_CRITERIA)
    for number, criterion in enumerate(rubric, 1):
        yield from _faults_of_criterion(number, criterion)


def _faults_of_criterion(number: int, criterion: object) -> Iterator[object]:
    if not isinstance(criterion, dict) or set(criterion) - {"text", "levels"}:
        yield _l("Criterion %(number)s has text and levels, nothing else.", number=number)
        return
    if not str(criterion.get("text") or "").strip():
        yield _l("Criterion %(number)s does not say what is looked at.", number=number)
    levels = criterion.get("levels")
    if not isinstance(levels, list) or not 2 <= len(levels) <= MAX_LEVELS:
        yield _l("Criterion %(number)s needs 2 to %(most)s levels.", number=number, most=MAX_LEVELS)
        return
    if not all(_is_level(level) for level in levels):
        yield _l("Levels of criterion %(number)s have text and points (0 to 100) only.", number=number)
    elif len({read_points(level["points"]) for level in levels}) < 2:
        yield _l("All levels of criterion %(number)s earn the same.", number=number)


def _is_level(level: object) -> bool:
    return (
        isinstance(level, dict)
        and set(level) == {"text", "points"}
        and bool(str(level["text"]).strip())
        and read_points(level["points"]) is not None
    )
