"""Moodle XML out: read again it is the same question; what it cannot hold is said."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from quizzes.exchange.contract import GivenQuestion, ReadQuestion
from quizzes.exchange.markup import name_picture
from quizzes.exchange.moodle.datasets import Plain
from quizzes.exchange.moodle.reader import MoodleXml
from quizzes.exchange.moodle.writing import MoodleXmlWriter
from quizzes.types import get_type
from quizzes.types.base import Json
from tests.quizzes.exchange.strategies import TEXT, WORDS, XML_KINDS

WRITER = MoodleXmlWriter()


def drawn_picture() -> bytes:
    """Return a PNG, 320 wide and 200 high."""
    body = BytesIO()
    Image.new("L", (320, 200), 200).save(body, "PNG")
    return body.getvalue()


PICTURE = drawn_picture()
NAME = name_picture(PICTURE)


def read_again(*questions: GivenQuestion) -> list[ReadQuestion]:
    written = WRITER.write(questions)
    assert WRITER.write(questions) == written
    read = list(MoodleXml().read(written, "x.xml"))
    assert all(isinstance(one, ReadQuestion) for one in read), (written.decode(), read)
    return [one for one in read if isinstance(one, ReadQuestion)]


def one_again(kind: str, **source: Any) -> ReadQuestion:
    (read,) = read_again(GivenQuestion(kind, {"stem": "Berapa?"} | source, "nama"))
    return read


@pytest.mark.parametrize("name", XML_KINDS)
@given(data=st.data())
def test_what_is_written_is_read_as_the_same_question(name: str, data: st.DataObject) -> None:
    kind, sources = XML_KINDS[name]
    source: Json = {"stem": data.draw(TEXT)} | data.draw(sources)
    if data.draw(st.booleans()):
        source["explanation"] = data.draw(TEXT)
    if get_type(kind).faults(source):
        return
    words, tag = data.draw(WORDS), data.draw(WORDS)

    (read,) = read_again(GivenQuestion(kind, source, words, topic="Iuran/2 / JHT", tags=(tag,)))

    assert (read.kind, read.source) == (kind, source)
    assert (read.name, read.topic, read.tags) == (" ".join(words.split()), "Iuran/2 / JHT", (tag,))
    assert read.losses == ()


def test_a_calculated_question_keeps_its_numbers_and_its_keys() -> None:
    source = {
        "stem": "Upah {nilai:upah} selama {nilai:bulan}?",
        "explanation": "Jadi {nilai:jawaban}.",
        "variables": "upah: 2.000.000 sampai 2.400.000 langkah 100.000 rupiah\nbulan: 3 | 6 bulan",
        "answer": "round(upah × 0,02) × bulan",
        "unit": "rupiah",
        "tolerance": 1,
        "tolerance_kind": "relative",
        "near": {"tolerance": 5, "fraction": "0.5"},
        "variants": 5,
    }
    given_ = GivenQuestion("calculated", source, "Iuran")

    (read,) = read_again(given_)

    before, after = (get_type("calculated").resolve(one, Plain()) for one in (source, read.source))
    names = ("upah", "bulan", "jawaban")
    shown = [
        sorted(
            [variant["shown"][name].strip("Rp bulan") for name in names] for variant in content["variants"]
        )
        for content in (before, after)
    ]
    assert shown[0] == shown[1]
    assert read.source["stem"] == "Upah Rp{nilai:upah} selama {nilai:bulan} bulan?"
    assert {name: read.source[name] for name in ("unit", "tolerance", "tolerance_kind", "near")} == {
        name: source[name] for name in ("unit", "tolerance", "tolerance_kind", "near")
    }
    assert [str(loss) for loss in WRITER.losses(given_)][-1].startswith("The formula is left out")


def test_words_as_numbers_have_no_place_in_moodle() -> None:
    source = {"stem": "{nilai:x}?", "variables": "x: rendah | tinggi\ny: 1 | 2", "answer": "y", "variants": 2}
    given_ = GivenQuestion("calculated", source, "x")

    assert not WRITER.holds(given_)
    assert len(WRITER.losses(given_)) == 1
    assert b"<question" not in WRITER.write([given_])


def test_a_case_is_its_story_and_its_questions_and_again_a_case() -> None:
    source = {
        "stem": "Konfeksi Bu Wati",
        "text": "Bu Wati mempunyai *konfeksi*.\n\n| Penjahit | Upah |\n|---|---|\n| Lina | 2.250.000 |",
        "parts": [
            {"type": "number", "stem": "Berapa upah Lina?", "answer": 2250000, "unit": "rupiah"},
            {"type": "true_false", "stem": "Benar?", "answer": True},
        ],
    }

    case, other = read_again(
        GivenQuestion("case_set", source, "k", tags=("upah",)),
        GivenQuestion("true_false", source["parts"][1], "b"),
    )

    assert (case.kind, case.tags, other.kind) == ("case_set", ("upah",), "true_false")
    assert case.source == source | {"text": source["text"].replace("|---|---|\n", "")}


def test_a_case_whose_way_depends_on_answers_is_left_out() -> None:
    ends = [{"name": "a", "text": "Baik.", "end": "good"}]
    parts = [{"name": "x", "text": "Apa?", "choices": [{"text": "Ini", "next": "a"}]}, *ends]
    given_ = GivenQuestion("case_set", {"stem": "Kasus", "parts": parts}, "k")

    assert not WRITER.holds(given_)
    assert "depends on the answer" in str(WRITER.losses(given_)[0])


@pytest.mark.parametrize("area", ["160 100 20", "10 20 60 40", "10 10 80 10 80 60"])
def test_a_place_becomes_a_marker_and_comes_back_with_its_region(area: str) -> None:
    options = [{"text": "Madiun", "area": area, "correct": True}, {"text": "Laut", "area": "200 150 60 40"}]
    source = {"stem": "Di mana?", "picture": NAME, "alt": "Peta", "options": options}

    (read,) = read_again(GivenQuestion("hotspot", source, "x", files={NAME: PICTURE}))

    assert read.source["options"][0] == options[0]
    assert read.files == {NAME: PICTURE}


def test_a_drawing_has_no_place_in_moodle() -> None:
    given_ = GivenQuestion("hotspot", {"stem": "Di mana?", "drawing": "<svg/>", "options": []}, "x")

    assert not WRITER.holds(given_)
    assert "a drawing" in str(WRITER.losses(given_)[0])


def test_pictures_go_with_the_text_that_shows_them() -> None:
    source = {
        "stem": f"Slip {{gambar:{NAME}|Slip gaji}}",
        "options": [{"text": f"{{gambar:{NAME}|Potongan}}", "correct": True}, {"text": "b"}],
    }

    (read,) = read_again(GivenQuestion("single_choice", source, "x", files={NAME: PICTURE}))

    assert read.source == source
    assert read.files == {NAME: PICTURE}


def test_order_that_is_kept_for_all_answers_is_kept_there_and_for_some_is_lost() -> None:
    kept = [{"text": "a", "correct": True, "fixed": True}, {"text": "b", "fixed": True}]
    some = [{"text": "a", "correct": True}, {"text": "b", "fixed": True}]

    assert one_again("single_choice", options=kept).source["options"] == kept
    given_ = GivenQuestion("single_choice", {"stem": "x", "options": some}, "x")
    assert [str(loss) for loss in WRITER.losses(given_)] == [
        "Answers that keep their place or stay together are shuffled."
    ]


def test_accents_that_do_not_matter_are_remembered_though_moodle_minds_them() -> None:
    read = one_again("short_answer", answers=[{"accept": "kafe"}])

    assert read.source["answers"] == [{"accept": "kafe"}]
    assert "match_accents" not in read.source


@pytest.mark.parametrize(
    ("kind", "source", "words"),
    [
        ("multiple_response", {"scoring": "all_or_nothing"}, "only the whole does"),
        (
            "single_choice",
            {"options": [{"text": "a", "correct": True}, {"text": "b", "share": "0.42"}]},
            "40%",
        ),
        ("matching", {"pairs": [{"text": "a", "match": "*b*"}, {"text": "c", "match": "d"}]}, "bare words"),
        (
            "matching",
            {"pairs": [{"text": "a", "match": "b", "why": "w"}, {"text": "c", "match": "d"}]},
            "reasons",
        ),
        ("number", {"answer": 100, "tolerance": 5, "tolerance_kind": "geometric"}, "the middle of its ends"),
        ("essay", {"rubric": [{"text": "a", "levels": []}]}, "no rubric"),
        (
            "cloze",
            {"text": "[[1]]", "gaps": [{"kind": "number", "answer": 1, "why": "w"}]},
            "everybody",
        ),
        (
            "cloze",
            {"text": "[[1]]", "gaps": [{"kind": "number", "answer": 1, "unit": "hari"}]},
            "units",
        ),
    ],
)
def test_what_moodle_cannot_hold_is_said(kind: str, source: Json, words: str) -> None:
    options = [{"text": "a", "correct": True}, {"text": "b"}]
    losses = WRITER.losses(GivenQuestion(kind, {"stem": "x", "options": options} | source, "x"))

    assert any(words in str(loss) for loss in losses), losses


def test_a_geometric_tolerance_takes_what_it_took() -> None:
    read = one_again("number", answer=100, tolerance=10, tolerance_kind="geometric")
    content = get_type("number").resolve(read.source, Plain())

    for number, earned in (("110", 1), ("90.9090910", 1), ("110.1", 0), ("90.8", 0)):
        assert get_type("number").grade(content, {"value": number}).fraction == Decimal(earned)


def test_what_no_xml_can_hold_falls_away() -> None:
    read = one_again("true_false", stem="a\x01b\x0bc\ufffed", answer=True)

    assert read.source["stem"].replace(" ", "") == "abcd"


def test_a_story_keeps_its_pictures_and_a_title_is_never_a_mark_of_ours() -> None:
    source = {
        "stem": "Konfeksi \\{fakta\\:x}",
        "text": f"Slip: {{gambar:{NAME}|Slip gaji}}",
        "parts": [{"type": "true_false", "stem": "Benar?", "answer": True}],
    }

    (read,) = read_again(GivenQuestion("case_set", source, "k", files={NAME: PICTURE}))

    assert (read.source["stem"], read.source["text"]) == (source["stem"], source["text"])
    assert read.files == {NAME: PICTURE}
