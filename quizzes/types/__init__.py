"""The question types, in menu order; this tuple is the only register."""

from __future__ import annotations

from quizzes.types.base import QuestionType
from quizzes.types.multiple_response import MultipleResponse
from quizzes.types.number import Number
from quizzes.types.single_choice import SingleChoice
from quizzes.types.true_false import TrueFalse

TYPES: tuple[QuestionType, ...] = (SingleChoice(), MultipleResponse(), TrueFalse(), Number())
"""Adding a type is one module, one template, one test and one entry here."""

_BY_KEY = {question_type.key: question_type for question_type in TYPES}


def get_type(key: str) -> QuestionType:
    """Return the type stored under ``key``.

    Raises:
        ValueError: there is no such type.
    """
    try:
        return _BY_KEY[key]
    except KeyError:
        raise ValueError(f"unknown question type {key!r}") from None
