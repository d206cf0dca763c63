"""What is special about orders: three rules, and an order shown that is never the right one."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.types.base import FormatError
from quizzes.types.ordering import SCORINGS, Ordering
from tests.factories import PlainResolver

KIND = Ordering()


def content(count: int = 4, scoring: str = "absolute_position") -> dict[str, Any]:
    return {"items": [{"html": f"<b>{n}</b>", "why_html": ""} for n in range(count)], "scoring": scoring}


@pytest.mark.parametrize(
    ("places", "absolute", "neighbours", "whole"),
    [
        ([1, 2, 3, 4], "1", "1", 1),
        ([4, 3, 2, 1], "0", "0", 0),
        ([4, 1, 2, 3], "0", "0.6666667", 0),
        ([2, 1, 3, 4], "0.5", "0.3333333", 0),
        ([1, 2, None, None], "0.5", "0.3333333", 0),
        ([None, None, None, 4], "0.25", "0", 0),
        ([1, None, 2, 3], "0.25", "0.3333333", 0),
    ],
)
def test_each_rule_counts_in_its_way(
    places: list[int | None], absolute: str, neighbours: str, whole: int
) -> None:
    def earned(scoring: str) -> Decimal:
        return KIND.grade(content(scoring=scoring), {"places": places}).fraction

    assert earned("absolute_position") == Decimal(absolute)
    assert earned("neighbours") == Decimal(neighbours)
    assert earned("all_or_nothing") == Decimal(whole)


@given(st.integers(3, 10), st.integers())
def test_the_order_shown_is_never_the_right_one(count: int, seed: int) -> None:
    for shuffle in (True, False):
        shown = KIND.prepare(content(count), Random(seed), shuffle=shuffle)["shown"]

        assert shown != list(range(count))
        assert sorted(shown) == list(range(count))


@given(st.permutations(range(1, 6)), st.sampled_from(sorted(SCORINGS)))
def test_only_the_right_order_earns_everything(places: list[int], scoring: str) -> None:
    grade = KIND.grade(content(5, scoring), {"places": places})

    assert (grade.fraction == 1) is (places == [1, 2, 3, 4, 5])
    assert 0 <= grade.fraction <= 1
    assert grade.comment.endswith(".")


def test_a_place_given_twice_is_said_with_its_number() -> None:
    raw = {"place-1": ["3"], "place-4": ["3"]}

    with pytest.raises(FormatError, match=r"Place 3 is given twice\."):
        KIND.parse(raw, content(), {"shown": [1, 0, 2, 3]})


def test_an_answer_means_the_same_on_every_paper() -> None:
    for seed in range(10):
        prepared = KIND.prepare(content(), Random(seed), shuffle=True)

        assert KIND.parse(KIND.solve(content(), prepared), content(), prepared) == {"places": [1, 2, 3, 4]}


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ({"items": "a"}, "The lines are not a list."),
        ({"items": [{"text": "a"}, {"text": "b"}]}, "An order has 3 to 10 lines."),
        ({"items": [{"text": "a"}, {"text": "b"}, {"text": " "}]}, "A line is empty."),
        ({"items": [{"text": "a"}, {"text": "b"}, {"text": "A"}]}, "Two lines say the same."),
        ({"items": [{"text": "a", "x": 1}, {"text": "b"}, {"text": "c"}]}, "Unknown field “x”."),
    ],
)
def test_what_cannot_be_asked_is_a_fault(source: dict[str, Any], fault: str) -> None:
    assert KIND.faults(source | {"scoring": "neighbours"}) == [fault]


def test_the_rule_must_be_named() -> None:
    items = [{"text": text} for text in "abc"]

    assert KIND.faults({"items": items}) == [
        "The rule (scoring) is one of: absolute_position, neighbours, all_or_nothing."
    ]


def test_half_written_lines_can_be_looked_at() -> None:
    made = KIND.resolve({"items": [{}]}, PlainResolver())

    assert KIND.present(made, KIND.prepare(made, Random(1), shuffle=True))["rows"]
    assert KIND.review(KIND.resolve({}, PlainResolver()), {}, None)["rows"] == []
