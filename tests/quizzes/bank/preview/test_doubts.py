"""Variants of a calculated question: what makes no sense is refused, what is ambiguous is said, by number."""

from __future__ import annotations

import re
from typing import Any

import pytest

from courses.facts.book import load_book
from quizzes.bank.preview.doubts import list_doubts
from quizzes.bank.resolving import SourceError, resolve
from quizzes.types import TYPES

BOOK = load_book()
CLEAN = {
    "stem": "Upahnya {nilai:upah}. Berapa iurannya?",
    "variables": "upah: 2.000.000 | 3.000.000 | 4.000.000 rupiah",
    "answer": "upah × 0,02",
    "unit": "rupiah",
}


def doubts(**changed: Any) -> list[str]:
    resolved = resolve(CLEAN | changed, kind="calculated", book=BOOK, as_of=BOOK.as_of)
    return list_doubts("calculated", resolved.content, resolved.stem_html)


def test_a_sound_question_raises_no_doubt() -> None:
    assert doubts() == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"tolerance": 20_000}, "Variant 1 also takes the right number of variant"),
        ({"tolerance": 100_000}, "takes 0 as right"),
        ({"answer": "upah"}, "the right number is what {nilai:upah} shows"),
        ({"variables": CLEAN["variables"] + "\nsisa: = upah - 2.500.000 rupiah"}, "{nilai:sisa} is below 0"),
        ({"answer": "round(upah × 0) + 5"}, "also takes the right number"),
    ],
)
def test_what_is_ambiguous_is_said_with_the_variant(changed: dict[str, Any], said: str) -> None:
    found = doubts(**changed)

    assert any(said in doubt for doubt in found), found
    assert all(re.search(r"Variant \d", doubt) for doubt in found)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"answer": "upah - 5.000.000"}, "below 0"),
        ({"answer": "1 / (upah - 3.000.000)"}, "Variant"),
        ({"answer": "upah / 3.000.001"}, "no end"),
        ({"answer": "upah × 1.000.000.000.000"}, "beyond any sense"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_variant(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(SourceError) as refused:
        doubts(**changed)

    assert said in refused.value.message
    assert re.search(r"Variant \d", refused.value.message)


def test_types_without_variants_raise_none() -> None:
    for kind in TYPES:
        if not kind.has_variants:
            assert list_doubts(kind.key, {}, "") == []
