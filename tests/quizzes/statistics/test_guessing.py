"""What guessing earns, as Moodle was seen to reckon it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from quizzes.statistics.guessing import guess_score
from quizzes.types import TYPES, get_type
from tests.factories import PlainResolver


def options(*shares: str) -> dict[str, Any]:
    return {"options": [{"correct": share == "1", "share": share} for share in shares]}


def test_one_choice_earns_the_mean_of_its_answers() -> None:
    assert guess_score("single_choice", options("1", "0.5", "-0.25", "0")) == Fraction("0.3125")
    assert guess_score("single_choice", options("1", "0", "0")) == Fraction(1, 3)


def test_matching_goes_by_the_answers_to_choose_from_not_by_the_lines() -> None:
    assert guess_score("matching", {"pairs": [{}] * 3, "choices": [{}] * 4}) == Fraction(1, 4)


def test_gaps_count_by_their_weight() -> None:
    gaps = [
        {"kind": "choice", "weight": "1", "content": options("1", "0")},
        {"kind": "number", "weight": "2", "content": {}},
        {"kind": "text", "weight": "1", "content": {"answers": [{"accept": "*", "share": "0.5"}]}},
    ]

    assert guess_score("cloze", {"gaps": gaps}) == Fraction(1, 4)


def test_what_is_typed_earns_nothing_unless_everything_is_accepted() -> None:
    answers = [{"accept": "BPJS", "share": "1"}]

    assert guess_score("short_answer", {"answers": answers}) == 0
    assert guess_score("short_answer", {"answers": [*answers, {"accept": "*", "share": "0.2"}]}) == Fraction(
        1, 5
    )
    assert guess_score("number", {}) == guess_score("calculated", {}) == 0
    assert guess_score("true_false", {}) == Fraction(1, 2)


@pytest.mark.parametrize("key", ["multiple_response", "essay", "ordering", "hotspot"])
def test_of_some_nobody_can_say(key: str) -> None:
    assert guess_score(key, {}) is None


@pytest.mark.parametrize("key", [kind.key for kind in TYPES])
def test_every_type_has_an_answer_for_what_it_resolves(key: str) -> None:
    for example in get_type(key).examples():
        found = guess_score(key, get_type(key).resolve(example.source, PlainResolver()))
        assert found is None or 0 <= found <= 1
