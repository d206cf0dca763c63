"""A share of few people is somewhere between two numbers, and says so."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.live.facility import LEAST_PEOPLE, Facility, wilson


@pytest.mark.parametrize(
    ("share", "count", "low", "high"),
    [
        # Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29 (score method, no correction).
        (81 / 263, 263, 0.2553, 0.3662),
        (15 / 148, 148, 0.0624, 0.1605),
        (0 / 20, 20, 0.0000, 0.1611),
        (1 / 29, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_that_of_the_published_examples(
    share: float, count: int, low: float, high: float
) -> None:
    found = wilson(share, count)

    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@given(st.floats(0, 1), st.integers(1, 10_000))
def test_an_interval_holds_the_share_and_stays_between_none_and_all(share: float, count: int) -> None:
    found = wilson(share, count)

    assert 0 <= found.low <= share + 1e-9
    assert share - 1e-9 <= found.high <= 1
    wider = wilson(share, max(1, count // 2))
    assert wider.high - wider.low >= found.high - found.low - 1e-9


@pytest.mark.parametrize(("share", "count"), [(0.5, 0), (1.1, 5), (-0.1, 5)])
def test_what_is_no_share_has_no_interval(share: float, count: int) -> None:
    with pytest.raises(ValueError, match="share"):
        wilson(share, count)


def test_few_people_say_nothing_and_like_shares_are_not_told_apart() -> None:
    bad, middling, good = (Facility(Decimal(share), 25) for share in ("0.2", "0.4", "0.9"))

    assert not Facility(Decimal("0.1"), LEAST_PEOPLE - 1).is_enough
    assert bad.is_enough
    assert not bad.is_clearly_worse_than(middling)
    assert bad.is_clearly_worse_than(good)
    assert (bad.is_good, good.is_good) == (False, True)
