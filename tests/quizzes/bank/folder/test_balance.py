"""What the blueprint of a whole bank lacks."""

from __future__ import annotations

from typing import Any

from courses.catalogue.sources import QuestionSource
from courses.facts.documents import SourceMap
from quizzes.bank.folder.balance import module_of


def source(**values: Any) -> QuestionSource:
    data = SourceMap(values)
    data.line, data.lines = 1, {}
    return QuestionSource("x-01", "x", "questions/x.yaml", 1, data)


def test_the_module_of_a_question_is_that_of_its_reading() -> None:
    assert module_of(source(read="day-2/01-jkk/manfaat#perawatan")) == "day-2/01-jkk"
    assert module_of(source()) == ""
