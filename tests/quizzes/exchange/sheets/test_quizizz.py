from __future__ import annotations

from typing import Any

import pytest

from quizzes.exchange.contract import ReadFault, ReadQuestion, Unreadable
from quizzes.exchange.sheets.quizizz import QuizizzReader
from tests.quizzes.exchange.sheets import sheet_files as files


def read(*rows: list[Any]) -> list[Any]:
    return list(QuizizzReader().read(files.book(files.QUIZIZZ, *rows), "x.xlsx"))


def row(kind: str, options: list[Any], correct: Any, *, explanation: str = "", image: str = "") -> list[Any]:
    return ["Apa itu?", kind, *options, *[""] * (5 - len(options)), correct, 30, image, explanation]


def test_the_row_that_explains_the_columns_is_passed_over() -> None:
    (question,) = read(
        files.QUIZIZZ_HELP, row("Multiple Choice", ["a", "b", "c"], 2, explanation="Karena *b*.")
    )

    assert question.kind == "single_choice"
    assert question.line == 3
    assert question.source == {
        "stem": "Apa itu?",
        "options": [{"text": "a"}, {"text": "b", "correct": True}, {"text": "c"}],
        "explanation": "Karena \\*b\\*.",
    }


@pytest.mark.parametrize(
    ("kind", "correct", "wanted"),
    [
        ("Checkbox", "1,3", "multiple_response"),
        ("Checkbox", 1, "multiple_response"),
        ("checkbox", 1.3, "multiple_response"),
        ("", 2, "single_choice"),
        ("multiple-choice", "b", "single_choice"),
        ("Multiple Choice", "1,2", "multiple_response"),
    ],
)
def test_kinds_with_options_become_choices(kind: str, correct: Any, wanted: str) -> None:
    (question,) = read(row(kind, ["a", "b", "c"], correct))

    assert question.kind == wanted
    assert len(question.source["options"]) == 3


def test_words_to_fill_in_accept_every_option_and_stars_are_stars() -> None:
    (question,) = read(row("Fill-in-the-Blank", ["BPJS*", "bpjs naker"], ""))

    assert question.kind == "short_answer"
    assert question.source["answers"] == [{"accept": "BPJS\\*"}, {"accept": "bpjs naker"}]


def test_an_open_question_gets_a_rubric_and_says_so() -> None:
    (question,) = read(row("Open-Ended", [], ""))

    assert question.kind == "essay"
    assert "rubric" in str(question.guesses[0])


def test_a_poll_and_kinds_we_have_not_are_faults_and_pictures_are_losses() -> None:
    poll, drawn, pictured = read(
        row("Poll", ["a", "b"], ""),
        row("Draw", [], ""),
        row("Multiple Choice", ["a", "b"], 1, image="https://contoh.test/a.png"),
    )

    assert isinstance(poll, ReadFault)
    assert "poll" in str(poll.message)
    assert isinstance(drawn, ReadFault)
    assert "Draw" in str(drawn.message)
    assert isinstance(pictured, ReadQuestion)
    assert [word in str(pictured.losses) for word in ("30 seconds", "contoh.test")] == [True, True]


def test_it_is_recognised_by_its_header() -> None:
    reader = QuizizzReader()

    assert reader.recognises(files.book(files.QUIZIZZ), "x.xlsx")
    assert not reader.recognises(files.book(files.KAHOOT), "x.xlsx")
    with pytest.raises(Unreadable, match="No row"):
        list(reader.read(files.text(["Question Text", "Question Type"]), "x.csv"))
