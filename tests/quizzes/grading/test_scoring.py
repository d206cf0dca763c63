"""Fractions become marks, marks become percent, percent becomes passed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.grading.scoring import Earned, Score, counting, earn, is_done, score

FULL, HALF, NOTHING = Decimal(1), Decimal("0.5"), Decimal(0)


def items(*fractions: Decimal | None, marks: int = 1) -> list[Earned]:
    return [Earned(fraction, Decimal(marks)) for fraction in fractions]


def test_percent_is_the_share_of_all_marks() -> None:
    result = score(items(FULL, HALF, NOTHING, NOTHING), pass_percent=60)

    assert result.marks_earned == Decimal("1.5")
    assert result.percent == Decimal("37.5")
    assert result.has_passed is False


def test_questions_weigh_by_their_marks() -> None:
    paper = [Earned(FULL, Decimal(3)), Earned(NOTHING, Decimal(1))]

    assert score(paper, pass_percent=75).percent == 75


@pytest.mark.parametrize(("right", "passed"), [(2, False), (3, True), (4, True)])
def test_reaching_the_pass_mark_exactly_passes(right: int, passed: bool) -> None:
    paper = items(*[FULL] * right, *[NOTHING] * (5 - right))

    assert score(paper, pass_percent=60).has_passed is passed


def test_the_pass_mark_is_compared_before_rounding() -> None:
    result = score([Earned(Decimal("0.5999999999999"), Decimal(1_000_000))], pass_percent=60)

    assert result.percent == 60
    assert result.has_passed is False


def test_two_of_three_is_not_67_percent() -> None:
    result = score(items(FULL, FULL, NOTHING), pass_percent=67)

    assert result.percent == Decimal("66.6666667")
    assert result.has_passed is False


def test_where_nothing_is_to_be_passed_nobody_passes_or_fails() -> None:
    assert score(items(FULL), pass_percent=None).has_passed is None


def test_one_unmarked_answer_leaves_the_result_open() -> None:
    result = score(items(FULL, None), pass_percent=60)

    assert (result.marks_earned, result.percent, result.has_passed) == (None, None, None)


def test_an_empty_paper_has_no_score() -> None:
    with pytest.raises(ValueError, match="worth nothing"):
        score([], pass_percent=60)


@pytest.mark.parametrize("fraction", [Decimal("-0.1"), Decimal("1.1")])
def test_a_fraction_beyond_0_to_1_is_refused(fraction: Decimal) -> None:
    with pytest.raises(ValueError, match="not between"):
        earn(fraction, Decimal(1))


def test_the_best_sitting_counts() -> None:
    assert counting([Decimal(40), Decimal(80), Decimal(60)], counts="best") == 80


def test_the_last_sitting_counts() -> None:
    assert counting([Decimal(40), Decimal(80), Decimal(60)], counts="last") == 60


def test_without_a_marked_sitting_nothing_counts_yet() -> None:
    assert counting([], counts="best") is None
    assert counting([], counts="last") is None
    assert counting([None], counts="best") is None


def test_the_first_sitting_counts() -> None:
    assert counting([Decimal(40), Decimal(80)], counts="first") == 40
    assert counting([None, Decimal(80)], counts="first") is None


def test_the_average_is_of_what_is_marked() -> None:
    assert counting([Decimal(40), None, Decimal(80)], counts="average") == 60
    assert counting([Decimal(50), Decimal(50), Decimal(51)], counts="average") == Decimal("50.3333333")
    assert counting([None], counts="average") is None


def test_extra_marks_lift_nobody_above_the_whole() -> None:
    paper = [Earned(NOTHING, Decimal(1), Decimal(2)), Earned(FULL, Decimal(1))]

    result = score(paper, pass_percent=60)

    assert (result.marks_earned, result.percent, result.has_passed) == (2, 100, True)


def sitting(percent: int | None, passed: bool | None = None) -> Score:
    return Score(Decimal(1), None if percent is None else Decimal(percent), passed, Decimal(1))


@pytest.mark.parametrize(
    ("counts", "expected"), [("best", True), ("last", False), ("first", True), ("average", True)]
)
def test_done_follows_from_the_sitting_that_counts(counts: str, expected: bool) -> None:
    sittings = [sitting(90, passed=True), sitting(40, passed=False)]

    assert is_done(sittings, counts=counts, pass_percent=60) is expected


@pytest.mark.parametrize("counts", ["best", "last", "first", "average"])
def test_what_waits_for_a_person_is_not_done(counts: str) -> None:
    assert not is_done([sitting(None)], counts=counts, pass_percent=60)
    assert not is_done([sitting(None)], counts=counts, pass_percent=None)
    assert not is_done([], counts=counts, pass_percent=60)


def test_without_a_pass_mark_a_marked_sitting_is_enough() -> None:
    assert is_done([sitting(None), sitting(10)], counts="best", pass_percent=None)


@given(st.lists(st.tuples(st.decimals(0, 1, places=7), st.integers(1, 9)), min_size=1, max_size=20))
def test_percent_stays_between_0_and_100(paper: list[tuple[Decimal, int]]) -> None:
    result = score([Earned(fraction, Decimal(marks)) for fraction, marks in paper], pass_percent=60)

    assert result.percent is not None
    assert 0 <= result.percent <= 100
