"""Options that stay in their place, and options that stay beside each other."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from quizzes.types.options import MAX_GROUP, option_faults, order_options, resolve_options
from tests.factories import PlainResolver

SOURCE: dict[str, Any] = {
    "options": [
        {"text": "Naik, karena upah naik", "group": "naik"},
        {"text": "Naik, karena tarif naik", "group": "naik"},
        {"text": "Turun", "correct": True},
        {"text": "Tetap, sebulan", "group": "tetap"},
        {"text": "Tetap, setahun", "group": "tetap"},
        {"text": "Tidak satu pun di atas", "fixed": True},
    ]
}


def orders(source: dict[str, Any]) -> set[tuple[int, ...]]:
    content = resolve_options(source, PlainResolver())
    return {tuple(order_options(content, Random(seed), shuffle=True)["order"]) for seed in range(200)}


def test_groups_stay_together_in_their_order_and_none_of_the_above_stays_last() -> None:
    found = orders(SOURCE)

    assert len(found) == 6
    for order in found:
        assert order[-1] == 5
        assert order.index(1) == order.index(0) + 1
        assert order.index(4) == order.index(3) + 1


def test_without_groups_everything_else_moves() -> None:
    bare = [{"text": text} for text in "abc"]

    assert len(orders({"options": [*bare, {"text": "semua", "fixed": True}]})) == 6


def test_a_group_is_in_the_content_only_where_there_is_one() -> None:
    content = resolve_options(SOURCE, PlainResolver())["options"]

    assert [option.get("group") for option in content] == ["naik", "naik", None, "tetap", "tetap", None]
    assert "group" not in content[2]


@pytest.mark.parametrize(
    ("groups", "fixed", "said"),
    [
        (["a", "", "a"], (), "do not stand together"),
        (["a", "a", "b"], (0,), "not both"),
        (["a", "", "b", "b"], (1,), "first or last"),
        (["x" * (MAX_GROUP + 1), "", ""], (), "letters"),
        ([3, "", ""], (), "letters"),
    ],
)
def test_groups_no_order_can_keep_are_refused(groups: list[Any], fixed: tuple[int, ...], said: str) -> None:
    options = [
        {"text": str(index), "group": group} | ({"fixed": True} if index in fixed else {})
        for index, group in enumerate(groups)
    ]

    assert any(said in fault for fault in option_faults({"options": options}))


def test_answers_that_stay_may_stand_around_groups() -> None:
    assert option_faults(SOURCE) == []
