"""When what markers think becomes a mark."""

from decimal import Decimal

import pytest

from quizzes.grading.agreement import agree


def fractions(*values: str) -> list[Decimal]:
    return [Decimal(value) for value in values]


def test_one_marker_is_enough_where_the_quiz_says_so() -> None:
    assert agree(fractions("0.4"), markers=1, gap_percent=20) == Decimal("0.4")


@pytest.mark.parametrize("given", [[], ["0.4"]])
def test_two_markers_are_two(given: list[str]) -> None:
    assert agree(fractions(*given), markers=2, gap_percent=20) is None


@pytest.mark.parametrize(("second", "mark"), [("0.5", "0.5"), ("0.7", "0.6"), ("0.3", "0.4")])
def test_two_who_are_near_meet_in_the_middle(second: str, mark: str) -> None:
    assert agree(fractions("0.5", second), markers=2, gap_percent=20) == Decimal(mark)


def test_the_gap_itself_is_near_enough_and_more_is_not() -> None:
    assert agree(fractions("0", "0.2"), markers=2, gap_percent=20) == Decimal("0.1")
    assert agree(fractions("0", "0.2000001"), markers=2, gap_percent=20) is None


@pytest.mark.parametrize(("third", "mark"), [("0.9", "0.9"), ("0.1", "0.2"), ("1", "1")])
def test_the_middle_of_three_counts(third: str, mark: str) -> None:
    assert agree(fractions("0.2", "1", third), markers=2, gap_percent=20) == Decimal(mark)


def test_with_a_gap_of_nothing_only_the_same_agrees() -> None:
    assert agree(fractions("0.5", "0.5"), markers=2, gap_percent=0) == Decimal("0.5")
    assert agree(fractions("0.5", "0.51"), markers=2, gap_percent=0) is None
