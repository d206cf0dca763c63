"""Advice to who writes a question."""

from __future__ import annotations

from typing import Any

import pytest

from quizzes.bank.advice.asking import advise
from quizzes.bank.advice.item import Item

GOOD: dict[str, Any] = {
    "stem": "Siapa memotong iuran?",
    "options": [{"text": "Pemberi kerja", "correct": True}, {"text": "Pekerja sendiri"}],
    "explanation": "Pemberi kerja wajib memungut.",
    "cite": ["uu-24-2011/19"],
}


def lacking(source: dict[str, Any], kind: str = "single_choice") -> list[str]:
    return [point.text for point in advise(source, kind=kind) if not point.is_good]


def test_a_good_question_lacks_nothing() -> None:
    assert lacking(GOOD) == []


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"stem": ""}, "missing"),
        ({"stem": "Mana yang bukan tugas kader?"}, "not"),
        ({"explanation": ""}, "explanation"),
        ({"cite": []}, "no article"),
        ({"cite": ["uu-24-2011/15/99"]}, "uu-24-2011/15/99"),
        ({"cite": ["uu-24-2011/72"]}, "uu-24-2011/72"),
        ({"cite": ["pp-44-2015/701"]}, "pp-44-2015/701"),
        ({"options": [{"text": "a"}, {"text": "b"}]}, "no right answer"),
        ({"options": [{"text": "JKK", "correct": True}, {"text": " jkk "}]}, "same"),
        ({"options": [{"text": "a", "correct": True}, {"text": ""}]}, "empty"),
        ({"options": [{"text": "a", "correct": True}, {"text": "Semua benar"}]}, "place"),
        ({"options": [{"text": "a", "correct": True}, {"text": "Tidak satu pun di atas"}]}, "place"),
        ({"options": [{"text": "a", "correct": True}, {"text": "Tidak ada yang tepat."}]}, "place"),
        ({"options": [{"text": "panjang sekali " * 5, "correct": True}, {"text": "pendek"}]}, "longer"),
    ],
)
def test_what_could_be_better_is_said(changed: dict[str, Any], word: str) -> None:
    assert any(word in text for text in lacking(GOOD | changed))


def test_several_answers_that_are_all_right_are_no_question() -> None:
    options = [{"text": "a", "correct": True}, {"text": "b", "correct": True}]

    assert any("Every answer" in text for text in lacking(GOOD | {"options": options}, "multiple_response"))


def test_what_is_lacking_comes_first() -> None:
    points = [point.is_good for point in advise(GOOD | {"cite": []}, kind="single_choice")]

    assert points == sorted(points)


def test_a_point_of_a_rule_has_its_reason_and_an_example() -> None:
    (point,) = [point for point in advise(GOOD | {"cite": []}, kind="single_choice") if not point.is_good]

    assert point.rule == "no_citation"
    assert all((point.reason, point.bad, point.good))


def test_questions_beside_it_are_looked_at_too() -> None:
    others = {"JKK": Item("single_choice", GOOD), "lain": Item("true_false", {"stem": "Kartu terbit cepat."})}

    points = [point for point in advise(GOOD, kind="single_choice", others=others) if not point.is_good]

    assert [point.rule for point in points] == ["near_twin"]
    assert "JKK" in points[0].text
