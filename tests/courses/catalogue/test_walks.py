"""Nobody gets lost in a scenario: every scene is reached, and every way leads to an ending."""

from __future__ import annotations

from courses.catalogue.folder import read_files
from courses.catalogue.scenarios import ScenarioSource
from courses.catalogue.walks import check_walks
from tests.courses.catalogue.folders import sample
from tests.courses.catalogue.stories import PRACTICE, SCENARIO

HEAD = "title: A\nsubject: B\nsummary: C\nminutes: 5\nscenes:\n"
END = "    text: A\n    debrief: B\n    cite: [pp-44-2015/34]\n    read: [day-1/01-jkm/materi]\n"
"""Fields of an ending but for its id and kind."""


def story(*scenes: str) -> str:
    return HEAD + "".join(scenes)


def scene(key: str, *following: str, berlaku: str = "") -> str:
    condition = f"    berlaku: {berlaku}\n" if berlaku else ""
    choices = "".join(f"      - {{text: A, why: B, next: {key}}}\n" for key in following)
    return f"  - id: {key}\n{condition}    text: A\n" + (f"    choices:\n{choices}" if following else "")


def end(key: str, kind: str = "good") -> str:
    return f"  - id: {key}\n    end: {kind}\n{END}"


def faults(text: str, *, without: str = "") -> list[str]:
    whole: ScenarioSource = read_files(sample(**(PRACTICE | {"skenario/warung.yaml": text}))).scenarios[
        "warung"
    ]
    left = whole.where(lambda condition: condition != without)
    return [f"{one.line}: {one.message}" for one in check_walks(left, whole=whole)]


def test_a_story_without_a_fault_has_none_at_both_dates() -> None:
    assert faults(SCENARIO) == []
    assert faults(SCENARIO, without="jkp") == []


def test_a_choice_leads_to_a_scene_that_is_there() -> None:
    text = story(scene("a", "b", "c"), end("b"))

    assert faults(text) == ["10: There is no scene “c”: write it, or name another one."]


def test_a_choice_does_not_lead_to_what_the_law_date_leaves_out() -> None:
    text = story(scene("a", "b", "c"), scene("c", "b", berlaku="jkp"), end("b"))

    assert faults(text) == []
    assert faults(text, without="jkp") == [
        "10: The scene “c” is not part of this edition: give this choice the same “berlaku”."
    ]


def test_every_scene_is_reached() -> None:
    text = story(scene("a", "b"), scene("c", "b"), end("b"))

    assert faults(text) == ["10: No choice leads to this scene: let one lead here, or take it out."]


def test_a_scene_without_choices_is_an_ending() -> None:
    text = story(scene("a", "b", "c"), scene("c"), end("b"))

    assert faults(text) == ["11: The story stops here: give choices, or “end” with a debrief."]


def test_a_circle_has_a_way_out() -> None:
    text = story(scene("a", "b", "c"), scene("c", "d"), scene("d", "c"), end("b"))

    assert faults(text) == [
        "11: From here nothing leads to an end: let a choice lead out of the circle.",
        "15: From here nothing leads to an end: let a choice lead out of the circle.",
    ]


def test_a_circle_with_a_way_out_is_fine() -> None:
    assert faults(story(scene("a", "c"), scene("c", "a", "b"), end("b"))) == []


def test_one_ending_is_good() -> None:
    text = story(scene("a", "b", "c"), end("b", "bad"), end("c", "partly"))

    assert faults(text) == ["1: No ending is good: give one scene “end: good”."]


def test_a_story_whose_every_scene_is_left_out_is_left_out_itself() -> None:
    text = story(scene("a", "b", berlaku="jkp"), end("b").replace("id: b\n", "id: b\n    berlaku: jkp\n"))

    assert faults(text, without="jkp") == [
        "1: No scene belongs to this law date: put “berlaku” on the whole file."
    ]
