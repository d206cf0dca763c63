"""Place on a drawing: pins, places, and what a drawing may hold."""

from __future__ import annotations

from random import Random

import pytest
from flask import Flask, render_template_string

from quizzes.types import get_type
from quizzes.types.base import FieldFault, Json
from tests.quizzes.types.test_contract import PlainResolver, content_of

KIND = get_type("hotspot")
SOURCE = KIND.examples()[0].source
CONTENT = content_of(KIND, KIND.examples()[0])[0]


def test_a_number_on_the_drawing_and_in_the_list_is_the_same_place() -> None:
    for seed in range(6):
        shown = KIND.present(CONTENT, KIND.prepare(CONTENT, Random(seed), shuffle=True))
        places = {option["html"]: option["position"] for option in shown["options"]}
        pins = {pin["position"]: (pin["x"], pin["y"]) for pin in shown["pins"]}

        assert pins[places["Loket"]] == ("150", "50")
        assert pins[places["Rekening"]] == ("260.5", "50")


def test_the_open_page_has_drawing_pins_and_a_list_that_needs_no_script(app: Flask) -> None:
    prepared = KIND.prepare(CONTENT, Random(1), shuffle=False)
    item = {
        "name_prefix": "q1-",
        "present": KIND.present(CONTENT, prepared),
        "answer": {"choice": ["3"]},
        "error": "",
    }

    with app.test_request_context():
        page = render_template_string(
            '{% from "types/hotspot.html" import answer %}{{ answer(item) }}', item=item
        )

    assert page.count('type="radio"') == page.count("data-pin") == 3
    assert 'class="pin on" data-pin="3"' in page
    assert "Garis dari kejadian sampai rekening</title>" in page
    assert "style=" not in page


def test_two_drawings_on_a_page_have_names_of_their_own() -> None:
    other = SOURCE | {"drawing": SOURCE["drawing"].replace("Jalan", "Alur")}
    titles = [
        KIND.resolve(source, PlainResolver())["drawing_html"].partition("judul")[0]
        for source in (SOURCE, other)
    ]

    assert titles[0] != titles[1]


@pytest.mark.parametrize(
    "change",
    [
        {"alt": " "},
        {"drawing": ""},
        {"drawing": "<svg"},
        {"drawing": SOURCE["drawing"].replace("<path", "<script>alert(1)</script><path")},
        {"drawing": SOURCE["drawing"].replace("<path", '<image href="https://example.test/a.png"/><path')},
        {"drawing": SOURCE["drawing"].replace("<path", '<path onclick="alert(1)"')},
        {"drawing": SOURCE["drawing"].replace("Jalan", "{fakta:jkk.claim_expiry_years}")},
        {"options": [*SOURCE["options"], {"text": "Di luar", "at": "301 50"}]},
        {"options": [*SOURCE["options"], {"text": "Tanpa tempat"}]},
        {"options": [*SOURCE["options"], {"text": "Dua-duanya", "at": "1 1", "correct": True}]},
        {"options": SOURCE["options"][:1]},
        {"options": ["a", "b"]},
    ],
)
def test_a_source_that_cannot_be_asked_has_faults(app: Flask, change: Json) -> None:
    with app.test_request_context():
        assert KIND.faults(SOURCE | change)


@pytest.mark.parametrize("drawing", ["", "<svg", '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'])
def test_a_drawing_that_is_none_never_becomes_markup(app: Flask, drawing: str) -> None:
    with app.test_request_context(), pytest.raises(FieldFault) as fault:
        KIND.resolve(SOURCE | {"drawing": drawing}, PlainResolver())

    assert fault.value.field == "drawing"


HIDDEN = KIND.examples()[1].source


def test_hidden_regions_stay_on_the_server_until_the_result() -> None:
    content = content_of(KIND, KIND.examples()[1])[0]
    prepared = KIND.prepare(content, Random(3), shuffle=True)

    shown = KIND.present(content, prepared)

    assert shown["is_free"]
    assert not shown["pins"]
    for option in HIDDEN["options"]:
        assert option["area"] not in str(shown)
    review = KIND.review(content, prepared, {"at": "100 60"})
    assert [region["is_right"] for region in review["regions"]].count(True) == 1
    assert review["point"] == ["100", "60"]
    assert [option["html"] for option in review["options"] if option["is_chosen"]] == ["Potongan JHT"]


def test_a_point_beside_all_regions_is_wrong_and_said_so(app: Flask) -> None:
    content = content_of(KIND, KIND.examples()[1])[0]
    prepared = KIND.prepare(content, Random(3), shuffle=False)
    review = KIND.review(content, prepared, {"at": "5 395"})

    grade = KIND.grade(content, {"at": "5 395"})
    assert grade is not None
    assert grade.fraction == 0
    assert not any(option["is_chosen"] for option in review["options"])
    with app.test_request_context():
        page = render_template_string(
            '{% from "types/hotspot.html" import review %}{{ review(item) }}', item={"review": review}
        )
    assert "Tanda Anda tidak di salah satu tempat ini." in page


def test_a_place_from_the_list_goes_before_a_point_that_was_left() -> None:
    content = content_of(KIND, KIND.examples()[1])[0]
    prepared = KIND.prepare(content, Random(3), shuffle=False)

    assert KIND.parse({"choice": ["2"], "at": ["100 60"]}, content, prepared) == {"choice": 1}


def test_without_scripts_the_places_of_a_picture_are_a_list(app: Flask) -> None:
    content = content_of(KIND, KIND.examples()[1])[0]
    prepared = KIND.prepare(content, Random(1), shuffle=False)
    item = {"name_prefix": "q1-", "present": KIND.present(content, prepared), "answer": None, "error": ""}

    with app.test_request_context():
        page = render_template_string(
            '{% from "types/hotspot.html" import answer %}{{ answer(item) }}', item=item
        )

    assert page.count('type="radio"') == 3
    assert '<img src="/gambar-soal/' in page
    assert 'alt="Slip gaji Bu Sari"' in page
    assert "<details" in page
    assert "open data-list" in page


@pytest.mark.parametrize(
    "change",
    [
        {"drawing": SOURCE["drawing"]},
        {"picture": "slip.png"},
        {"picture": {"sha256": "x", "width": 1, "height": 1}},
        {"picture": HIDDEN["picture"] | {"width": 0}},
        {"picture": HIDDEN["picture"] | {"onload": "alert(1)"}},
        {"options": [*HIDDEN["options"], {"text": "Pin", "at": "5 5"}]},
        {"options": [*HIDDEN["options"], {"text": "Beides", "at": "5 5", "area": "40 40 40"}]},
        {"options": [*HIDDEN["options"], {"text": "Draußen", "area": "590 390 40"}]},
    ],
)
def test_a_picture_that_cannot_be_asked_has_faults(app: Flask, change: Json) -> None:
    with app.test_request_context():
        assert KIND.faults(HIDDEN | change)
