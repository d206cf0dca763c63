"""How long a quiz takes and how hard it is, as far as can be told before anybody took it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

from quizzes.bank.models import QuestionVersion
from quizzes.types.base import Json

WORDS_PER_MINUTE = 120
"""Read with care, on a phone, by grown-ups who rarely read such texts: our assumption."""

THINKING_SECONDS = {
    "true_false": 15,
    "single_choice": 20,
    "multiple_response": 35,
    "short_answer": 40,
    "hotspot": 40,
    "ordering": 60,
    "matching": 60,
    "cloze": 60,
    "number": 75,
    "calculated": 90,
    "case_set": 60,
    "essay": 300,
}
"""By type, beyond reading: our assumption."""

LEVEL_FACTOR = {"remember": Decimal(1), "apply": Decimal("1.25"), "decide": Decimal("1.5")}

EXPECTED = {"easy": Decimal("0.85"), "medium": Decimal("0.65"), "hard": Decimal("0.45")}
"""Share of marks people reach, by what the author marked: our assumption."""

_NOT_READ = frozenset(
    {"explanation", "why", "objective", "read", "cite", "level", "difficulty", "pair", "berlaku", "type",
     "use", "unit", "answer", "picture", "tolerance", "correct"}
)  # fmt: skip
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Ask:
    """What a slot asks: so many questions of these, each for so many marks."""

    versions: Sequence[QuestionVersion]
    count: int
    marks: Decimal


@dataclass(frozen=True)
class Estimate:
    """A quiz as it stands."""

    # Whole, rounded up.
    minutes: int
    # Share of marks people may reach, 0–1; None for a quiz without questions.
    facility: Decimal | None
    # Questions whose facility comes from answers, from a mark of the author, and from neither.
    measured: int
    marked: int
    unknown: int

    def is_too_short(self, limit_minutes: int | None) -> bool:
        """Return whether a time limit is less than the quiz takes."""
        return limit_minutes is not None and limit_minutes < self.minutes


def estimate(asks: Sequence[Ask], *, measured: Mapping[int, Decimal]) -> Estimate:
    """Return the estimate for a quiz.

    Args:
        asks: the slots; a draw stands for the average of what it draws from.
        measured: facility by question, 0–1, where answers tell it.
    """
    asked = [ask for ask in asks if ask.versions]
    seconds = sum((_mean([seconds_of(v) for v in ask.versions]) * ask.count for ask in asked), Decimal(0))
    worth = sum((ask.marks * ask.count for ask in asked), Decimal(0))
    reached = sum(
        (_mean([facility_of(v, measured) for v in ask.versions]) * ask.marks * ask.count for ask in asked),
        Decimal(0),
    )
    versions = {v.question_id: v for ask in asked for v in ask.versions}
    known = sum(question_id in measured for question_id in versions)
    marked = sum(v.source.get("difficulty") in EXPECTED for key, v in versions.items() if key not in measured)
    facility = (reached / worth).quantize(Decimal("0.01"), ROUND_HALF_UP) if worth else None
    minutes = int((seconds / 60).to_integral_value(ROUND_CEILING))
    return Estimate(minutes, facility, known, marked, len(versions) - known - marked)


def seconds_of(version: QuestionVersion) -> Decimal:
    """Return how long one question takes: reading it, and finding the answer."""
    words = sum(len(_WORD.findall(text)) for text in _read(version.source))
    thinking = THINKING_SECONDS.get(version.type, 60)
    factor = LEVEL_FACTOR.get(str(version.source.get("level")), Decimal(1))
    return Decimal(words) * 60 / WORDS_PER_MINUTE + thinking * factor


def facility_of(version: QuestionVersion, measured: Mapping[int, Decimal]) -> Decimal:
    """Return the share of marks people reach: as measured, as its author marked it, else as of the middle."""
    if version.question_id in measured:
        return measured[version.question_id]
    return EXPECTED.get(str(version.source.get("difficulty")), EXPECTED["medium"])


def _read(node: Any) -> Iterator[str]:
    """Yield the texts of a source that are read before the answer."""
    if isinstance(node, dict):
        source: Json = node
        for name, value in source.items():
            if name not in _NOT_READ:
                yield from _read(value)
    elif isinstance(node, list):
        for value in node:
            yield from _read(value)
    elif isinstance(node, str):
        yield node


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)
