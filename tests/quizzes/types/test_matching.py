"""What is special about pairs: order, lone answers, and answers shared by lines."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from quizzes.types.matching import Matching
from tests.factories import PlainResolver

KIND = Matching()
SOURCE: dict[str, Any] = {
    "pairs": [{"text": "a", "match": "Satu"}, {"text": "b", "match": "dua"}, {"text": "c", "match": "satu "}],
    "distractors": [{"text": "tiga"}],
}


def content() -> dict[str, Any]:
    return KIND.resolve(SOURCE, PlainResolver())


def test_answers_that_read_alike_are_offered_once_in_the_order_of_the_alphabet() -> None:
    made = content()

    assert [choice["text"] for choice in made["choices"]] == ["dua", "satu ", "tiga"]
    assert [pair["choice"] for pair in made["pairs"]] == [1, 0, 1]


def test_an_answer_means_the_same_on_every_paper() -> None:
    made = content()
    for seed in range(10):
        prepared = KIND.prepare(made, Random(seed), shuffle=True)

        answer = KIND.parse(KIND.solve(made, prepared), made, prepared)

        assert answer == {"pairs": [1, 0, 1]}


def test_letters_follow_the_order_of_the_paper() -> None:
    shown = KIND.present(content(), {"rows": [2, 0, 1], "choices": [2, 1, 0]})

    assert [(choice["letter"], choice["text"]) for choice in shown["choices"]] == [
        ("A", "tiga"),
        ("B", "satu "),
        ("C", "dua"),
    ]
    assert [row["html"] for row in shown["rows"]] == ["c", "a", "b"]


def test_the_comment_says_how_many_are_right() -> None:
    assert KIND.grade(content(), {"pairs": [1, None, 0]}).comment == (
        "1 of 3 pairs are right; each earns the same."
    )


def test_a_line_left_empty_is_told_from_a_wrong_one() -> None:
    rows = KIND.review(content(), {"rows": [0, 1, 2], "choices": [0, 1, 2]}, {"pairs": [1, None, 2]})["rows"]

    assert [(row["given_html"], row["is_right"]) for row in rows] == [
        ("satu ", True),
        (None, False),
        ("tiga", False),
    ]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"pairs": "a"}, "The pairs are not a list."),
        ({"distractors": "a"}, "The pairs are not a list."),
        ({"pairs": [{"text": "a", "match": "b"}]}, "At least two pairs are needed."),
        ({"pairs": [{"text": str(n), "match": str(n)} for n in range(11)]}, "At most 10 pairs are possible."),
        ({"pairs": [{"text": "a", "match": ""}, {"text": "b", "match": "c"}]}, "Pair 1 lacks a side."),
        (
            {"pairs": [{"text": "a", "match": "b"}, {"text": "A ", "match": "c"}]},
            "Two pairs have the same left side.",
        ),
        (
            {"distractors": [{"text": "Dua"}]},
            "An answer that belongs to nothing is the answer of a pair.",
        ),
        ({"distractors": [{"text": " "}]}, "An answer that belongs to nothing is empty."),
        ({"distractors": [{"text": "x", "correct": True}]}, "Unknown field “correct”."),
        (
            {"pairs": [{"text": "a", "match": "b"}, {"text": "c", "match": "b"}], "distractors": []},
            "There is only one answer to choose from.",
        ),
        (
            {"distractors": [{"text": f"x{n}"} for n in range(11)]},
            "At most 12 answers to choose from are possible.",
        ),
    ],
)
def test_what_cannot_be_asked_is_a_fault(change: dict[str, Any], fault: str) -> None:
    assert KIND.faults(SOURCE | change) == [fault]


def test_half_written_pairs_can_be_looked_at() -> None:
    made = KIND.resolve({"pairs": [{"text": "a", "match": ""}]}, PlainResolver())
    prepared = KIND.prepare(made, Random(1), shuffle=True)

    assert KIND.review(KIND.resolve({}, PlainResolver()), {"rows": []}, None)["rows"] == []
    assert KIND.present(made, prepared)["rows"][0]["html"] == "a"


def test_rows_without_a_left_side_belong_to_nothing() -> None:
    data = MultiDict({"pairs-0-text": "", "pairs-0-match": "lone", "pairs-1-text": "a", "pairs-1-match": "b"})
    form = KIND.edit_form(data)

    assert form.read() == {"pairs": [{"text": "a", "match": "b"}], "distractors": [{"text": "lone"}]}
    assert [field.id for field in form.find("distractors-0-text")] == ["pairs", "pairs-0-match"]
    assert [field.id for field in form.find("pairs-1-why")] == ["pairs", "pairs-1-why"]
