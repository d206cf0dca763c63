"""The reference grammar of GIFT reads what we write, and reads what others write as we do."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from quizzes.exchange.contract import GivenQuestion, ReadQuestion
from quizzes.exchange.gift.reader import Gift
from quizzes.exchange.gift.writing import GiftWriter
from quizzes.exchange.markup import from_plain
from quizzes.exchange.moodle.text import Notes, Texts
from quizzes.types import get_type
from quizzes.types.base import Json
from tests.quizzes.exchange.fixtures import FOLDER
from tests.quizzes.exchange.gift.stranger import read_all
from tests.quizzes.exchange.strategies import KINDS, TEXT

TYPES = {
    "single_choice": "MC",
    "multiple_response": "MC",
    "true_false": "TF",
    "number": "Numerical",
    "matching": "Matching",
    "short_answer": "Short",
    "essay": "Essay",
}
"""What the stranger calls our kinds; questions to order it does not know."""
QUESTIONS = st.one_of(
    *(
        st.tuples(st.just(kind), st.builds(lambda stem, source: {"stem": stem} | source, TEXT, KINDS[kind]))
        for kind in KINDS
        if kind in TYPES
    )
)


# Each example starts Node, so that a failing one is not made smaller.
@settings(max_examples=4, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(QUESTIONS, min_size=25, max_size=40))
def test_the_stranger_finds_in_what_we_write_what_we_meant(drawn: list[tuple[str, Json]]) -> None:
    sound = [(kind, source) for kind, source in drawn if not get_type(kind).faults(source)]
    given_ = [GivenQuestion(kind, source, f"soal {place}") for place, (kind, source) in enumerate(sound)]

    found = read_all([GiftWriter().write([question]).decode() for question in given_])

    for question, one in zip(given_, found, strict=True):
        assert "error" not in one, (GiftWriter().write([question]).decode(), one)
        (read,) = one["questions"]
        assert (read["type"], read["title"]) == (TYPES[question.kind], question.name)
        assert _said(read["stem"]) == _stem(question.source)
        _look_at_answers(question, read)


def test_all_of_a_file_is_read_with_its_categories_tags_and_comments() -> None:
    questions = [
        GivenQuestion(
            "true_false", {"stem": "Benar?", "answer": True}, "a", topic="Iuran / JHT", tags=("dasar",)
        ),
        GivenQuestion("essay", {"stem": "Tulis: apa?", "rubric": []}, "b", topic="Iuran / JHT"),
        GivenQuestion("number", {"stem": "Berapa?", "answer": 5}, "c", topic="Lain"),
    ]

    (found,) = read_all([GiftWriter().write(questions).decode()])

    kinds = [one["type"] for one in found["questions"]]
    assert kinds == ["Category", "TF", "Essay", "Category", "Numerical"]
    assert found["questions"][0]["title"] == "$course$/top/Iuran/JHT"
    assert found["questions"][1]["tags"] == ["dasar"]


@pytest.mark.parametrize("name", ["case", "choices", "open", "several"])
def test_what_trainers_have_is_read_alike(name: str) -> None:
    text = (FOLDER / "gift" / f"{name}.gift").read_text("utf-8")
    ours = [one for one in Gift().read(text.encode(), "x.gift") if isinstance(one, ReadQuestion)]
    ours = [part for one in ours for part in _parts(one)]

    (found,) = read_all([text])

    theirs = [one for one in found["questions"] if one["type"] not in {"Description", "Category"}]
    assert [one["type"] for one in theirs] == [TYPES[kind] for kind, _source in ours]
    for one, (_kind, source) in zip(theirs, ours, strict=True):
        if "options" in source:
            assert [_said(choice["text"]) for choice in one["choices"]] == [
                o["text"] for o in source["options"]
            ]


def _parts(question: ReadQuestion) -> list[tuple[str, Json]]:
    if question.kind != "case_set":
        return [(question.kind, question.source)]
    return [(part["type"], part) for part in question.source["parts"]]


def _stem(source: Json) -> str:
    unit = source.get("unit")
    return f"{source['stem']} (dalam {unit})" if unit else str(source["stem"])


def _said(text: Json) -> str:
    """Return what the stranger found as our Markdown."""
    return Texts(Notes(), text["format"]).read(text["text"])


def _look_at_answers(question: GivenQuestion, read: Json) -> None:
    source = question.source
    if question.kind == "true_false":
        assert read["isTrue"] is source["answer"]
    elif question.kind in {"single_choice", "multiple_response"}:
        assert [_said(choice["text"]) for choice in read["choices"]] == [o["text"] for o in source["options"]]
        rights = [_weight(choice) > 0 for choice in read["choices"]]
        assert rights == [bool(o.get("correct") or o.get("share")) for o in source["options"]]
    elif question.kind == "short_answer":
        assert [choice["text"]["text"] for choice in read["choices"]] == [
            o["accept"] for o in source["answers"]
        ]
        wanted = [Decimal(o.get("share", "1")) * 100 for o in source["answers"]]
        assert [_weight(choice) for choice in read["choices"]] == wanted
    elif question.kind == "number":
        first = read["choices"] if isinstance(read["choices"], dict) else read["choices"][0]["text"]
        assert Decimal(str(first["number"])) == Decimal(str(source["answer"]))
        assert Decimal(str(first.get("range", 0))) == Decimal(str(source.get("tolerance", 0)))
    elif question.kind == "matching":
        pairs = [
            (_said(pair["subquestion"]), from_plain(_unsigned(pair["subanswer"])))
            for pair in read["matchPairs"]
        ]
        lone = [("", other["text"]) for other in source.get("distractors", [])]
        assert pairs == [*((pair["text"], pair["match"]) for pair in source["pairs"]), *lone]


def _unsigned(text: str) -> str:
    """Return an answer of a pair without the signs the stranger leaves there for escaped letters."""
    return re.sub(r"&&([0-9]{3});", lambda match: chr(int(match[1])), text)


def _weight(choice: Any) -> Decimal:
    return (
        Decimal(100 if choice["isCorrect"] else 0)
        if choice["weight"] is None
        else Decimal(str(choice["weight"]))
    )
