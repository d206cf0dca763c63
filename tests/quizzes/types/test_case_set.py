"""Case sets: stories and tables, parts that are questions in small, and ways that depend on answers."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from quizzes.types.base import FormatError, Json
from quizzes.types.case_map import draw_case
from quizzes.types.case_set import MAX_STEPS, CaseSet
from quizzes.types.case_story import story_html
from tests.quizzes.types.test_contract import PlainResolver

CASE = CaseSet()
QUESTION: Json = {
    "name": "tanya",
    "type": "number",
    "stem": "Berapa?",
    "answer": 2,
    "next": {"right": "simpan", "wrong": "tanya"},
}
DECISION: Json = {
    "name": "simpan",
    "text": "Uangnya di tangan Anda.",
    "choices": [
        {"text": "Ke bank", "why": "Aman.", "next": "baik"},
        {"text": "Di laci", "why": "Lembap.", "next": "separuh"},
        {"text": "Tanya lagi", "next": "tanya"},
    ],
}
GOOD: Json = {"name": "baik", "text": "Lunas.", "end": "good", "debrief": "Lewat bank."}
PARTLY: Json = {"name": "separuh", "text": "Terlambat.", "end": "partly"}
WALK: Json = {"parts": [QUESTION, DECISION, GOOD, PARTLY]}


def content_of(source: Json) -> tuple[Json, Json]:
    content = CASE.resolve(source, PlainResolver())
    return content, CASE.prepare(content, Random(1), shuffle=False)


def walk(**raw: str) -> tuple[Json, Json | None]:
    content, prepared = content_of(WALK)
    given = {name.replace("_", "-"): [value] for name, value in raw.items()}
    return content, CASE.parse(given, content, prepared)


def fraction(content: Json, answer: Json | None) -> Decimal:
    grade = CASE.grade(content, answer)
    assert grade is not None
    return grade.fraction


def test_a_walk_follows_the_answers_and_earns_what_its_end_is_worth() -> None:
    content, good = walk(p1_value="2", p2_choice="1")
    _content, partly = walk(p1_value="3", p2_value="2", p3_choice="2")
    _content, unfinished = walk(p1_value="3")

    assert good is not None
    assert [step["part"] for step in good["steps"]] == ["tanya", "simpan"]
    assert [fraction(content, one) for one in (good, partly, unfinished)] == [1, Decimal("0.5"), 0]
    assert [CASE.end_of(content, one) for one in (good, partly, unfinished)] == ["good", "partly", ""]


def test_the_page_shows_the_part_a_walk_has_come_to_and_none_before_it_is_reached() -> None:
    content, answer = walk(p1_value="2")
    _content, prepared = content_of(WALK)

    first = CASE.present(content, prepared)["parts"]
    second = CASE.present_from(content, prepared, answer)["parts"]

    assert [(part["number"], part["type"]) for part in first] == [(1, "number")]
    assert [(part["number"], part["type"]) for part in second] == [(2, "single_choice")]


@pytest.mark.parametrize(
    "raw",
    [
        {"p2_choice": "1"},
        {"p1_value": "2", "p3_choice": "1"},
        {"p1_value": "2", "p2_choice": "4"},
        {"p1_value": "1.00"},
        {"p1_value": "2", "p2_choice": "1", "p3_choice": "1"},
    ],
)
def test_a_step_left_out_or_unreadable_is_a_format_error(raw: dict[str, str]) -> None:
    with pytest.raises(FormatError):
        walk(**raw)


def test_who_goes_in_a_circle_is_followed_so_far_and_no_further() -> None:
    circle = {f"p{number}_value": "3" for number in range(1, MAX_STEPS + 1)}

    _content, answer = walk(**circle)

    assert answer is not None
    assert len(answer["steps"]) == MAX_STEPS
    with pytest.raises(FormatError):
        walk(**circle, **{f"p{MAX_STEPS + 1}_value": "3"})


def test_an_essay_in_a_case_waits_for_a_person() -> None:
    rubric = [{"text": "Alasan", "levels": [{"text": "tidak", "points": 0}, {"text": "ya", "points": 1}]}]
    parts = [{"type": "essay", "stem": "Mengapa?", "rubric": rubric}, dict(QUESTION, next=None)]
    content, prepared = content_of({"text": "Cerita.", "parts": parts})

    answer = CASE.parse({"p1-text": ["Karena."], "p2-value": ["2"]}, content, prepared)

    assert CASE.grade(content, answer) is None
    assert CASE.grade(content, CASE.parse({"p2-value": ["2"]}, content, prepared)) is not None


def test_parts_that_only_name_a_question_show_nothing_by_themselves() -> None:
    content, prepared = content_of({"text": "Cerita.", "parts": ["jkk-01", {"question": "#12"}]})

    assert [part["question"] for part in content["parts"]] == ["jkk-01", "#12"]
    assert CASE.present(content, prepared)["parts"] == []
    assert CASE.parse({}, content, prepared) is None


def test_a_story_has_paragraphs_and_tables_and_marks_keep_their_bars() -> None:
    html = story_html("Satu\nbaris.\n\n| A | B |\n|---|---|\n| {istilah:bpu|BPU} | 2 |", str)

    assert html.startswith("<p>Satu baris.</p>")
    assert '<th scope="col">B</th>' in html
    assert "<td>{istilah:bpu|BPU}</td><td>2</td>" in html
    assert "---" not in html


def test_the_map_begins_at_the_start_and_draws_each_part_once() -> None:
    content, _prepared = content_of({"parts": [*WALK["parts"], dict(GOOD, name="sepi")]})

    start, lost = draw_case(content)

    signs = [sign for sign, _branch in start.ways]
    decision = start.ways[0][1]
    assert signs == ["right", "not right"]
    assert start.ways[1][1].is_again
    assert [(sign, branch.end) for sign, branch in decision.ways][:2] == [
        ("Ke bank", "good"),
        ("Di laci", "partly"),
    ]
    assert (lost.name, lost.end) == ("sepi", "good")


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ([], "parts"),
        ([QUESTION, DECISION, GOOD], "parts-1"),
        ([dict(QUESTION, next={"right": "baik"}), GOOD], "parts-0"),
        ([dict(QUESTION, next="baik"), GOOD, dict(GOOD, name="sepi")], "parts-2"),
        ([dict(QUESTION, next="tanya"), GOOD], "parts-0"),
        ([dict(DECISION, choices=[])], "parts-0"),
        ([dict(GOOD, end="great")], "parts-0"),
        (["jkk-01", 5], "parts-1"),
        ([{"type": "case_set", "parts": []}], "parts-0"),
    ],
)
def test_faults_say_which_part_they_are_in(parts: list[object], place: str) -> None:
    found = CASE.placed_faults({"text": "Cerita.", "parts": parts})

    assert place in [where for where, _message in found]
