"""What only the whole bank shows."""

from __future__ import annotations

from typing import Any

from courses.catalogue.sources import QuestionSource
from courses.facts.documents import SourceMap
from quizzes.bank.advice.whole_bank import ENOUGH, advise_on_keys


def source(**values: Any) -> QuestionSource:
    data = SourceMap(values)
    data.line, data.lines = 1, {}
    return QuestionSource("x-01", "x", "questions/x.yaml", 1, data)


def choice(texts: str, key: int) -> QuestionSource:
    options = [{"text": text, "correct": place == key} for place, text in enumerate(texts.split(), 1)]
    return source(type="single_choice", options=options)


def test_keys_at_one_place_are_noticed(app: object) -> None:
    (advice,) = advise_on_keys([choice("aa aa aa aa", 2)] * ENOUGH)

    assert "nomor 2" in advice.message


def test_keys_all_over_the_place_are_not(app: object) -> None:
    assert advise_on_keys([choice("aa aa aa aa", place) for place in (1, 2, 3, 4)] * ENOUGH) == []


def test_keys_that_are_mostly_the_longest_are_noticed(app: object) -> None:
    longest = [choice("aaaa aa", 1), choice("aa aaaa", 2)] * ENOUGH

    (advice,) = advise_on_keys(longest)

    assert f"{2 * ENOUGH} dari {2 * ENOUGH}" in advice.message


def test_statements_that_are_nearly_all_true_are_noticed(app: object) -> None:
    statements = [source(type="true_false", answer=True)] * ENOUGH

    (advice,) = advise_on_keys(statements)

    assert "true" in advice.message


def test_a_handful_of_questions_says_nothing(app: object) -> None:
    assert advise_on_keys([choice("aaaa aa", 1)] * (ENOUGH - 1)) == []
