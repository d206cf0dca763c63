"""What is special about numbers to type."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quizzes.types.number import Number

CONTENT = {"answer": "0.24", "tolerance": "0.01", "unit": "persen"}


@pytest.mark.parametrize(("value", "fraction"), [("0.23", 1), ("0.25", 1), ("0.2500001", 0), ("0.229", 0)])
def test_the_tolerance_is_exact_on_both_sides(value: str, fraction: int) -> None:
    assert Number().grade(CONTENT, {"value": value}).fraction == Decimal(fraction)


@pytest.mark.parametrize("tolerance", [-1, "x", "NaN", "Infinity"])
def test_a_tolerance_is_a_number_from_zero_on(tolerance: object) -> None:
    assert Number().faults({"answer": 1, "tolerance": tolerance})


def test_without_a_key_no_answer_is_right() -> None:
    assert Number().grade(CONTENT | {"answer": None}, {"value": "0"}).fraction == 0
