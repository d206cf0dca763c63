"""Which answer drew how many people."""

from __future__ import annotations

import pytest
from flask import Flask

from quizzes.live.drawn import count_drawn
from quizzes.types.base import Json

OPTIONS = {
    "options": [
        {"html": "JKK", "correct": False},
        {"html": "<em>JKM</em>", "correct": True},
        {"html": "JHT", "correct": False},
    ]
}


@pytest.mark.parametrize(
    ("kind", "content", "answers", "expected"),
    [
        (
            "single_choice",
            OPTIONS,
            [{"choice": 2}, {"choice": 2}, {"choice": 1}, {"choice": 0}, None],
            [("JKM", 1, True), ("JHT", 2, False), ("JKK", 1, False)],
        ),
        (
            "multiple_response",
            OPTIONS,
            [{"choices": [0, 1]}, {"choices": [0]}],
            [("JKM", 1, True), ("JKK", 2, False), ("JHT", 0, False)],
        ),
        (
            "true_false",
            {"answer": False},
            [{"choice": True}, {"choice": True}, {"choice": False}],
            [("Salah", 1, True), ("Benar", 2, False)],
        ),
        (
            "number",
            {"answer": "12000", "tolerance": "0", "unit": "rupiah"},
            [{"value": "12000"}, {"value": "1200"}, {"value": "1200"}, {"value": "7"}],
            [("1.200 rupiah", 2, False)],
        ),
        ("essay", {}, [{"text": "…"}], []),
    ],
)
def test_right_answers_come_first_then_wrong_ones_by_what_they_drew(
    app: Flask, kind: str, content: Json, answers: list[Json | None], expected: list[tuple[str, int, bool]]
) -> None:
    with app.test_request_context():
        found = count_drawn(kind, content, answers)

    assert [(drawn.text, drawn.people, drawn.is_right) for drawn in found] == expected
