"""Facility and discrimination: known values, honest intervals, and silence where there are too few."""

from __future__ import annotations

from decimal import Decimal
from math import atanh, sqrt

import pytest

from quizzes.statistics.items import (
    LEAST_FOR_DISCRIMINATION,
    Answer,
    analyse,
    correlate,
    find_discrimination,
    find_facility,
)


def answers(*shares: tuple[float, float | None]) -> list[Answer]:
    return [Answer(Decimal(str(x)), None if y is None else Decimal(str(y))) for x, y in shares]


def test_facility_is_the_exact_mean_with_wilsons_interval() -> None:
    found = find_facility(answers(*[(1, 1)] * 7, *[(0, 0)] * 2, (0.5, 1)))

    assert found is not None
    assert found.share == Decimal("0.75")
    # (p + z²/2n ± z√(p(1−p)/n + z²/4n²)) / (1 + z²/n) for p = 0.75, n = 10.
    assert (found.interval.low, found.interval.high) == pytest.approx((0.4422, 0.9191), abs=5e-4)


@pytest.mark.parametrize(("right", "low", "high"), [(0, 0, 0.2775), (10, 0.7225, 1)])
def test_all_or_nobody_right_is_no_certainty(right: int, low: float, high: float) -> None:
    found = find_facility(answers(*[(1, 1)] * right, *[(0, 1)] * (10 - right)))

    assert found is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high), abs=5e-4)


def test_correlation_of_a_known_set() -> None:
    # F. J. Anscombe, "Graphs in statistical analysis", 1973, first set: 0.816.
    xs = (10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5)
    ys = (8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68)

    assert correlate(list(zip(xs, ys, strict=True))) == pytest.approx(0.81642, abs=1e-5)


def test_discrimination_has_fishers_interval() -> None:
    shares = answers(*[(1, 0.8), (1, 0.6), (0, 0.5), (0, 0.7)] * 10)

    found = find_discrimination(shares)

    assert found is not None
    width = atanh(found.interval.high) - atanh(found.interval.low)
    assert width == pytest.approx(2 * 1.96 / sqrt(37))
    assert found.interval.low < found.value < found.interval.high


def test_a_question_that_agrees_wholly_with_the_rest_stays_within_one() -> None:
    found = find_discrimination(answers(*[(1, 1), (0, 0)] * 20))

    assert found is not None
    assert 0.99 < found.interval.low <= found.value <= 1
    assert found.interval.high <= 1


@pytest.mark.parametrize(
    ("shares", "finding"),
    [
        ([(1, 1)] * 9, "few"),
        ([(1, 0.2), (0, 0.9)] * 20, "key"),
        ([(0, 0.5)] * 60, "hard"),
        ([(1, 0.5)] * 200, "easy"),
        ([(1, 0.9), (1, 0.1), (0, 0.1), (0, 0.9)] * 50, "weak"),
        ([(1, 0.9), (0, 0.3)] * 20, "fine"),
        ([(1, 0.5), (0, 0.5)] * 6, "open"),
    ],
)
def test_the_finding_says_what_the_numbers_can_tell(shares: list[tuple[float, float]], finding: str) -> None:
    assert analyse(answers(*shares)).finding == finding


@pytest.mark.parametrize(
    "shares",
    [
        [(1, 1), (0, 0)] * ((LEAST_FOR_DISCRIMINATION - 1) // 2),
        [(1, 0.5)] * 40,
        [(1, 0.5), (0, 0.5)] * 20,
        [(1, None), (0, None)] * 20,
    ],
)
def test_no_correlation_where_there_are_too_few_or_all_alike(
    shares: list[tuple[float, float | None]],
) -> None:
    assert find_discrimination(answers(*shares)) is None
