"""Whether slots can always be filled."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.errors import Conflict
from quizzes.attempts.paper import draw_paper
from quizzes.bank.models import QuestionVersion, QuizSlot, QuizVersion, SlotCandidate
from quizzes.bank.quiz.supply import Demand, list_unfillable

TOPIC = {"a", "b", "c", "d"}


@pytest.mark.parametrize(
    ("demands", "unfillable"),
    [
        ([Demand({"a"}, 1), Demand({"b"}, 1), Demand(TOPIC, 2)], []),
        ([Demand({"a"}, 1), Demand({"b"}, 1), Demand(TOPIC, 3)], [2]),
        ([Demand({"a"}, 1), Demand({"a"}, 1)], [1]),
        ([Demand(TOPIC, 2), Demand(TOPIC, 2)], []),
        ([Demand(TOPIC, 3), Demand(TOPIC, 2)], [1]),
        ([Demand((), 1)], [0]),
    ],
)
def test_no_question_comes_twice(demands: list[Demand], unfillable: list[int]) -> None:
    assert list_unfillable(demands) == unfillable


def make_slot(place: int, question_ids: set[int], number: int) -> QuizSlot:
    versions = [
        QuestionVersion(id=100 * place + question_id, question_id=question_id, type="true_false", content={})
        for question_id in question_ids
    ]
    candidates = [SlotCandidate(question_version=version) for version in versions]
    return QuizSlot(id=place, position=place, draw_count=number, marks=1, candidates=candidates)


@given(
    st.lists(st.tuples(st.sets(st.integers(1, 6), min_size=1), st.integers(1, 4)), min_size=1, max_size=4),
    st.integers(),
)
def test_what_is_promised_can_be_drawn(slots: list[tuple[set[int], int]], seed: int) -> None:
    if list_unfillable([Demand(questions, number) for questions, number in slots]):
        return
    quiz = QuizVersion(shuffle_questions=True, shuffle_options=True)
    quiz.slots = [make_slot(place, questions, number) for place, (questions, number) in enumerate(slots, 1)]

    try:
        paper = draw_paper(quiz, Random(seed))
    except Conflict:
        pytest.fail("a slot stayed empty")

    assert len(paper) == sum(number for _, number in slots)
