"""Intervals against published formulas, and shares that few people gave drawn towards the others."""

from __future__ import annotations

from math import atanh, exp, log, sqrt, tanh

import pytest

from quizzes.statistics.bootstrap import bootstrap
from quizzes.statistics.intervals import Prior, bonett, find_prior, fisher


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


# Ten questions of a bank, forty people each, but for one that a hundred answered.
BANK = [(share / 10, 40) for share in (2, 3, 4, 5, 5, 6, 6, 7, 8)] + [(0.9, 100)]


def test_the_prior_of_a_bank_is_that_worked_out_by_hand() -> None:
    prior = find_prior(BANK)

    assert prior is not None
    # 5.5 over ten; squares about 0.55: .1225 + .0625 + .0225 + 4·.0025 + .0225 + .0625 + .1225
    assert prior.mean == pytest.approx(0.55)
    apart = 0.425 / 9
    # p(1 − p): .16 + .21 + .24 + .25 + .25 + .24 + .24 + .21 + .16 over 40 people, .09 over 100.
    chance = (1.96 / 40 + 0.09 / 100) / 10
    assert prior.weight == pytest.approx(0.2475 / (apart - chance) - 1)
    assert prior.weight == pytest.approx(4.860, abs=0.001)
    assert prior.questions == 10


def test_shares_of_few_people_go_far_towards_the_bank_those_of_many_stay() -> None:
    prior = Prior(mean=0.6, weight=5, questions=40)

    # (10·0.2 + 5·0.6)/15 and (10·1 + 5·0.6)/15
    assert prior.shrink(0.2, 10) == pytest.approx(1 / 3)
    assert prior.shrink(1.0, 10) == pytest.approx(13 / 15)
    assert prior.shrink(0.2, 1000) == pytest.approx(0.202, abs=0.0001)
    assert prior.shrink(0.6, 3) == pytest.approx(0.6)


def test_a_bank_of_few_questions_says_nothing_and_one_alike_by_chance_says_much() -> None:
    assert find_prior(BANK[:9]) is None
    alike = find_prior([(0.5, 4)] * 10)
    assert alike is not None
    assert alike.shrink(0.9, 10) == pytest.approx(0.5, abs=0.01)
    certain = find_prior([(1.0, 50)] * 12)
    assert certain is not None
    assert (certain.mean, certain.weight, certain.shrink(1.0, 10)) == (1, 0, 1)


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
