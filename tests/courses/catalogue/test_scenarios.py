"""Scenarios and checklists are read strictly, and every fault has file and line."""

from __future__ import annotations

import pytest

from courses.catalogue.folder import read_files
from courses.catalogue.scenarios import MAX_CHOICES, MAX_SCENES
from courses.catalogue.sources import FolderFaults
from tests.courses.catalogue.folders import sample
from tests.courses.catalogue.stories import CHECKLIST, PRACTICE, SCENARIO, WITH_PRACTICE

FILE = "skenario/warung.yaml"


def faults(**changes: str) -> list[str]:
    with pytest.raises(FolderFaults) as refused:
        read_files(sample(**(PRACTICE | changes)))
    return [str(fault) for fault in refused.value.faults]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_a_scenario_is_read_whole() -> None:
    scenario = read_files(sample(**PRACTICE)).scenarios["warung"]

    assert (scenario.title, scenario.subject, scenario.minutes) == ("Di warung", "Pendaftaran", 5)
    assert scenario.programmes == ("jkm", "jkp")
    assert [scene.id for scene in scenario.scenes] == ["warung", "jkp", "janji", "baik"]
    assert [choice.next for choice in scenario.scenes[0].choices] == ["baik", "janji", "jkp"]
    assert [scene.ending for scene in scenario.scenes] == ["", "", "bad", "good"]
    assert [named.name for named in scenario.scenes[2].read] == ["day-1/01-jkm/materi#jumlahnya"]


def test_a_text_knows_the_line_it_begins_on() -> None:
    first = read_files(sample(**PRACTICE)).scenarios["warung"].scenes[0]

    assert first.text.line == line_of(SCENARIO, "Bu Rini bertanya.")
    assert first.choices[0].why.line == line_of(SCENARIO, "Ia mengangguk")
    assert first.choices[1].why.line == line_of(SCENARIO, "why: Ia percaya.")


def test_what_does_not_belong_to_a_law_date_is_left_out() -> None:
    scenario = read_files(sample(**PRACTICE)).scenarios["warung"].where(lambda condition: condition != "jkp")

    assert [scene.id for scene in scenario.scenes] == ["warung", "janji", "baik"]
    assert [choice.next for choice in scenario.scenes[0].choices] == ["baik", "janji"]


def test_a_checklist_is_read_like_a_page() -> None:
    checklist = read_files(sample(**PRACTICE)).checklists["klaim-jkm"]

    assert (checklist.title, checklist.subject, checklist.berlaku) == ("Klaim JKM", "Klaim", "")
    assert checklist.text.splitlines()[4:] == CHECKLIST.splitlines()[4:]


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        ("title: Di warung\n", "", "subject:", "“title” is missing"),
        ("minutes: 5", "minutes: lima", "minutes:", "whole number"),
        ("minutes: 5", "minutes: 5\nmarks: 3", "marks:", "Unknown field “marks”"),
        ("[jkm, jkp]", "[jkm, jkx]", "programmes:", "A programme is one of"),
        ("id: janji", "id: Janji Manis", "id: Janji Manis", "small letters"),
        ("id: janji", "id: baik", "id: baik\n    end: good", "written twice"),
        ("        why: Ia percaya.\n", "", "text: Menjanjikan uang.", "“why” is missing"),
        ("why: Ia percaya.", 'why: ""', 'why: ""', "must be text"),
        ("        next: janji\n", "", "text: Menjanjikan uang.", "“next” is missing"),
        ("    debrief: Jangan menjanjikan.\n", "", "- id: janji", "“debrief” is missing"),
        ("end: bad", "end: sad", "end: sad", "An end is one of: good, partly, bad"),
        ("end: bad", "end: bad\n    choices: [{text: A, why: B, next: baik}]", "end: bad", "not both"),
        ("    cite: [pp-44-2015/34]\n", "", "- id: janji", "“cite” is missing"),
        ("cite: [pp-44-2015/34]", "cite: [34]", "cite: [34]", "must be text"),
        ("    read: [day-1/01-jkm/materi]\n", "", "- id: baik", "“read” is missing"),
        ("- {text: Kembali, why: Mulai lagi., next: warung}", "- Kembali", "- Kembali", "must have fields"),
    ],
)
def test_a_fault_in_a_scenario_has_its_line(old: str, new: str, at: str, words: str) -> None:
    text = SCENARIO.replace(old, new, 1)
    assert text != SCENARIO

    found = faults(**{FILE: text})

    assert any(one.startswith(f"{FILE}:{line_of(text, at)}: ") and words in one for one in found), found


@pytest.mark.parametrize(("text", "words"), [("- a\n", "must hold fields"), ("title: [\n", "not readable")])
def test_a_file_that_is_no_scenario_is_refused(text: str, words: str) -> None:
    found = faults(**{FILE: text})

    assert found[0].startswith(f"{FILE}:")
    assert words in found[0]


def test_an_empty_scenario_is_refused() -> None:
    assert faults(**{FILE: ""}) == [f"{FILE}:1: The file must hold fields."]


def test_a_scenario_has_its_limits() -> None:
    choice = "\n      - {text: A, why: B, next: baik}"
    many = SCENARIO.replace("    choices:", "    choices:" + choice * MAX_CHOICES, 1)
    scenes = "".join(f"  - {{id: s{number}, text: A}}\n" for number in range(MAX_SCENES))

    assert any(f"at most {MAX_CHOICES} choices" in one for one in faults(**{FILE: many}))
    assert faults(**{FILE: SCENARIO + scenes}) == [f"{FILE}:1: There are more than {MAX_SCENES} scenes."]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[warung]", "[pasar]", "There is no file skenario/pasar.yaml."),
        ("[klaim-jkm]", "[klaim-jht]", "There is no file daftar-periksa/klaim-jht.md."),
        ("[warung]", "[warung, warung]", "“warung” is written twice."),
        ("[warung]", "[../warung]", "name a file without ending"),
        ("[klaim-jkm]", "[Klaim]", "name a file without ending"),
        ("scenarios: [warung]\n", "", "put it under “scenarios” or “checklists”"),
        ("checklists: [klaim-jkm]\n", "", "put it under “scenarios” or “checklists”"),
    ],
)
def test_the_course_names_every_file_once(old: str, new: str, words: str) -> None:
    found = faults(**{"course.yaml": WITH_PRACTICE.replace(old, new, 1)})

    assert any(words in one for one in found), found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("☐ KTP\n", "daftar-periksa/klaim-jkm.md:1: A checklist begins with"),
        (CHECKLIST.replace("subject: Klaim", "minutes: 3"), "klaim-jkm.md:3: Unknown field “minutes”"),
        ("---\ntitle: A\nsubject: B\n---\n", "klaim-jkm.md:5: The lesson is empty."),
    ],
)
def test_a_fault_in_a_checklist_has_its_line(text: str, expected: str) -> None:
    found = faults(**{"daftar-periksa/klaim-jkm.md": text})

    assert any(expected in one for one in found), found
