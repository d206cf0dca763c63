"""Patterns in the places of the keys of a quiz."""

from __future__ import annotations

import pytest

from quizzes.bank.advice.key_position import has_pattern


@pytest.mark.parametrize(
    "keys", [[2] * 8, [1, 2, 3, 4, 1, 2, 3, 4], [1, 1, 2, 2, 3, 3, 4, 4], [3, 3, 2, 3, 3, 3, 4, 3, 3, 3]]
)
def test_a_pattern_is_seen(keys: list[int]) -> None:
    assert has_pattern(keys)


@pytest.mark.parametrize("keys", [[2, 4, 3, 1, 3, 2, 4, 1, 2, 3], [2, 2, 3, 1, 4, 2, 3], [1, 1, 1]])
def test_chance_is_no_pattern(keys: list[int]) -> None:
    assert not has_pattern(keys)
