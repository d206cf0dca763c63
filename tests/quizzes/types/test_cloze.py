"""What is special about texts with gaps: kinds mixed, weights, numbers read strictly."""

from __future__ import annotations

import json
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from quizzes.types.base import FormatError
from quizzes.types.cloze import MAX_TYPED, Cloze
from quizzes.types.cloze_form import MAX_GAPS, read_answers
from tests.factories import PlainResolver

KIND = Cloze()
SOURCE = KIND.examples()[0].source


def content(source: dict[str, Any] = SOURCE) -> dict[str, Any]:
    return KIND.resolve(source, PlainResolver())


def prepared() -> dict[str, Any]:
    return KIND.prepare(content(), Random(1), shuffle=False)


def changed(number: int, **fields: Any) -> dict[str, Any]:
    gaps = [dict(gap) for gap in SOURCE["gaps"]]
    gaps[number - 1] |= fields
    return SOURCE | {"gaps": gaps}


def test_gaps_are_numbered_as_they_stand_in_the_text() -> None:
    made = content(SOURCE | {"text": "[[3]], [[1]] dan [[2]]."})

    assert [gap["kind"] for gap in made["gaps"]] == ["text", "number", "choice"]
    assert [part.get("gap", part.get("html")) for part in made["parts"]] == [0, ", ", 1, " dan ", 2, "."]


@pytest.mark.parametrize(
    ("raw", "fraction", "comment"),
    [
        ({"gap-1": ["2"]}, "0.5", "1 of 3 gaps are right; some count more than others."),
        ({"gap-3": ["bank desa"]}, "0.125", "0 of 3 gaps are right; some count more than others."),
    ],
)
def test_each_gap_earns_by_its_weight(raw: dict[str, list[str]], fraction: str, comment: str) -> None:
    grade = KIND.grade(content(), KIND.parse(raw, content(), prepared()))

    assert (grade.fraction, grade.comment) == (Decimal(fraction), comment)


@pytest.mark.parametrize("text", ["5,000.00", "1.00", "5.00.000", "dua"])
def test_a_number_that_could_be_another_is_asked_back_with_its_gap(text: str) -> None:
    with pytest.raises(FormatError, match=r"^Gap 1: "):
        KIND.parse({"gap-1": [text]}, content(), prepared())


def test_the_open_page_knows_neither_lengths_nor_answers() -> None:
    shown = [part for part in KIND.present(content(), prepared())["parts"] if "gap" in part]

    assert shown[0] == {"gap": 1, "kind": "number"}
    assert shown[1]["choices"] == [
        {"position": 1, "text": "setiap bulan"},
        {"position": 2, "text": "setiap tahun"},
    ]
    assert shown[2] == {"gap": 3, "kind": "text", "matters": []}


def test_the_result_says_what_was_given_what_is_right_and_why() -> None:
    answer = KIND.parse({"gap-1": ["5"], "gap-2": ["2"], "gap-3": ["Bank"]}, content(), prepared())

    gaps = KIND.review(content(), prepared(), answer)["gaps"]

    assert [(gap["given"], gap["right"], gap["verdict"]) for gap in gaps] == [
        ("5", "2", "wrong"),
        ("setiap tahun", "setiap bulan", "wrong"),
        ("Bank", "BPJS…", "partly"),
    ]
    assert (gaps[0]["why_html"], gaps[1]["said_html"]) == (
        "Sisanya majikan.",
        "Iuran dihitung sebulan sekali.",
    )


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ({"text": "Tanpa isian."}, "The text has no gaps yet: write [[1]] where the first one is."),
        (SOURCE | {"text": "[[1]] dan [[2]]"}, "Each gap stands in the text once, as [[1]] to [[3]]."),
        (
            SOURCE | {"text": "[[1]] [[1]] [[2]] [[3]]"},
            "Each gap stands in the text once, as [[1]] to [[3]].",
        ),
        (changed(1, weight=0), "Gap 1: The weight is a whole number from 1 to 10."),
        (changed(1, weight=True), "Gap 1: The weight is a whole number from 1 to 10."),
        (changed(1, kind="essay"), "Gap 1: The kind is one of: choice, number, text."),
        (changed(1, options=[]), "Gap 1: Unknown field “options”."),
        (changed(1, answer=None), "Gap 1: The right number is missing."),
        (changed(2, options=[{"text": "a"}, {"text": "b"}]), "Gap 2: No option is marked as right."),
        (
            changed(2, options=[{"text": "a", "correct": True, "fixed": True}, {"text": "b"}]),
            "Gap 2: The answers of a gap have text, correct, share and why, nothing else.",
        ),
        (
            changed(2, options=[{"text": "a # b", "correct": True}, {"text": "c"}]),
            "Gap 2: Its answers stand on one line each, without “#” in them.",
        ),
        (changed(3, answers=[{"accept": "a", "share": "0.5"}]), "Gap 3: No answer earns everything."),
    ],
)
def test_what_cannot_be_asked_is_a_fault(source: dict[str, Any], fault: str) -> None:
    assert KIND.faults(source) == [fault]


def test_more_gaps_than_a_save_holds_are_a_fault() -> None:
    assert KIND.faults(SOURCE | {"gaps": SOURCE["gaps"] * 3}) == ["At most 8 gaps are possible."]


def test_a_mark_without_its_gap_stays_text() -> None:
    made = content({"text": "Iuran [[2]] persen.", "gaps": []})

    assert "".join(part["html"] for part in made["parts"]) == "Iuran [[2]] persen."
    assert KIND.grade(made, None).fraction == 0


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        (
            "choice",
            "= bulan # Ya, bulan.\n~ tahun",
            {"options": [{"text": "bulan", "correct": True, "why": "Ya, bulan."}, {"text": "tahun"}]},
        ),
        (
            "text",
            "= BPJS*\n50% bank\n12,5 % kas # Hampir.\n~ *desa*",
            {
                "answers": [
                    {"accept": "BPJS*"},
                    {"accept": "bank", "share": "0.5"},
                    {"accept": "kas", "share": "0.125", "why": "Hampir."},
                    {"accept": "*desa*", "share": "0"},
                ]
            },
        ),
        ("number", "{fakta:a.b|persen}", {"answer": {"fact": "a.b", "as": "percent"}}),
        ("number", "40.000", {"answer": 40000}),
        ("number", "100\n50% ± 5", {"answer": 100, "near": {"tolerance": "5", "fraction": "0.5"}}),
        (
            "choice",
            "= 2014\n50% 2015 # Hampir.",
            {
                "options": [
                    {"text": "2014", "correct": True},
                    {"text": "2015", "share": "0.5", "why": "Hampir."},
                ]
            },
        ),
    ],
)
def test_authors_write_the_answers_of_a_gap_one_a_line(kind: str, text: str, read: dict[str, Any]) -> None:
    assert read_answers(kind, text) == read


@pytest.mark.parametrize(
    ("kind", "text"), [("choice", "bulan"), ("choice", "x% bulan"), ("text", "="), ("number", "1.00")]
)
def test_a_line_that_cannot_be_read_is_said_at_its_field(kind: str, text: str) -> None:
    form = KIND.edit_form(MultiDict({"text": "[[1]]", "gaps-0-kind": kind, "gaps-0-answers": text}))

    assert not form.validate()
    assert form.gaps[0].form.answers.errors


def test_a_gap_that_earns_a_share_is_shown_as_it_is_written() -> None:
    gaps = [
        {"kind": "number", "answer": 100, "near": {"tolerance": "5", "fraction": "0.5"}},
        {"kind": "choice", "options": [{"text": "a", "correct": True}, {"text": "b", "share": "0.25"}]},
    ]
    form = KIND.edit_form()
    form.show({"text": "[[1]] [[2]]", "gaps": gaps})
    made = content({"text": "[[1]] [[2]]", "gaps": gaps})

    assert [{n: v for n, v in gap.items() if v != ""} for gap in form.read()["gaps"]] == gaps
    fixed = KIND.prepare(made, Random(1), shuffle=False)
    assert KIND.grade(made, KIND.parse({"gap-1": ["104"], "gap-2": ["2"]}, made, fixed)).fraction == Decimal(
        "0.375"
    )


def test_a_fault_in_an_option_is_shown_at_the_answers_of_its_gap() -> None:
    form = KIND.edit_form()
    form.show(SOURCE)

    assert [field.id for field in form.find("gaps-1-options-0-text")] == ["gaps", "gaps-1-answers"]
    assert [field.id for field in form.find("gaps-0-why")] == ["gaps", "gaps-0-why"]
    assert [field.id for field in form.find("text")] == ["text"]


def test_all_gaps_filled_as_far_as_the_page_takes_still_fit_into_a_save() -> None:
    raw = {f"gap-{number}": ["x" * MAX_TYPED] for number in range(1, MAX_GAPS + 1)}

    assert len(json.dumps(raw).encode()) <= KIND.max_bytes
