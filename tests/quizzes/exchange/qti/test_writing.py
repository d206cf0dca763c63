"""QTI 3.0 out: read again it is the same question, scored by the standard it earns the same marks."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.text import fold
from lms.core.xml_reader import XmlElement, read_xml
from quizzes.exchange.contract import GivenQuestion, ReadQuestion
from quizzes.exchange.markup import to_html
from quizzes.exchange.qti.documents import read_document
from quizzes.exchange.qti.marks import Bare
from quizzes.exchange.qti.reader import QtiReader
from quizzes.exchange.qti.responses import Given
from quizzes.exchange.qti.scoring import begin_session, score
from quizzes.exchange.qti.values import as_json
from quizzes.exchange.qti.writing import QtiWriter
from quizzes.types import get_type
from quizzes.types.base import Json
from tests.quizzes.exchange.given import SOURCES, examples, questions, same_numbers

KINDS = [kind for kind in SOURCES if kind != "essay"]


def items_of(package: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return [archive.read(name) for name in sorted(archive.namelist()) if name.startswith("items/")]


def read_again(*given_: GivenQuestion) -> list[ReadQuestion]:
    read = list(QtiReader().read(QtiWriter().write(given_), "paket.zip"))
    assert all(isinstance(one, ReadQuestion) for one in read), read
    return [one for one in read if isinstance(one, ReadQuestion)]


Answered = tuple[Sequence[Given], Json | None]
"""An answer as the item takes it, and as our content does."""


def answers_of(kind: str, source: Json, draw: Random) -> Iterator[Answered]:
    """Yield answers of all sorts to a question as it is written."""
    yield [], None
    yield from ANSWERS[kind](source, draw)


def _choices(source: Json, draw: Random) -> Iterator[Answered]:
    for index in range(len(source["options"])):
        yield [("RESPONSE", f"c{index + 1}")], {"choice": index}


def _several(source: Json, draw: Random) -> Iterator[Answered]:
    for _try in range(8):
        chosen = [index for index in range(len(source["options"])) if draw.random() < 0.5]
        yield [("RESPONSE", f"c{index + 1}") for index in chosen], {"choices": chosen} if chosen else None


def _truth(source: Json, draw: Random) -> Iterator[Answered]:
    for side in (True, False):
        yield [("RESPONSE", str(side).lower())], {"choice": side}


def _order(source: Json, draw: Random) -> Iterator[Answered]:
    count = len(source["items"])
    for order in ([*range(count)], *(draw.sample(range(count), count) for _try in range(5))):
        places = [order.index(index) + 1 for index in range(count)]
        yield [("RESPONSE", f"c{index + 1}") for index in order], {"places": places}


def _pairs(source: Json, draw: Random) -> Iterator[Answered]:
    content = get_type("matching").resolve(source, Bare())
    for _try in range(8):
        chosen = [draw.choice([pair["choice"], None, 0]) for pair in content["pairs"]]
        said = [
            ("RESPONSE", f"l{line} a{choice + 1}")
            for line, choice in enumerate(chosen, 1)
            if choice is not None
        ]
        yield said, {"pairs": chosen} if said else None


def _numbers(source: Json, draw: Random) -> Iterator[Answered]:
    for number in _near(source):
        yield [("RESPONSE", number)], {"value": number, "unit": source.get("unit", "")}


def _near(source: Json) -> list[str]:
    right = Decimal(str(source["answer"]))
    steps = [Decimal(str(one)) for one in ("0", "0.5", "1", "3", "50", "60", "61", "0.499", "1000")]
    return [f"{right + sign * step:f}" for step in steps for sign in (1, -1)]


def _words(source: Json, draw: Random) -> Iterator[Answered]:
    for answer in source["answers"]:
        text = answer["accept"].replace("*", "sekali")
        for said in (text, text.swapcase(), f"{text}q"):
            yield [("RESPONSE", said)], {"text": said}


def _gaps(source: Json, draw: Random) -> Iterator[Answered]:
    for _try in range(8):
        said = [_gap(gap, draw) for gap in source["gaps"]]
        given_ = [(f"GAP_{place}", text) for place, (text, _answer) in enumerate(said, 1) if text]
        yield given_, {"gaps": [answer for _text, answer in said]} if given_ else None


def _gap(gap: Json, draw: Random) -> tuple[str, Json | None]:
    if draw.random() < 0.2:
        return "", None
    if gap["kind"] == "choice":
        index = draw.randrange(len(gap["options"]))
        return f"c{index + 1}", {"choice": index}
    if gap["kind"] == "number":
        number = draw.choice(_near(gap))
        return number, {"value": number, "unit": gap.get("unit", "")}
    text = draw.choice(["BPJS", "bpjs kesehatan", "X", "bank"])
    return text, {"text": text}


ANSWERS = {
    "single_choice": _choices,
    "multiple_response": _several,
    "true_false": _truth,
    "matching": _pairs,
    "ordering": _order,
    "number": _numbers,
    "short_answer": _words,
    "cloze": _gaps,
}


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_an_item_scores_by_the_standard_what_our_question_earns(
    kind: str, data: st.DataObject, seed: int
) -> None:
    question = data.draw(questions(kind))
    if get_type(kind).faults(question.source) or question.source.get("units"):
        return
    (item,) = items_of(QtiWriter().write([question]))
    content = get_type(kind).resolve(question.source, Bare())

    for said, answer in answers_of(kind, question.source, Random(seed)):
        scored = score(item, said)
        grade = get_type(kind).grade(content, answer)
        assert scored.errors == []
        assert grade is not None
        share = scored.outcomes["SCORE"] / scored.outcomes["MAXSCORE"]
        assert float(grade.fraction) == pytest.approx(share, abs=1e-6), (said, item.decode())


SAYS = ("single_choice", "multiple_response", "true_false")
"""Kinds whose reasons of answers are kept."""


def kept(kind: str, source: Json) -> Json:
    """Return what a package holds of a source: no reasons of lines, answers without an order sorted."""
    bare = (
        _without(source, "why")
        if kind not in ("single_choice", "multiple_response", "true_false")
        else source
    )
    bare = dict(same_numbers(bare))
    if "distractors" in bare:
        bare["distractors"] = sorted(bare["distractors"], key=lambda one: fold(one["text"]))
    for name in ("units", "unit_penalty", "scoring"):
        bare.pop(name, None)
    if kind == "multiple_response":
        bare["options"] = [{n: v for n, v in one.items() if n != "weight"} for one in bare["options"]]
    if kind == "cloze":
        bare["text"] = to_html(str(source["text"]))
        total = sum(Decimal(gap.get("weight", 1)) for gap in bare["gaps"])
        bare["gaps"] = [
            gap | {"weight": round(Decimal(gap.get("weight", 1)) / total, 9)} for gap in bare["gaps"]
        ]
    if kind == "short_answer":
        bare["answers"] = [one for one in bare["answers"] if one.get("share") != 0]
        bare.pop("match_case", None)
    return bare


def _without(value: object, name: str) -> object:
    if isinstance(value, dict):
        return {key: _without(part, name) for key, part in value.items() if key != name}
    return [_without(part, name) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", SOURCES)
@given(data=st.data())
def test_what_is_written_is_read_as_the_same_question(kind: str, data: st.DataObject) -> None:
    question = data.draw(questions(kind))
    source = {name: value for name, value in question.source.items() if name != "tolerance_kind"}
    if "tolerance_kind" in question.source or get_type(kind).faults(question.source):
        return
    if kind == "essay":
        source.pop("attachment", None)

    (read,) = read_again(question)

    assert read.kind == kind
    assert kept(kind, read.source) == kept(kind, source)
    assert (read.name, read.topic) == (question.name, question.topic)


@pytest.mark.parametrize("kind", ["multiple_response", "ordering", "number"])
@given(data=st.data())
def test_marks_are_the_same_when_it_comes_back(kind: str, data: st.DataObject) -> None:
    question = data.draw(questions(kind))
    if get_type(kind).faults(question.source):
        return
    (read,) = read_again(question)
    before = get_type(kind).resolve(question.source, Bare())
    after = get_type(kind).resolve(read.source, Bare())
    if question.source.get("tolerance_kind") == "geometric" or question.source.get("units"):
        return

    for _said, answer in answers_of(kind, question.source, Random(1)):
        assert get_type(kind).grade(after, answer).fraction == get_type(kind).grade(before, answer).fraction


def example(kind: str, number: int = 0) -> GivenQuestion:
    return [one for one in examples() if one.kind == kind][number]


def test_a_calculated_question_draws_one_of_its_variants() -> None:
    question = GivenQuestion(
        "calculated", {"stem": "Upah {nilai:upah}, {nilai:bulan}.", **example("calculated").source}, "x"
    )
    question.source["stem"] = "Upah {nilai:upah} selama {nilai:bulan}?"
    (item,) = items_of(QtiWriter().write([question]))
    variants = get_type("calculated").resolve(question.source, Bare())["variants"]
    seen = set()

    for seed in range(30):
        session = begin_session(read_document(item), seed=seed)
        variant = variants[as_json(session.get("VARIANT")) - 1]
        seen.add(variant["number"])
        assert as_json(session.get("V_upah")) == variant["shown"]["upah"]
        assert score(item, [("RESPONSE", variant["answer"])], seed=seed).outcomes["SCORE"] == 1
        assert score(item, [("RESPONSE", "1")], seed=seed).outcomes["SCORE"] == 0

    assert len(seen) == len(variants)


def test_a_case_is_a_shared_text_and_its_questions() -> None:
    question = example("case_set")

    (read,) = read_again(question)

    assert read.kind == "case_set"
    assert read.source["stem"] == question.source["stem"]
    assert [part["type"] for part in read.source["parts"]] == ["number", "short_answer"]
    assert "16.800" in read.source["text"]


def test_a_case_with_ways_is_left_out_and_says_so() -> None:
    question = example("case_set", 1)

    assert not QtiWriter().holds(question)
    assert "left out" in str(QtiWriter().losses(question)[0])
    assert items_of(QtiWriter().write([question])) == []


def test_a_drawing_becomes_a_picture_with_places() -> None:
    question = example("hotspot")
    package = QtiWriter().write([question])
    (item,) = items_of(package)

    assert score(item, [("RESPONSE", "c2")]).outcomes["SCORE"] == 1
    assert score(item, [("RESPONSE", "c1")]).outcomes["SCORE"] == 0
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert question.source["drawing"].encode() in [archive.read(name) for name in archive.namelist()]


ORDER = [
    "qti-response-declaration",
    "qti-outcome-declaration",
    "qti-template-declaration",
    "qti-template-processing",
    "qti-assessment-stimulus-ref",
    "qti-item-body",
    "qti-response-processing",
    "qti-modal-feedback",
]
"""The order in which the schema of QTI 3 wants the parts of an item."""


def _elements(root: XmlElement, name: str) -> list[XmlElement]:
    return [one for one in root.elements() if one.name == name]


def test_a_package_is_whole_and_its_parts_stand_in_the_order_of_the_schema() -> None:
    with zipfile.ZipFile(io.BytesIO(QtiWriter().write(examples()))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = read_xml(files["imsmanifest.xml"])
    named = [one.attributes["href"] for one in _elements(manifest, "resource")]
    test = read_xml(files["test.xml"])

    assert next(iter(files)) == "imsmanifest.xml"
    assert sorted(named) == sorted(set(files) - {"imsmanifest.xml"})
    assert len({one.attributes["identifier"] for one in _elements(manifest, "resource")}) == len(named)
    assert {one.attributes["href"] for one in _elements(manifest, "file")} == set(named)
    assert [one.attributes["href"] for one in _elements(test, "qti-assessment-item-ref")] == sorted(
        name for name in files if name.startswith("items/")
    )
    for name, body in files.items():
        if name.startswith("items/"):
            _look_at(read_xml(body, max_depth=40), files)


def _look_at(item: XmlElement, files: dict[str, bytes]) -> None:
    parts = [ORDER.index(part.name) for part in item.children if isinstance(part, XmlElement)]
    declared = {one.attributes["identifier"] for one in item.elements() if one.name.endswith("-declaration")}
    choices = [
        one.attributes["identifier"]
        for one in item.elements()
        if one.name in ("qti-simple-choice", "qti-hotspot-choice", "qti-simple-associable-choice")
    ]
    assert parts == sorted(parts)
    assert len(set(choices)) == len(choices)
    for one in item.elements():
        assert one.attributes.get("response-identifier", "SCORE") in declared
        for name in ("data", "src"):
            if name in one.attributes:
                assert one.attributes[name].removeprefix("../") in files
        if one.name in ("qti-variable", "qti-set-outcome-value", "qti-correct"):
            assert one.attributes["identifier"] in declared


def test_the_same_questions_give_the_same_bytes() -> None:
    assert QtiWriter().write(examples()) == QtiWriter().write(examples())


def test_what_is_lost_is_said() -> None:
    essay = GivenQuestion("essay", example("essay").source, "x", tags=("iuran",))

    assert {str(loss) for loss in QtiWriter().losses(essay)} == {
        "No file can be sent with the text.",
        "Its tags are left out.",
    }
    assert QtiWriter().losses(example("true_false")) == []
