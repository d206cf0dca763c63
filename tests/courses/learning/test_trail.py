"""The way through a scenario lives in the address; what is no way tells nothing."""

from __future__ import annotations

import pytest

from courses.catalogue.models import Scenario, Scene
from courses.learning.trail import MAX_STEPS, Trail, follow

CIRCLE = {"text": "Menunggu", "why": "Tidak terjadi apa-apa.", "next": "awal"}
ONWARD = {"text": "Bertanya", "why": "Ia menjawab.", "next": "tengah"}
LAST = {"text": "Mengantar", "why": "Ia lega.", "next": "akhir"}
STORY = Scenario(
    slug="cerita",
    scenes=[
        Scene(key="awal", choices=[CIRCLE, ONWARD]),
        Scene(key="tengah", choices=[LAST]),
        Scene(key="akhir", ending="good", choices=[]),
    ],
)


def trail(key: str, text: str) -> Trail:
    return follow(STORY, next(scene for scene in STORY.scenes if scene.key == key), text)


def test_the_first_scene_has_no_way_behind_it() -> None:
    here = trail("awal", "")

    assert (here.number, here.last, here.onward(2)) == (1, None, "awal.2")


def test_a_way_is_followed_to_its_end() -> None:
    here = trail("akhir", "awal.1_awal.2_tengah.1")

    assert here.number == 4
    assert [one.text for one in here.taken] == ["Menunggu", "Bertanya", "Mengantar"]
    assert here.last is not None
    assert here.last.why == "Ia lega."


def test_who_comes_in_the_middle_sees_what_led_there_but_no_number() -> None:
    here = trail("akhir", "tengah.1")

    assert (here.number, [one.text for one in here.taken]) == (None, ["Mengantar"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "awal.1",
        "awal.2_awal.2",
        "tengah.2",
        "tengah.0",
        "tidak-ada.1",
        "<script>.1",
        "awal",
        ".",
        "_",
        "٣.1",
    ],
)
def test_what_does_not_lead_here_tells_nothing(text: str) -> None:
    here = trail("akhir", text)

    assert (here.number, here.taken) == (None, ())


def test_a_long_way_forgets_how_it_began() -> None:
    here = trail("awal", "_".join(["awal.1"] * MAX_STEPS))

    assert here.number == MAX_STEPS + 1
    assert here.onward(2).count("_") == MAX_STEPS - 1
    assert trail("tengah", here.onward(2)).last is not None
