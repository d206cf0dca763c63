"""What is doubtful about the variants of a question: keys that fit another variant too, or stand in the text.

What makes no sense at all, such as a key below zero or a division by zero, the type itself refuses with the
variant named; these are the ones an author should look at.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, permutations

from flask_babel import lazy_gettext as _l

from lms.core.numbers import NumberFault, read_number
from quizzes.types import get_type
from quizzes.types.base import Json

LOOKED_AT = 24
"""Variants that are held against one another: each pair is graded by the engine."""
NAMED = 3
"""Doubts that are named; the rest are of the same kind."""


def list_doubts(kind: str, content: Json, stem: str) -> list[str]:
    """Return what is doubtful, a sentence each, the variant named.

    Args:
        kind: the type of the question.
        content: the question at its law date.
        stem: with the signs of `QuestionType.mark`.
    """
    if not get_type(kind).has_variants:
        return []
    variants: list[Json] = content["variants"][:LOOKED_AT]
    doubts = [_zero, _shown, _below_zero]
    alone = (said for variant in variants for doubt in doubts for said in doubt(kind, content, variant, stem))
    return [*islice(alone, NAMED), *islice(_twins(kind, content, variants), NAMED)]


def _twins(kind: str, content: Json, variants: list[Json]) -> Iterator[str]:
    """Yield the variants that take the right number of another one: who copies from a neighbour is right."""
    for one, other in permutations(variants, 2):
        is_first = one["number"] < other["number"] or not _is_right(kind, content, other, one["answer"])
        if is_first and _is_right(kind, content, one, other["answer"]):
            yield str(
                _l(
                    "Variant %(one)s also takes the right number of variant %(other)s, %(right)s: "
                    "make the values or the tolerance different.",
                    one=one["number"],
                    other=other["number"],
                    right=other["shown"]["jawaban"],
                )
            )


def _zero(kind: str, content: Json, variant: Json, _stem: str) -> Iterator[str]:
    if variant["answer"].strip("-0.") and _is_right(kind, content, variant, "0"):
        message = _l(
            "Variant %(number)s takes 0 as right: its tolerance is too wide.", number=variant["number"]
        )
        yield str(message)


def _shown(kind: str, content: Json, variant: Json, stem: str) -> Iterator[str]:
    for name, typed in variant["values"].items():
        number = _number(typed)
        if number is not None and f"⟦{name}⟧" in stem and _is_right(kind, content, variant, number):
            yield str(
                _l(
                    "Variant %(number)s: the right number is what {nilai:%(name)s} shows.",
                    number=variant["number"],
                    name=name,
                )
            )


def _below_zero(_kind: str, _content: Json, variant: Json, _stem: str) -> Iterator[str]:
    for name, shown in variant["shown"].items():
        if shown.startswith(("-", "−")):
            yield str(
                _l(
                    "Variant %(number)s: {nilai:%(name)s} is below 0, %(value)s.",
                    number=variant["number"],
                    name=name,
                    value=shown,
                )
            )


def _is_right(kind: str, content: Json, variant: Json, value: str) -> bool:
    grade = get_type(kind).grade(content, {"value": value, "variant": variant["number"]})
    return grade is not None and grade.fraction == 1


def _number(typed: str) -> str | None:
    """Return a value of a variable as an answer holds it, None for a word."""
    try:
        return f"{read_number(typed):f}"
    except NumberFault:
        return None
