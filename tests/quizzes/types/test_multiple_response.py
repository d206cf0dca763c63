"""What is special about several answers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quizzes.types.multiple_response import share


@pytest.mark.parametrize(
    ("chosen", "earned"),
    [
        ((3, 3, 0, 2), "1"),
        ((3, 3, 2, 2), "0"),
        ((1, 3, 0, 2), "0.3333333"),
        ((1, 3, 1, 2), "0"),
        ((2, 2, 0, 0), "1"),
    ],
)
def test_wrong_choices_take_away_but_never_below_zero(chosen: tuple[int, int, int, int], earned: str) -> None:
    assert share(*chosen) == Decimal(earned)
