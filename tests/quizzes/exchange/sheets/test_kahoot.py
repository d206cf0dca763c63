from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from quizzes.exchange.contract import ReadFault, ReadQuestion, Unreadable
from quizzes.exchange.sheets.kahoot import KahootReader
from tests.quizzes.exchange.sheets import sheet_files as files

PROGRAMMES = ["JKK", "JKM", "JHT", "JP"]


def read(*rows: list[Any], **said: Any) -> list[Any]:
    return list(KahootReader().read(files.book(files.KAHOOT, *rows, **said), "kahoot.xlsx"))


def row(
    correct: Any, answers: list[Any] = PROGRAMMES, stem: str = "Apa itu?", seconds: Any = ""
) -> list[Any]:
    return [1, stem, *answers, *[""] * (4 - len(answers)), seconds, correct]


def right_of(question: ReadQuestion) -> list[str]:
    return [option["text"] for option in question.source["options"] if option.get("correct")]


@pytest.mark.parametrize(
    ("correct", "right", "is_guess"),
    [
        (2, ["JKM"], False),
        ("2", ["JKM"], False),
        ("1,3", ["JKK", "JHT"], False),
        ("1;3", ["JKK", "JHT"], False),
        ("1, 2 dan 4", ["JKK", "JKM", "JP"], False),
        (1.3, ["JKK", "JHT"], True),
        (13, ["JKK", "JHT"], True),
        (date(2026, 3, 1), ["JKK", "JHT"], True),
        (date(2003, 2, 1), ["JKK", "JKM", "JHT"], True),
        ("jkm", ["JKM"], False),
        ("B", ["JKM"], False),
        ("AC", ["JKK", "JHT"], False),
    ],
)
def test_the_right_answers_are_read_whatever_the_spreadsheet_made_of_them(
    correct: Any, right: list[str], is_guess: bool
) -> None:
    (question,) = read(row(correct))

    assert right_of(question) == right
    assert question.kind == ("single_choice" if len(right) == 1 else "multiple_response")
    assert bool(question.guesses) is is_guess


@pytest.mark.parametrize(
    ("correct", "words"),
    [
        ("", "which answer is right"),
        (7, "none of the answers"),
        ("5", "Answer 5"),
        ("entah", "none of the answers"),
        (11, "none of the answers"),
        (date(2026, 8, 17), "none of the answers"),
    ],
)
def test_a_key_that_names_no_answer_is_a_fault_of_its_row(correct: Any, words: str) -> None:
    first, second = read(row(correct), row(2))

    assert isinstance(first, ReadFault)
    assert first.line == 2
    assert words in str(first.message)
    assert isinstance(second, ReadQuestion)


def test_answers_that_are_numbers_are_taken_by_their_words_and_that_is_told() -> None:
    (question,) = read(row(2, [4, 2, 1, 3]))

    assert right_of(question) == ["2"]
    assert not question.guesses
    (question,) = read(row(3, [4, 2, 1, 3]))
    assert right_of(question) == ["3"]
    assert "words" in str(question.guesses[0])


def test_the_header_is_found_by_its_words_under_the_rules_of_the_template() -> None:
    rules = [["", "Quiz template"], ["", "Add questions, at least two answer alternatives"], []]
    data = files.book(*rules, files.KAHOOT, row(2, ["Ya", "Tidak"], seconds=20), [2], above=3)

    (question,) = KahootReader().read(data, "x.xlsx")

    assert question.line == 8
    assert question.original == "1 | Apa itu? | Ya | Tidak |  |  | 20 | 2"
    assert "time limit" in str(question.losses[0])


def test_marks_of_ours_and_of_markdown_are_bare_letters() -> None:
    (question,) = read(row(1, ["{fakta:jkm.benefit.death_grant}", "*a* {keliru:1|2}"], stem="5 * 3_x_ = ?"))

    assert question.source == {
        "stem": "5 \\* 3_x\\_ = ?",
        "options": [
            {"text": "\\{fakta\\:jkm.benefit.death_grant}", "correct": True},
            {"text": "\\*a\\* \\{keliru\\:1|2}"},
        ],
    }


def test_a_row_without_a_question_or_with_one_answer_is_a_fault() -> None:
    found = read(row(1, stem=""), row(1, ["Satu"]), row(1, ["=1+1", "b"]))

    assert [type(read) for read in found] == [ReadFault] * 3
    assert "formula" in str(found[2].message)
    assert "Answer 1" in str(found[2].message)


def test_it_is_recognised_by_its_header_and_no_other_sheet_is() -> None:
    reader = KahootReader()

    assert reader.recognises(files.book(files.KAHOOT), "x.xlsx")
    assert reader.recognises(files.text(files.KAHOOT, delimiter=","), "x.csv")
    assert not reader.recognises(files.book(files.QUIZIZZ), "x.xlsx")
    assert not reader.recognises(b"Question Answer 1", "x.txt")
    with pytest.raises(Unreadable, match="No row"):
        list(reader.read(files.book(["a", "b"]), "x.xlsx"))
