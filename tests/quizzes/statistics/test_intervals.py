"""Intervals against published formulas, and shares that few people gave drawn towards the others."""

from __future__ import annotations

from math import atanh, exp, log, sqrt, tanh

import pytest

from quizzes.statistics.bootstrap import bootstrap
from quizzes.statistics.intervals import bonett, fisher, shrink


def test_a_correlation_lies_where_fisher_says() -> None:
    found = fisher(0.5, 28)

    assert found is not None
    half = 1.96 / 5
    assert (found.low, found.high) == pytest.approx((tanh(atanh(0.5) - half), tanh(atanh(0.5) + half)))
    assert fisher(0.5, 3) is None
    assert fisher(1.0, 10) is not None


def test_alpha_lies_where_bonett_says() -> None:
    found = bonett(80, 10, 102)

    assert found is not None
    half = 1.96 * sqrt(20 / (9 * 100))
    expected = [100 * (1 - exp(log(0.2) + sign * half)) for sign in (1, -1)]
    assert [found.low, found.high] == pytest.approx(expected)
    assert bonett(100, 10, 50) is None
    assert bonett(80, 1, 50) is None
    assert bonett(80, 5, 2) is None


def test_shares_of_few_people_go_far_towards_the_others_those_of_many_stay() -> None:
    shares = [(0.2, 10), (0.5, 1000), (0.6, 1000), (0.7, 1000), (0.9, 10)]

    found = shrink(shares)

    middle = sum(share for share, _people in shares) / 5
    apart = sum((share - middle) ** 2 for share, _people in shares) / 4
    chance = sum(share * (1 - share) / people for share, people in shares) / 5
    weight = middle * (1 - middle) / (apart - chance) - 1
    assert found[0] == pytest.approx((10 * 0.2 + weight * middle) / (10 + weight))
    assert 0.2 < found[0] < middle < found[4] < 0.9
    assert found[1:4] == pytest.approx([0.5, 0.6, 0.7], abs=0.01)
    assert shrink(shares[:4]) == [share for share, _people in shares[:4]]


def test_shares_that_differ_by_chance_alone_all_come_to_the_mean() -> None:
    assert shrink([(0.5, 4)] * 6) == pytest.approx([0.5] * 6)
    assert max(shrink([(0.4, 10), (0.5, 10), (0.6, 10), (0.5, 10), (0.5, 10)])) < 0.505
    assert shrink([(1.0, 10)] * 5) == [1.0] * 5


def test_a_mean_drawn_anew_strays_as_its_standard_error_says() -> None:
    people = [float(one % 10) for one in range(100)]
    found = bootstrap(people, lambda drawn: sum(drawn) / len(drawn))

    assert found is not None
    error = sqrt(sum((one - 4.5) ** 2 for one in people) / 100) / 10
    assert (found.low, found.high) == pytest.approx((4.5 - 1.96 * error, 4.5 + 1.96 * error), abs=0.1)


def test_many_people_are_known_more_closely_than_those_drawn() -> None:
    def middle(drawn: object) -> float:
        return sum(drawn) / len(drawn)  # type: ignore[call-overload, arg-type]

    few = bootstrap([float(one % 10) for one in range(500)], middle)
    many = bootstrap([float(one % 10) for one in range(50_000)], middle)

    assert few is not None
    assert many is not None
    assert (few.high - few.low) / (many.high - many.low) == pytest.approx(10, rel=0.2)


def test_nothing_is_said_of_too_few_or_of_what_is_rarely_defined() -> None:
    assert bootstrap([1.0] * 9, sum) is None
    assert bootstrap([1.0] * 20, lambda _drawn: None) is None
