"""What is special about words to write: the first form that fits counts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from quizzes.types.short_answer import ShortAnswer
from tests.factories import PlainResolver

KIND = ShortAnswer()
FORMS: list[dict[str, Any]] = [
    {"accept": "*kuasa khusus*", "why": "Tepat."},
    {"accept": "*kuasa*", "share": "0.5", "why": "Kuasanya harus khusus."},
    {"accept": "*tugas*", "share": 0, "why": "Bukan surat tugas."},
]


def content(**fields: Any) -> dict[str, Any]:
    return KIND.resolve({"answers": FORMS} | fields, PlainResolver())


@pytest.mark.parametrize(
    ("text", "fraction", "said", "comment"),
    [
        ("Surat kuasa khusus", "1", "Tepat.", "This is one of the accepted answers."),
        ("surat kuasa", "0.5", "Kuasanya harus khusus.", "This answer earns 50% of the marks."),
        ("surat tugas", "0", "Bukan surat tugas.", "This answer earns 0% of the marks."),
        ("surat sakti", "0", "", "This is none of the accepted answers."),
    ],
)
def test_the_first_form_that_fits_counts(text: str, fraction: str, said: str, comment: str) -> None:
    review = KIND.review(content(), {}, {"text": text})

    assert KIND.grade(content(), {"text": text}).fraction == Decimal(fraction)
    assert (review["said_html"], review["comment"]) == (said, comment)
    assert review["right"] == ["…kuasa khusus…"]


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ({"answers": "a"}, "The accepted answers are not a list."),
        ({"answers": []}, "No answer earns everything."),
        ({"answers": [{"accept": 5}]}, "Answer 1 is empty, or no text: put it in quotes."),
        ({"answers": [{"accept": " "}]}, "Answer 1 is empty, or no text: put it in quotes."),
        ({"answers": [{"accept": "x" * 121}]}, "Answer 1 is too long."),
        ({"answers": [{"accept": "a*b*c*d*e*"}]}, "Answer 1 has more than 4 stars."),
        ({"answers": [{"accept": "a", "share": 2}]}, "What answer 1 earns is a number from 0 to 1."),
        ({"answers": [{"accept": "a", "share": True}]}, "What answer 1 earns is a number from 0 to 1."),
        ({"answers": [{"accept": "a", "share": "0.5"}]}, "No answer earns everything."),
        (
            {"answers": [{"accept": "a*"}, {"accept": "Ab"}]},
            "Answer 2 is never reached: one before it fits, too.",
        ),
        ({"answers": [{"accept": "a", "text": "b"}]}, "Unknown field “text”."),
        ({"answers": [{"accept": str(n)} for n in range(21)]}, "At most 20 answers can be accepted."),
        ({"answers": [{"accept": "a"}], "match_case": "ya"}, "“match_case” is true or false."),
    ],
)
def test_what_cannot_be_marked_is_a_fault(source: dict[str, Any], fault: str) -> None:
    assert KIND.faults(source) == [fault]


def test_capitals_make_two_forms_of_one() -> None:
    forms = [{"accept": "BPJS"}, {"accept": "bpjs", "share": "0.5"}]

    assert KIND.faults({"answers": forms}) != []
    assert KIND.faults({"answers": forms, "match_case": True}) == []


def test_the_open_page_says_only_what_matters_in_writing() -> None:
    assert KIND.present(content(match_case=True), {}) == {"matters": ["case"]}


def test_a_question_without_forms_can_be_looked_at() -> None:
    assert KIND.review(KIND.resolve({}, PlainResolver()), {}, None)["right"] == []


@pytest.mark.parametrize(("typed", "share"), [("", None), ("100", None), ("50%", "0.5"), ("33,3", "0.333")])
def test_authors_write_shares_in_percent(typed: str, share: str | None) -> None:
    form = KIND.edit_form(MultiDict({"answers-0-accept": "a", "answers-0-share": typed}))

    assert form.validate()
    assert form.read()["answers"][0].get("share") == share


@pytest.mark.parametrize("typed", ["x", "101", "-1", "1.0"])
def test_a_share_that_is_none_is_said_at_its_field(typed: str) -> None:
    form = KIND.edit_form(MultiDict({"answers-0-accept": "a", "answers-0-share": typed}))

    assert not form.validate()
    assert form.answers[0].form.share.errors
