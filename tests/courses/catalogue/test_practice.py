"""Practice is checked and kept with the edition: as of its law date, frozen, given back byte for byte."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from courses.catalogue.folder import read_files
from courses.catalogue.models import Edition
from courses.catalogue.queries import (
    get_checklist,
    get_scenario,
    list_checklists,
    list_scenarios,
    read_files_of,
)
from courses.catalogue.services import check_course, load_course
from courses.facts.book import load_book
from lms.core.db import begin_write
from lms.core.errors import NotFound
from tests.conftest import NOW
from tests.courses.catalogue.folders import TrustingStore, sample
from tests.courses.catalogue.stories import CHECKLIST, PRACTICE, SCENARIO

TRAINING = date(2016, 10, 19)
NEWEST = load_book().as_of
FILE = "skenario/warung.yaml"


def load(session: Session, *, as_of: date = NEWEST, **changes: str) -> Edition:
    edition = load_course(
        session,
        read_files(sample(**(PRACTICE | changes))),
        as_of=as_of,
        quizzes=TrustingStore(),
        publish=True,
        now=NOW,
        actor_id=None,
    )
    session.commit()
    return edition


def faults(as_of: date = NEWEST, **changes: str) -> list[str]:
    folder = read_files(sample(**(PRACTICE | changes)))
    return [str(one) for one in check_course(folder, as_of=as_of, quizzes=TrustingStore())]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize("as_of", [TRAINING, NEWEST])
def test_sound_practice_has_no_faults(as_of: date) -> None:
    assert faults(as_of) == []


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        ("jkm.benefit.total_without_scholarship", "jkm.tidak.ada", "{fakta:jkm.tidak.ada}", "no fact"),
        ("jkm.benefit.death_grant", "jkm.tidak.ada", "{fakta:jkm.tidak.ada}", "no fact"),
        ("{pasal:pp-44-2015/34}.", "{pasal:pp-99-2099/1}.", "{pasal:pp-99-2099/1}", "no law"),
        ("debrief: Jangan", "debrief: '{istilah:tidak-ada} Jangan", "debrief: '", "no term"),
        ("cite: [pp-44-2015/34]", "cite: [pp-1-1900/3]", "cite: [pp-1-1900/3]", "no law"),
        ("cite: [pp-44-2015/34]", "cite: [pasal 34]", "cite: [pasal 34]", "is not a citation"),
        (
            "read: [day-1/01-jkm/materi]",
            "read: [day-1/01-jkm/lain]",
            "read: [day-1/01-jkm/lain]",
            "no lesson",
        ),
        ("materi#jumlahnya", "materi#tidak-ada", "materi#tidak-ada", "no heading “#tidak-ada”"),
        ("next: janji", "next: tidak-ada", "next: tidak-ada", "no scene “tidak-ada”"),
        ("berlaku: jkp\n        next", "berlaku: tidak-ada\n        next", "text: Menyebut JKP.", "neither"),
    ],
)
def test_a_fault_has_file_and_line(old: str, new: str, at: str, words: str) -> None:
    text = SCENARIO.replace(old, new, 1)
    text = text.replace("Jangan menjanjikan.", "Jangan menjanjikan.'", 1) if "debrief: '" in text else text
    assert text != SCENARIO

    found = faults(**{FILE: text})

    assert any(one.startswith(f"{FILE}:{line_of(text, at)}: ") and words in one for one in found), found


def test_a_law_date_has_faults_of_its_own() -> None:
    text = SCENARIO.replace("        berlaku: jkp\n        next: jkp", "        next: jkp")

    assert faults(NEWEST, **{FILE: text}) == []
    assert "is not part of this edition" in faults(TRAINING, **{FILE: text})[0]


def test_a_fault_in_a_checklist_has_its_line() -> None:
    text = CHECKLIST.replace("jkm.payment.max_working_days", "jkm.tidak.ada")

    (fault,) = faults(**{"daftar-periksa/klaim-jkm.md": text})

    assert fault.startswith("daftar-periksa/klaim-jkm.md:5: ")


def test_a_condition_of_a_checklist_must_be_readable() -> None:
    text = CHECKLIST.replace("subject: Klaim", "subject: Klaim\nberlaku: kapan-kapan")

    assert faults(**{"daftar-periksa/klaim-jkm.md": text})[0].startswith("daftar-periksa/klaim-jkm.md:1: ")


@pytest.mark.parametrize(("as_of", "amount"), [(TRAINING, "Rp24.000.000"), (NEWEST, "Rp42.000.000")])
def test_scenes_are_kept_as_they_read_at_the_law_date(session: Session, as_of: date, amount: str) -> None:
    edition = load(session, as_of=as_of)

    scenario = get_scenario(session, "warung", edition_id=edition.id)
    first = scenario.scenes[0]

    assert amount in first.html
    assert "dasar_hukum" not in first.html
    assert 'id="dasar_hukum"' in first.notes_html
    assert scenario.programmes == (["jkm"] if as_of == TRAINING else ["jkm", "jkp"])
    assert [scene.key for scene in scenario.scenes] == (
        ["warung", "janji", "baik"] if as_of == TRAINING else ["warung", "jkp", "janji", "baik"]
    )
    assert len(first.choices) == len(scenario.scenes) - 1
    assert [scene.ending for scene in scenario.scenes][-2:] == ["bad", "good"]


def test_what_a_choice_brings_about_is_told_with_links_and_the_choice_without(session: Session) -> None:
    edition = load(session)

    choice = get_scenario(session, "warung", edition_id=edition.id).scenes[0].choices[0]

    assert choice["text"] == "Menjelaskan syaratnya."
    assert 'href="/hukum#pp-44-2015"' in choice["why"]
    assert f'href="/fakta/jkm.benefit.death_grant?pada={NEWEST}"' in choice["why"]


def test_an_ending_keeps_where_to_read_on(session: Session) -> None:
    edition = load(session)

    ending = get_scenario(session, "warung", edition_id=edition.id).scenes[-1]

    assert ending.citations == [{"label": "Pasal 34 ayat (1) PP 44/2015", "url": "/hukum#pp-44-2015"}]
    assert ending.readings == [{"path": "day-1/01-jkm/materi", "anchor": "", "title": "Jaminan Kematian"}]


def test_a_scenario_or_checklist_may_belong_to_one_law_date_only(session: Session) -> None:
    changes = {
        FILE: SCENARIO.replace("minutes: 5", "minutes: 5\nberlaku: jkp"),
        "daftar-periksa/klaim-jkm.md": CHECKLIST.replace("subject: Klaim", "subject: Klaim\nberlaku: jkp"),
    }
    old, new = load(session, as_of=TRAINING, **changes), load(session, **changes)

    assert (list_scenarios(session, old.id), list_checklists(session, old.id)) == ([], [])
    assert [one.slug for one in list_scenarios(session, new.id)] == ["warung"]
    assert [one.title for one in list_checklists(session, new.id)] == ["Klaim JKM"]


def test_practice_of_another_edition_is_not_found(session: Session) -> None:
    with_practice = load(session)
    without = load_course(
        session,
        read_files(sample()),
        as_of=NEWEST,
        quizzes=TrustingStore(),
        publish=True,
        now=NOW,
        actor_id=None,
    )
    session.commit()

    assert get_checklist(session, "klaim-jkm", edition_id=with_practice.id).subject == "Klaim"
    with pytest.raises(NotFound):
        get_scenario(session, "warung", edition_id=without.id)
    with pytest.raises(NotFound):
        get_checklist(session, "klaim-jkm", edition_id=without.id)


def test_the_files_come_back_byte_for_byte(session: Session) -> None:
    edition = load(session)

    assert read_files_of(session, edition.id) == sample(**PRACTICE)


def test_what_was_loaded_never_changes(session: Session) -> None:
    scenario = get_scenario(session, "warung", edition_id=load(session).id)
    begin_write(session)
    session.refresh(scenario)
    scenario.title = "Lain"

    with pytest.raises(RuntimeError, match="never changes"):
        session.flush()
    session.rollback()
