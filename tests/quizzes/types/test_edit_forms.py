"""What the author's form shows and reads."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from quizzes.types import TYPES, get_type
from quizzes.types.base import Example, FormatError, QuestionType
from quizzes.types.expressions import read_expression, show_expression

SAMPLES = [
    pytest.param(question_type, example, id=f"{question_type.key}-{number}")
    for question_type in TYPES
    for number, example in enumerate(question_type.examples(), 1)
]


@pytest.mark.parametrize(("question_type", "example"), SAMPLES)
def test_a_source_comes_back_as_it_went_in(question_type: QuestionType, example: Example) -> None:
    form = question_type.edit_form()
    form.show(example.source)

    assert {k: v for k, v in form.read().items() if v != ""} == {
        k: v for k, v in example.source.items() if v != ""
    }


@pytest.mark.parametrize("question_type", TYPES, ids=lambda t: t.key)
def test_an_empty_form_is_a_source_with_faults(question_type: QuestionType) -> None:
    form = question_type.edit_form(MultiDict())
    form.show({})

    assert question_type.faults(form.read())


def rows(*texts: str, right: str = "1") -> MultiDict[str, str]:
    data = MultiDict([(f"options-{index}-text", text) for index, text in enumerate(texts)])
    data.add("right", right)
    return data


@pytest.mark.parametrize(
    ("action", "texts", "right"),
    [
        ("up-1", ["b", "a", "c"], [0]),
        ("down-1", ["a", "c", "b"], [2]),
        ("up-0", ["a", "b", "c"], [1]),
        ("down-2", ["a", "b", "c"], [1]),
        ("delete-0", ["b", "c"], [0]),
        ("delete-1", ["a", "c"], []),
        ("add", ["a", "b", "c", ""], [1]),
        ("up-99", ["a", "b", "c"], [1]),
        ("explode", ["a", "b", "c"], [1]),
    ],
)
def test_the_key_moves_with_its_row(action: str, texts: list[str], right: list[int]) -> None:
    form = get_type("single_choice").edit_form(rows("a", "b", "c"))

    form.act(action)

    assert [entry.data["text"] for entry in form.options] == texts
    assert form.right.data == right


def test_two_rows_always_stay() -> None:
    form = get_type("single_choice").edit_form(rows("a", "b"))

    form.act("delete-0")

    assert len(form.options) == 2


def test_empty_rows_are_dropped_and_the_key_stays_with_its_text() -> None:
    form = get_type("multiple_response").edit_form(rows("", "a", " ", "b", right="3"))

    assert form.read() == {"options": [{"text": "a"}, {"text": "b", "correct": True}]}


def test_a_foreign_row_number_is_passed_over() -> None:
    form = get_type("single_choice").edit_form(rows("a", "b", right="99"))

    assert form.right.data == []


def test_lines_are_cleaned() -> None:
    form = get_type("single_choice").edit_form(rows("  a\r\nb\x00\x1b ", "c"))

    assert form.read()["options"][0]["text"] == "a\nb"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("40.000", 40000),
        ("0,24", "0.24"),
        ("{fakta:jht.rate.worker}", {"fact": "jht.rate.worker"}),
        ("{fakta:jht.rate.worker|persen}", {"fact": "jht.rate.worker", "as": "percent"}),
        ("{fakta:jht.rate.worker} × 2.000.000", {"product": ["jht.rate.worker", 2000000]}),
        (
            "{fakta:a.b} × 2 × 0,5 + {fakta:c.d} + 3",
            {"sum": [{"product": ["a.b", 2, "0.5"]}, {"fact": "c.d"}, 3]},
        ),
        (
            "{hitung:pu|upah=2.500.000|risiko=sedang|hasil=total}",
            {"hitung": "pu", "masukan": {"upah": "2.500.000", "risiko": "sedang"}, "hasil": "total"},
        ),
        (
            "{hitung:jkm|hasil=total} × 2 + 5",
            {"sum": [{"product": [{"hitung": "jkm", "masukan": {}, "hasil": "total"}, 2]}, 5]},
        ),
    ],
)
def test_expressions_go_both_ways(text: str, source: Any) -> None:
    assert read_expression(text) == source
    assert show_expression(source) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ({"sum": ["jht.rate.worker", 3]}, "{fakta:jht.rate.worker} + 3"),
        ({"product": [{"sum": [1, 2]}, 3]}, None),
        ({"sum": [{"sum": [1, 2]}, 3]}, None),
        ({"product": [{"product": [1, 2]}, 3]}, None),
        ({"sum": [1, [2]]}, None),
        ({"sum": 1}, None),
        ({"hitung": "pu", "hasil": "total"}, "{hitung:pu|hasil=total}"),
        ({"hitung": "pu", "masukan": {"upah": "1"}}, None),
        ({"hitung": "pu", "masukan": ["upah"], "hasil": "total"}, None),
        ({"hitung": "pu", "hasil": "total", "as": "percent"}, None),
    ],
)
def test_a_key_the_editor_cannot_show_is_a_fault(source: Any, text: str | None) -> None:
    faults = get_type("number").faults({"answer": source})

    assert bool(faults) == (text is None)
    if text is not None:
        assert show_expression(source) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b",
        "{fakta:}",
        "{fakta:A}",
        "5 +",
        "× 5",
        "1.00",
        "2 ** 3",
        "{hitung:pu}",
        "{hitung:pu|upah=1}",
        "{hitung:pu|upah|hasil=total}",
        "{hitung:pu",
    ],
)
def test_expressions_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(FormatError):
        read_expression(text)


@pytest.mark.parametrize(("field", "value"), [("answer", "1.00"), ("tolerance", "-1"), ("tolerance", "x")])
def test_a_number_says_what_is_wrong_at_the_field(field: str, value: str) -> None:
    form = get_type("number").edit_form(MultiDict({"answer": "5", field: value}))

    assert not form.validate()
    assert set(form.errors) == {field}
