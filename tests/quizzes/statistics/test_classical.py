"""Moodle's statistics: by hand, by another way, and what may not change them."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.statistics.classical import ItemMarks, analyse_item, analyse_items, analyse_quiz
from quizzes.statistics.matrix import Analysis, Matrix, analyse
from tests.quizzes.statistics import plain

# Five people, three questions of 1, 1 and 2 marks, in halves of a mark.
ROWS = [[2, 2, 4], [2, 0, 3], [0, 2, 2], [0, 0, 1], [0, 2, 0]]


def analysed(rows: list[list[int]], maxima: list[int], unit: int = 1) -> Analysis:
    names = [f"Q{place}" for place in range(len(maxima))]
    return analyse(Matrix(names, maxima, [None] * len(maxima), rows, unit))


def test_numbers_are_those_worked_out_by_hand() -> None:
    found = analysed(ROWS, [2, 2, 4], unit=2)
    first = found.questions[0]

    # Marks 1, 1, 0, 0, 0 beside totals 4, 2.5, 2, 0.5, 1 and rests 3, 1.5, 2, 0.5, 1.
    assert first.facility == 40
    assert first.sd == pytest.approx(100 * sqrt(0.3))
    assert first.intended_weight == 25
    # Rests: mean 1.6, squares about it 1.96 + 0.01 + 0.16 + 1.21 + 0.36; with the marks 0.6·1.3 + 0.4·1.3.
    assert first.discrimination_index == pytest.approx(100 * 0.325 / sqrt(0.3 * 3.7 / 4))
    # Sorted, the two right ones stand beside 2 and 3: 0.6·1.8 + 0.4·1.8 over 4.
    assert first.discriminative_efficiency == pytest.approx(100 * 0.325 / 0.45)
    # Covariances with the totals: 2.5, 1 and 4 over 4; together the variance of the totals.
    roots = [sqrt(0.625), sqrt(0.25), 1]
    weights = [question.effective_weight for question in found.questions]
    assert weights == pytest.approx([100 * one / sum(roots) for one in roots])


def test_the_quiz_is_that_worked_out_by_hand() -> None:
    quiz = analysed(ROWS, [2, 2, 4], unit=2).quiz

    assert (quiz.attempts, quiz.maximum, quiz.mean, quiz.median) == (5, 4, 2, 2)
    # Squares about 2: 4 + 0.25 + 0 + 2.25 + 1 = 7.5
    assert quiz.sd == pytest.approx(sqrt(7.5 / 4))
    # Variances of the questions 0.3, 0.3, 0.625.
    assert quiz.cic == pytest.approx(150 * (1 - 1.225 / 1.875))
    assert quiz.error_ratio == pytest.approx(100 * sqrt(1 - 0.52))
    assert quiz.standard_error == pytest.approx(sqrt(0.48) * sqrt(1.875))


def test_a_question_against_the_total_has_no_effective_weight_and_is_told() -> None:
    found = analysed([[0, 3], [0, 2], [1, 0]], [1, 3])

    assert found.questions[0].effective_weight is None
    assert found.questions[0].has_negative_covariance
    assert found.questions[1].effective_weight == 100


def test_right_or_wrong_answers_give_kuder_richardson_20() -> None:
    rows = [[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0], [1, 1, 0, 1]]
    shares = [sum(column) / 6 for column in zip(*rows, strict=True)]
    totals = [sum(row) for row in rows]
    mean = sum(totals) / 6
    spread = sum((total - mean) ** 2 for total in totals) / 6

    expected = 100 * 4 / 3 * (1 - sum(share * (1 - share) for share in shares) / spread)

    assert analysed(rows, [1] * 4).quiz.cic == pytest.approx(expected)


def test_a_question_drawn_at_random_stands_beside_the_whole_total() -> None:
    pairs = {(1, 4): 1, (0, 1): 1, (1, 3): 1, (0, 3): 1}

    drawn = analyse_item(ItemMarks("a", 1, pairs, is_in_total=False))
    named = analyse_item(ItemMarks("a", 1, pairs))

    # Totals 4, 1, 3, 3, mean 2.75; with the marks (1.25 + 1.75 + 0.25 − 0.25)/2/3 = 0.5
    assert drawn.discrimination_index == pytest.approx(100 * 0.5 / sqrt(1 / 3 * 4.75 / 3))
    assert named.discrimination_index == pytest.approx(100 * (1 / 6) / sqrt(1 / 3 * 2.75 / 3))
    assert drawn.intended_weight is None


def test_a_guess_score_is_shown_as_a_percentage() -> None:
    assert analyse_item(ItemMarks("a", 1, {}, guess=Fraction(1, 4))).guess == 25


@pytest.mark.parametrize("rows", [[], [[1, 2]], [[1, 2]] * 7])
def test_nothing_one_paper_or_all_alike_is_undefined_and_no_crash(rows: list[list[int]]) -> None:
    found = analysed(rows, [1, 2])

    quiz = found.quiz
    assert (quiz.skewness, quiz.kurtosis, quiz.cic, quiz.error_ratio, quiz.standard_error) == (None,) * 5
    assert quiz.sd == (0 if len(rows) > 1 else None)
    assert quiz.mean == (3 if rows else None)
    for question in found.questions:
        assert question.discrimination_index is None
        assert question.discriminative_efficiency is None
        assert question.effective_weight is None
        assert question.facility == (100 if rows else None)


def test_a_constant_question_among_others_has_no_index_though_its_marks_are_no_round_number() -> None:
    found = analysed([[1, 1], [1, 0], [1, 2]], [3, 2])

    assert found.questions[0].sd == 0
    assert found.questions[0].discrimination_index is None
    assert found.questions[1].discrimination_index is None
    assert found.questions[0].effective_weight == 0


def test_a_question_without_marks_has_no_facility() -> None:
    assert analyse_items([ItemMarks("a", 0, {(0, 0): 3})])[0].facility is None


tables = st.integers(1, 6).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 4), min_size=width, max_size=width), min_size=1, max_size=12
    )
)


@given(tables)
@settings(max_examples=150, deadline=None)
def test_another_way_comes_to_the_same(rows: list[list[int]]) -> None:
    width = len(rows[0])
    found = analysed(rows, [4] * width)
    columns, totals = [list(column) for column in zip(*rows, strict=True)], [sum(row) for row in rows]

    expected = plain.of_quiz(columns, totals)
    assert {name: getattr(found.quiz, name) for name in expected} == pytest.approx(expected, abs=1e-6)
    weights = plain.effective_weights(columns, totals)
    for question, column, weight in zip(found.questions, columns, weights, strict=True):
        expected = plain.of_question(column, totals, 4)
        assert {name: getattr(question, name) for name in expected} == pytest.approx(expected, abs=1e-6)
        assert question.effective_weight == (None if weight is None else pytest.approx(weight, abs=1e-6))


@given(tables, st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_people_changes_nothing(rows: list[list[int]], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert analysed(shuffled, [4] * len(rows[0])) == analysed(rows, [4] * len(rows[0]))


@given(tables)
@settings(max_examples=50, deadline=None)
def test_a_finer_unit_changes_nothing(rows: list[list[int]]) -> None:
    width = len(rows[0])
    finer = analysed([[mark * 1000 for mark in row] for row in rows], [4000] * width, unit=1000)
    found = analysed(rows, [4] * width)

    assert asdict(finer.quiz) == pytest.approx(asdict(found.quiz))
    for one, other in zip(finer.questions, found.questions, strict=True):
        assert asdict(one) == pytest.approx(asdict(other))


def test_totals_that_are_no_sum_of_their_questions_are_taken_as_they_are() -> None:
    assert analyse_quiz({5: 2, 7: 1}, []).cic is None
