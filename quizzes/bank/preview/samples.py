"""What the first variants of a calculated question ask, for whoever is about to let it loose on people."""

from __future__ import annotations

from dataclasses import dataclass

from quizzes.types import get_type
from quizzes.types.base import Json

SHOWN = 5
"""Variants shown before publishing."""


@dataclass(frozen=True)
class Sample:
    """One variant: its number, the question with its values, and the right number with its unit."""

    number: int
    stem: str
    right: str


def list_samples(kind: str, content: Json, stem: str) -> list[Sample]:
    """Return the first variants; none where all papers are alike.

    Args:
        kind: the type of the question.
        content: the question at its law date.
        stem: as HTML or as plain text, with the signs of `QuestionType.mark`.
    """
    question_type = get_type(kind)
    samples = []
    for number, prepared in enumerate(question_type.variants(content)[:SHOWN], 1):
        shown = question_type.review(content, prepared, None)
        filled = question_type.fill(stem, content, prepared)
        samples.append(Sample(number, filled, f"{shown['right']} {shown['unit']}".strip()))
    return samples
