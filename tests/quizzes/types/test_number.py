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


@pytest.mark.parametrize(
    ("key", "unit", "shown"),
    [
        ("60000.00", "rupiah", "60.000"),
        ("75000000.000", "rupiah", "75.000.000"),
        ("75000.000", "", "75.000"),
        ("0.240", "persen", "0,24"),
        ("1234.50", "", "1.234,5"),
        ("100", "", "100"),
    ],
)
def test_the_result_shows_numbers_without_idle_zeros(key: str, unit: str, shown: str) -> None:
    content = {"answer": key, "tolerance": "0.50", "unit": unit}

    review = Number().review(content, {}, {"value": key})

    assert (review["given"], review["right"], review["tolerance"]) == (shown, shown, "0,5")
    assert Number().solve(content, {}) == {"value": [shown]}
