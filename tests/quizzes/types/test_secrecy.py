"""The open page depends on what it may show and on nothing else of a question, at any depth.

A table says for each type what may be shown; every other value of the content is changed, one after the
other, and the page must stay the same to the letter. A type without a line here fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from quizzes.types import TYPES
from quizzes.types.base import Json, QuestionType
from tests.factories import PlainResolver
from tests.quizzes.types.leaves import Path, another, changed, leaves, name_of

SHOWN: dict[str, set[str]] = {
    "single_choice": {"options.*.html"},
    "multiple_response": {"options.*.html", "scoring"},
    "true_false": set(),
    "matching": {"pairs.*.html", "choices.*.html", "choices.*.text"},
    "ordering": {"items.*.html", "scoring"},
    "number": {"unit", "units.*.name"},
    "calculated": {"unit"},
    # Whether case and accents count is said beside the line.
    "short_answer": {"matters.*"},
    "cloze": {"parts.*.html", "parts.*.gap", "gaps.*.kind", "gaps.*.content.options.*.text"},
    "essay": {"min_words", "max_words", "attachment"},
    "hotspot": {"options.*.html", "options.*.x", "options.*.y", "drawing_html", "box", "radius"},
    "case_set": {
        "text_html",
        "mode",
        "parts.*.type",
        "parts.*.stem_html",
        "parts.*.content.unit",
        "parts.*.content.options.*.html",
    },
}
WORTH = ("share", "weight", "next", "end", "name")
"""What an answer is worth, or where it leads: shown with the answer, not as what would have been right."""

CASES = [
    pytest.param(kind, example.source, id=f"{kind.key}-{number}")
    for kind in TYPES
    for number, example in enumerate(kind.examples(), 1)
]
each_case = pytest.mark.parametrize(("kind", "source"), CASES)


def papers(kind: QuestionType, source: Json) -> Iterator[tuple[Json, Json]]:
    """Yield the content with a paper as written and two shuffled ones."""
    content = kind.resolve(source, PlainResolver())
    yield content, kind.prepare(content, Random(1), shuffle=False)
    for seed in (1, 2):
        yield content, kind.prepare(content, Random(seed), shuffle=True)


def hidden(kind: QuestionType, content: Json) -> Iterator[tuple[Path, Any]]:
    for path, value in leaves(content):
        if name_of(path) not in SHOWN[kind.key]:
            yield path, value


def test_every_type_says_what_its_open_page_may_show() -> None:
    assert set(SHOWN) == {kind.key for kind in TYPES}
    for kind in TYPES:
        names = {
            name_of(path)
            for example in kind.examples()
            for path, _value in leaves(kind.resolve(example.source, PlainResolver()))
        }
        assert SHOWN[kind.key] <= names, "names of what is there no more"


@each_case
def test_the_open_page_depends_on_nothing_hidden(kind: QuestionType, source: Json) -> None:
    for content, prepared in papers(kind, source):
        shown = kind.present(content, prepared)
        for path, value in hidden(kind, content):
            assert kind.present(changed(content, path, another(value)), prepared) == shown, path


@each_case
def test_the_open_page_says_nothing_of_an_earlier_answer(kind: QuestionType, source: Json) -> None:
    """What was answered is the page's to show; the type's part of it is the same before and after."""
    for content, prepared in papers(kind, source):
        before = json.dumps([content, prepared, kind.present(content, prepared)])
        kind.review(content, prepared, kind.parse(kind.solve(content, prepared), content, prepared))
        assert json.dumps([content, prepared, kind.present(content, prepared)]) == before


@each_case
def test_who_answered_nothing_still_sees_what_was_right(kind: QuestionType, source: Json) -> None:
    """Whatever decides that an answer earns everything is told in the review."""
    content, prepared = next(papers(kind, source))
    solved = kind.parse(kind.solve(content, prepared), content, prepared)
    told = json.dumps(kind.review(content, prepared, None))

    for path, value in hidden(kind, content):
        if not {str(step) for step in path} & set(WORTH):
            other = changed(content, path, another(value))
            if decides(kind, other, solved):
                assert json.dumps(kind.review(other, prepared, None)) != told, path


def decides(kind: QuestionType, content: Json, answer: Json | None) -> bool:
    grade = kind.grade(content, answer)
    return grade is not None and grade.fraction != 1
