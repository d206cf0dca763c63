"""Every type against every promise of the contract."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from flask import Flask, render_template_string

from quizzes.types import TYPES, get_type
from quizzes.types.base import Example, FormatError, Json, QuestionType

SAMPLES = [
    pytest.param(question_type, example, id=f"{question_type.key}-{number}")
    for question_type in TYPES
    for number, example in enumerate(question_type.examples(), 1)
]
each_sample = pytest.mark.parametrize(("question_type", "example"), SAMPLES)
HIDDEN = {"correct", "answer", "why", "why_html", "is_right", "right", "tolerance", "fixed", "order"}


class PlainResolver:
    """Knows no facts: texts are escaped, numbers are read as they stand."""

    def html(self, text: str) -> str:
        return html.escape(text)

    def plain(self, text: str) -> str:
        return text

    def number(self, expression: Any) -> Decimal:
        return Decimal(str(expression))


def content_of(question_type: QuestionType, example: Example) -> tuple[Json, Json]:
    content = question_type.resolve(example.source, PlainResolver())
    return content, question_type.prepare(content, Random(1), shuffle=False)


def names_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from names_in(inner)
    if isinstance(value, list):
        for inner in value:
            yield from names_in(inner)


def test_keys_are_unique_and_name_module_and_template() -> None:
    keys = [question_type.key for question_type in TYPES]

    assert len(set(keys)) == len(keys)
    for question_type in TYPES:
        assert type(question_type).__module__ == f"quizzes.types.{question_type.key}"
        assert get_type(question_type.key) is question_type
        assert question_type.label
        assert question_type.examples()


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(ValueError, match="essay2"):
        get_type("essay2")


@each_sample
def test_examples_have_no_faults(question_type: QuestionType, example: Example) -> None:
    assert question_type.faults(example.source) == []


@pytest.mark.parametrize("question_type", TYPES, ids=lambda t: t.key)
def test_an_empty_source_has_faults(question_type: QuestionType) -> None:
    assert question_type.faults({})


@each_sample
def test_all_forms_survive_json(question_type: QuestionType, example: Example) -> None:
    content, prepared = content_of(question_type, example)
    answer = question_type.parse(example.right, content, prepared)

    for form in (content, prepared, answer, question_type.present(content, prepared)):
        assert json.loads(json.dumps(form)) == form
    assert json.loads(json.dumps(question_type.review(content, prepared, answer)))


@each_sample
def test_right_earns_all_and_wrong_nothing(question_type: QuestionType, example: Example) -> None:
    content, prepared = content_of(question_type, example)

    right = question_type.grade(content, question_type.parse(example.right, content, prepared))
    wrong = question_type.grade(content, question_type.parse(example.wrong, content, prepared))

    if question_type.is_judged:
        assert (right, wrong) == (None, None)
        assert question_type.rubric(content)
        return
    assert right is not None
    assert wrong is not None
    assert (right.fraction, wrong.fraction) == (Decimal(1), Decimal(0))


@each_sample
def test_half_right_earns_its_share(question_type: QuestionType, example: Example) -> None:
    content, prepared = content_of(question_type, example)

    for raw, fraction in example.half:
        grade = question_type.grade(content, question_type.parse(raw, content, prepared))
        assert grade is not None
        assert grade.fraction == fraction


@each_sample
def test_unreadable_is_a_format_error_with_a_sentence(question_type: QuestionType, example: Example) -> None:
    content, prepared = content_of(question_type, example)

    for raw in example.unreadable:
        with pytest.raises(FormatError) as error:
            question_type.parse(raw, content, prepared)
        assert str(error.value).endswith((".", "?"))


@each_sample
def test_nothing_is_no_answer_and_earns_nothing(question_type: QuestionType, example: Example) -> None:
    content, prepared = content_of(question_type, example)

    assert question_type.parse({}, content, prepared) is None
    assert question_type.parse({"choice": [""], "value": [" "]}, content, prepared) is None
    grade = question_type.grade(content, None)
    assert grade is None or grade.fraction == 0
    assert question_type.review(content, prepared, None) is not None


@each_sample
def test_the_open_page_says_nothing_of_the_key(question_type: QuestionType, example: Example) -> None:
    content, prepared = content_of(question_type, example)

    shown = question_type.present(content, prepared)

    assert not HIDDEN & set(names_in(shown))


@each_sample
def test_the_order_of_a_paper_depends_on_the_seed_alone(
    question_type: QuestionType, example: Example
) -> None:
    content, _ = content_of(question_type, example)

    papers = [question_type.prepare(content, Random(7), shuffle=True) for _ in range(2)]

    assert papers[0] == papers[1]


@each_sample
def test_templates_render_the_open_and_the_reviewed_question(
    app: Flask, question_type: QuestionType, example: Example
) -> None:
    content, prepared = content_of(question_type, example)
    answer = question_type.parse(example.right, content, prepared)
    item = {
        "name_prefix": "q3-",
        "present": question_type.present(content, prepared),
        "answer": dict(example.right),
        "review": question_type.review(content, prepared, answer),
        "error": "Galat",
    }

    with app.test_request_context():
        opened, reviewed = (
            render_template_string(
                f'{{% from "types/{question_type.key}.html" import {macro} %}}{{{{ {macro}(item) }}}}',
                item=item,
            )
            for macro in ("answer", "review")
        )

    assert 'name="q3-' in opened
    assert 'id="q3-error"' in opened
    assert "<fieldset" not in opened
    chosen = [values for name, values in example.right.items() if name.rpartition("-")[2] == "choice"]
    assert opened.count(" checked") == sum(map(len, chosen))
    assert 'class="answer' in reviewed
    assert "<input" not in reviewed


@each_sample
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_solving_earns_everything_and_missing_does_not(
    question_type: QuestionType, example: Example, seed: int
) -> None:
    content = question_type.resolve(example.source, PlainResolver())
    prepared = question_type.prepare(content, Random(seed), shuffle=True)

    solved = question_type.parse(question_type.solve(content, prepared), content, prepared)
    missed = question_type.parse(question_type.miss(content, prepared), content, prepared)

    grades = [question_type.grade(content, answer) for answer in (solved, missed)]
    if question_type.is_judged:
        assert grades == [None, None]
        return
    fractions = [grade.fraction for grade in grades if grade]
    assert fractions[0] == 1
    assert fractions[1] < 1
