"""Faults in the writing of questions that shipped files must not have, by file and line.

The advice of the editor (`quizzes.bank.advice`) is read while writing; what needs no judgement of a reader
is held against a whole folder here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

from flask_babel import gettext as _

from courses.catalogue.sources import QuestionSource
from courses.facts.documents import Fault, SourceMap
from lms.core.text import fold
from quizzes.bank.advice.all_or_none import SWEEPING
from quizzes.bank.advice.key_longest import gives_itself_away
from quizzes.bank.cases import CASE

TRUE_FALSE = ("true", "false")
NEEDED = ("explanation", "objective", "level", "difficulty", "cite", "read")
"""What a graded question says about itself."""

_SELECTING_NOT = re.compile(
    r"\b(?:yang|mana|manakah|apa|siapa|which|who|what)\s+(?:saja\s+)?(?:bukan|tidak|not)\b"
    r"(?!\s+penerima upah)|\bkecuali\b|\bexcept\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]")
_EMPHASIS = re.compile(r"\*{1,2}[^*]+\*{1,2}")
_RANGE = re.compile(r"^\D*?(?P<low>\d[\d.]*)\s*(?:–|-|sampai|hingga|to)\s*(?P<high>\d[\d.]*)\b")


def check_item(question: QuestionSource) -> Iterator[Fault]:
    """Yield what is wrong with the writing of one question."""
    data = question.data
    found = [*_on_stem(data), *_on_options(_rows(data, "options")), *_on_reasons(data)]
    for gap in _rows(data, "gaps"):
        found += _on_options(_rows(gap, "options"))
    for line, message in found:
        yield Fault(question.file, line, f"{question.id}: {message}")


def advise_on_item(question: QuestionSource) -> Iterator[Fault]:
    """Yield what a question of use graded could still say about itself."""
    data = question.data
    # A case says nothing by itself: its questions do.
    is_asked = data.get("use") == "graded" and data.get("type") != CASE
    missing = [name for name in NEEDED if not data.get(name)] if is_asked else []
    if missing:
        message = _("%(id)s: still missing: %(names)s.", id=question.id, names=", ".join(missing))
        yield Fault(question.file, question.line, str(message))


def is_negative(stem: str) -> bool:
    """Return whether a stem asks for what is *not* so without emphasis on the word."""
    asked = [part for part in re.split(r"(?<=[.!?…])\s+", _QUOTED.sub("", stem).strip()) if part]
    return bool(asked) and bool(_SELECTING_NOT.search(_EMPHASIS.sub("", asked[-1])))


def _on_stem(data: SourceMap) -> Iterator[tuple[int, str]]:
    if is_negative(str(data.get("stem", ""))):
        yield (
            data.line_of("stem"),
            str(_("it asks for what is not so: ask for what is, or write the word as *bukan*.")),
        )


def _on_options(options: list[SourceMap]) -> Iterator[tuple[int, str]]:
    for option in options:
        if SWEEPING.search(str(option.get("text", ""))):
            yield option.line, str(_("“all of them” as an answer tells who knows two of them the rest."))
    if gives_itself_away(options):
        yield options[0].line, str(_("the right answer is far longer than the others: its length tells."))
    for first, second in combinations(options, 2):
        if _say_the_same(str(first.get("text", "")), str(second.get("text", ""))):
            yield second.line, str(_("two answers say the same or overlap."))


def _on_reasons(data: SourceMap) -> Iterator[tuple[int, str]]:
    for name in ("options", "pairs", "distractors", "items", "answers", "gaps"):
        rows = _rows(data, name)
        silent = [number for number, row in enumerate(rows, 1) if not _is_explained(row, name)]
        if silent:
            numbers = ", ".join(map(str, silent))
            yield rows[silent[0] - 1].line, str(_("no reason (why) for answer %(numbers)s.", numbers=numbers))
    if data.get("type") == "true_false":
        why = data.get("why")
        said = why if isinstance(why, SourceMap) else {}
        if any(not str(said.get(side) or "").strip() for side in TRUE_FALSE):
            yield data.line_of("why"), str(_("it needs a reason (why) for true and for false."))
    if data.get("type") != CASE and not str(data.get("explanation") or "").strip():
        yield data.line, str(_("it has no explanation."))


def _is_explained(row: SourceMap, name: str) -> bool:
    """Return whether a row has its reason: of words to write those need one that do not earn everything."""
    if str(row.get("why") or "").strip():
        return True
    if name == "answers":
        return str(row.get("share", 1)) == "1"
    options = _rows(row, "options")
    return bool(options) and all(_is_explained(option, "options") for option in options)


def _rows(data: SourceMap, name: str) -> list[SourceMap]:
    rows: Any = data.get(name)
    return [row for row in rows if isinstance(row, SourceMap)] if isinstance(rows, list) else []


def _say_the_same(first: str, second: str) -> bool:
    return fold(first) == fold(second) or _overlap(_range(first), _range(second))


def _overlap(first: tuple[int, int] | None, second: tuple[int, int] | None) -> bool:
    return first is not None and second is not None and first[0] <= second[1] and second[0] <= first[1]


def _range(text: str) -> tuple[int, int] | None:
    match = _RANGE.match(text)
    if match is None:
        return None
    low, high = (int(match[name].replace(".", "").strip() or 0) for name in ("low", "high"))
    return (low, high) if low <= high else None


def list_faults(questions: Iterable[QuestionSource]) -> list[Fault]:
    """Return the faults of all of them."""
    return [fault for question in questions for fault in check_item(question)]
