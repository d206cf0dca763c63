"""The question types, in menu order; this tuple is the only register."""

from __future__ import annotations

from quizzes.types.base import QuestionType
from quizzes.types.calculated import Calculated
from quizzes.types.case_set import CaseSet
from quizzes.types.cloze import Cloze
from quizzes.types.essay import Essay
from quizzes.types.hotspot import Hotspot
from quizzes.types.matching import Matching
from quizzes.types.multiple_response import MultipleResponse
from quizzes.types.number import Number
from quizzes.types.ordering import Ordering
from quizzes.types.short_answer import ShortAnswer
from quizzes.types.single_choice import SingleChoice
from quizzes.types.true_false import TrueFalse

TYPES: tuple[QuestionType, ...] = (
    SingleChoice(),
    MultipleResponse(),
    TrueFalse(),
    Matching(),
    Ordering(),
    Number(),
    Calculated(),
    ShortAnswer(),
    Cloze(),
    Essay(),
    Hotspot(),
    CaseSet(),
)
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
