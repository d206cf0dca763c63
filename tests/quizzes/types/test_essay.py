"""Essay: what may come in, and what of it a person sees."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from quizzes.types import get_type
from quizzes.types.base import FormatError, Json
from quizzes.types.rubric import MAX_WORDS, earned_share
from tests.quizzes.types.test_contract import PlainResolver, content_of

KIND = get_type("essay")
LIMITED, OPEN = (content_of(KIND, example)[0] for example in KIND.examples())
DIGEST = "a" * 64


def answer(content: Json, *texts: str, file: str = "") -> Json | None:
    return KIND.parse({"text": texts, "file": [file]}, content, {})


def test_a_text_is_kept_with_its_lines_and_without_what_cannot_be_printed() -> None:
    assert answer(OPEN, " Satu\r\ndua\x1b\x00. ") == {"text": "Satu\ndua.", "file": ""}


def test_a_file_alone_is_an_answer_for_a_person_to_judge() -> None:
    given = answer(LIMITED, "", file=DIGEST)

    assert given == {"text": "", "file": DIGEST}
    assert KIND.grade(LIMITED, given) is None


@pytest.mark.parametrize("file", ["../../keys/session", DIGEST.upper(), DIGEST + "0", "a" * 63])
def test_a_file_is_named_by_its_hash_and_by_nothing_else(file: str) -> None:
    with pytest.raises(FormatError):
        answer(LIMITED, "a", file=file)


@pytest.mark.parametrize("words", [1, 61])
def test_a_text_of_another_length_than_asked_is_an_answer_all_the_same(words: int) -> None:
    assert answer(LIMITED, " ".join(["kata"] * words)) is not None


def test_the_rubric_says_what_levels_earn() -> None:
    (criterion,) = KIND.rubric(LIMITED)

    assert [level.points for level in criterion.levels] == [0, Decimal("1.5"), 3]
    assert earned_share([criterion], [1]) == Decimal("0.5")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("satu dua", "2 kata: lebih pendek dari yang diminta."),
        ("satu dua tiga", "3 kata."),
        ("kata " * 61, "61 kata: lebih panjang"),
    ],
)
def test_the_page_counts_words_without_a_script(app: Flask, text: str, said: str) -> None:
    item = {
        "name_prefix": "q1-",
        "present": KIND.present(LIMITED, {}),
        "answer": {"text": [text]},
        "error": "",
    }

    with app.test_request_context():
        page = render_template_string(
            '{% from "types/essay.html" import answer %}{{ answer(item) }}', item=item
        )

    assert said in page
    assert "3 sampai 60 kata" in page


def test_what_was_written_is_shown_as_text(app: Flask) -> None:
    review = KIND.review(OPEN, {}, answer(OPEN, "<script>alert(1)</script>"))

    with app.test_request_context():
        page = render_template_string(
            '{% from "types/essay.html" import review %}{{ review(item) }}', item={"review": review}
        )

    assert "&lt;script&gt;" in page
    assert "<script" not in page


@pytest.mark.parametrize(
    "change",
    [
        {"rubric": []},
        {"rubric": ["a"]},
        {"rubric": [{"text": "", "levels": [{"text": "a", "points": 0}, {"text": "b", "points": 1}]}]},
        {"rubric": [{"text": "a", "levels": [{"text": "a", "points": 1}]}]},
        {"rubric": [{"text": "a", "levels": [{"text": "a", "points": 1}, {"text": "b", "points": 1.0}]}]},
        {"rubric": [{"text": "a", "levels": [{"text": "a", "points": -1}, {"text": "b", "points": 1}]}]},
        {"rubric": [{"text": "a", "levels": [{"text": "a", "points": True}, {"text": "b", "points": 2}]}]},
        {"min_words": 61},
        {"min_words": 0},
        {"max_words": "60"},
        {"max_words": 10_000},
        {"attachment": "ya"},
    ],
)
def test_a_source_that_cannot_be_asked_or_marked_has_faults(change: Json) -> None:
    assert KIND.faults(KIND.examples()[0].source | change)


@pytest.mark.parametrize("levels", ["tanpa angka", "x = kata", "101 = kata", "2 ="])
def test_the_editor_names_the_level_it_cannot_read(levels: str) -> None:
    form: Any = KIND.edit_form(
        MultiDict({"rubric-0-text": "Alasan", "rubric-0-levels": f"0 = tidak ada\n{levels}"})
    )

    assert not form.validate()
    assert form.rubric[0].form.levels.errors


def test_facts_of_a_rubric_are_filled_in() -> None:
    class Facts(PlainResolver):
        def plain(self, text: str) -> str:
            return text.upper()

    content = KIND.resolve(KIND.examples()[1].source, Facts())

    assert content["rubric"][0]["text"] == "ALASAN"


def test_the_longest_text_that_may_be_asked_for_fits() -> None:
    text = " ".join(["pekerja"] * MAX_WORDS)

    assert answer(OPEN, text) == {"text": text, "file": ""}
    assert len(json.dumps({"text": [text]}).encode()) <= KIND.max_bytes
