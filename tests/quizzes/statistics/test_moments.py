"""Moments of counted numbers, against values worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from quizzes.statistics.moments import (
    central,
    covariance,
    greatest_covariance,
    kurtosis,
    mean,
    median,
    skewness,
    variance,
)

# 1, 2, 2, 7: mean 3, differences −2, −1, −1, 4.
FOUR = {1: 1, 2: 2, 7: 1}


def test_central_moments_are_those_of_the_list() -> None:
    found = central(FOUR)

    # (4 + 1 + 1 + 16)/4, (−8 − 1 − 1 + 64)/4, (16 + 1 + 1 + 256)/4
    assert (found.count, found.mean) == (4, 3)
    assert (found.second, found.third, found.fourth) == (Fraction(22, 4), Fraction(54, 4), Fraction(274, 4))


def test_variance_divides_by_one_less() -> None:
    assert variance(FOUR) == Fraction(22, 3)


def test_skewness_and_kurtosis_are_fishers() -> None:
    # k2 = 22/3; k3 = 16·13.5/(3·2) = 36; k4 = 16·(5·68.5 − 9·30.25)/(3·2·1) = 16·70.25/6
    assert skewness(FOUR) == pytest.approx(36 / (22 / 3) ** 1.5)
    assert kurtosis(FOUR) == pytest.approx((16 * 70.25 / 6) / (22 / 3) ** 2)


def test_the_middle_of_an_even_number_lies_between_two() -> None:
    assert median({1: 1, 2: 1, 3: 2, 10: 2}) == 3
    assert median({1: 2, 4: 2}) == Fraction(5, 2)
    assert median({4: 1}) == 4


def test_covariance_is_that_of_the_pairs() -> None:
    # x 0 1 1, y 5 5 8: means 2/3 and 6; (2/3 − 1/3 + 2/3)/2
    assert covariance({(0, 5): 1, (1, 5): 1, (1, 8): 1}) == Fraction(1, 2)


def test_the_greatest_covariance_pairs_both_sides_sorted() -> None:
    # x 0 0 1, y 1 2 9 whatever they were paired with: mean x 1/3, y 4; (0·… ) = (1·3 + 1·2 + 2·5)/3/2
    assert greatest_covariance({(1, 1): 1, (0, 9): 1, (0, 2): 1}) == Fraction(5, 2)


@pytest.mark.parametrize("value", [1, 10**20])
def test_what_does_not_vary_has_no_shape(value: int) -> None:
    assert variance({value: 5}) == 0
    assert skewness({value: 5}) is None
    assert kurtosis({value: 5}) is None


def test_too_few_values_have_no_moments() -> None:
    assert (mean({}), median({}), variance({})) == (None, None, None)
    assert variance({3: 1}) is None
    assert skewness({3: 1, 4: 1}) is None
    assert kurtosis({3: 1, 4: 2}) is None
    with pytest.raises(ValueError, match="nothing"):
        central({})
