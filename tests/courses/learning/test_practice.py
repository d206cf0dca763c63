"""Practice in the browser: walked through by links alone, for trainees and for those who teach them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.catalogue.models import Edition
from courses.catalogue.queries import list_checklists, list_scenarios
from courses.catalogue.quizzes import EXTENSION
from courses.catalogue.scenarios import SceneSource
from courses.catalogue.services import load_course
from courses.catalogue.sources import CourseFolder
from courses.cohorts.models import Enrolment
from courses.facts.book import load_book
from lms.core.accounts.models import Role
from lms.core.clock import utc_now
from tests.conftest import NOW
from tests.courses.shipped import shipped_course
from tests.factories import make_checklist, make_cohort, make_enrolment, make_scenario, make_user

SignIn = Callable[[int], FlaskClient]
DATES = [date(2016, 10, 19), load_book().as_of]
CHOICE = re.compile(r'<li><a href="([^"]+/latihan/[^"]+\?dari=[^"]+)">')
MAX_SCENES = 9
"""So many scenes with choices at most: longer ones nobody finishes at one sitting."""


@pytest.fixture
def folder() -> CourseFolder:
    return shipped_course()


def load(app: Flask, session: Session, folder: CourseFolder, as_of: date) -> Edition:
    edition = load_course(
        session, folder, as_of=as_of, quizzes=app.extensions[EXTENSION], publish=True, now=NOW, actor_id=None
    )
    session.commit()
    return edition


def enrolled(session: Session) -> Enrolment:
    enrolment = make_enrolment(session)
    make_scenario(session, enrolment.cohort.edition_id)
    make_checklist(session, enrolment.cohort.edition_id)
    return enrolment


def choices(page: str) -> list[str]:
    return [unescape(address) for address in CHOICE.findall(page)]


def test_a_trainee_walks_from_the_course_page_to_the_end(session: Session, sign_in: SignIn) -> None:
    enrolment = enrolled(session)
    client = sign_in(enrolment.user_id)
    (scenario,) = list_scenarios(session, enrolment.cohort.edition_id)

    page = client.get(f"/belajar/{enrolment.id}").get_data(as_text=True)
    assert f"/belajar/{enrolment.id}/latihan" in page
    page = client.get(f"/belajar/{enrolment.id}/latihan").get_data(as_text=True)
    start = f"/belajar/{enrolment.id}/latihan/{scenario.slug}/{scenario.scenes[0].key}"
    assert start in page
    page = client.get(start).get_data(as_text=True)
    assert "Adegan 1" in page
    onward, circle = choices(page)
    again = client.get(circle).get_data(as_text=True)
    assert "Adegan 2" in again
    assert "Tidak terjadi apa-apa." in again
    page = client.get(choices(again)[0]).get_data(as_text=True)

    assert "Adegan 3" in page
    assert "Berakhir baik" in page
    assert "Anda bertanya dulu." in page
    assert page.index("Menunggu") < page.index("Bertanya dulu", page.index("Jalan yang Anda tempuh"))
    assert "/hukum#uu-24-2011" in page
    assert f'href="{start}"' in page
    assert onward.endswith(f"{scenario.scenes[0].key}.1")


def test_nothing_is_written_on_the_way(session: Session, sign_in: SignIn) -> None:
    enrolment = enrolled(session)
    client = sign_in(enrolment.user_id)
    (scenario,) = list_scenarios(session, enrolment.cohort.edition_id)
    address = f"/belajar/{enrolment.id}/latihan/{scenario.slug}/{scenario.scenes[0].key}"

    first, again = (client.get(address).get_data(as_text=True) for _ in range(2))

    main = first[first.index("<main") : first.index("</main>")]
    assert main in again
    assert "<form" not in main
    assert "<script" not in main


@pytest.mark.parametrize("dari", ["x", "tidak-ada.1", "<b>.1", "%F0%9F%8C%BE.1", "a.1_" * 500])
def test_a_way_that_is_none_shows_the_scene_all_the_same(
    session: Session, sign_in: SignIn, dari: str
) -> None:
    enrolment = enrolled(session)
    (scenario,) = list_scenarios(session, enrolment.cohort.edition_id)
    last = f"/belajar/{enrolment.id}/latihan/{scenario.slug}/{scenario.scenes[1].key}"

    page = sign_in(enrolment.user_id).get(f"{last}?dari={dari}")

    assert page.status_code == 200
    assert "Pilihan Anda" not in page.get_data(as_text=True)


def test_before_the_training_has_begun_there_is_no_practice(session: Session, sign_in: SignIn) -> None:
    tomorrow = utc_now().date() + timedelta(days=2)
    cohort = make_cohort(session, starts_on=tomorrow, ends_on=tomorrow)
    enrolment = make_enrolment(session, cohort=cohort)
    client = sign_in(enrolment.user_id)

    assert "/latihan" not in client.get(f"/belajar/{enrolment.id}").get_data(as_text=True)
    for ending in ("latihan", "daftar-periksa"):
        assert client.get(f"/belajar/{enrolment.id}/{ending}").status_code == 404


def test_an_edition_without_practice_says_so(session: Session, sign_in: SignIn) -> None:
    enrolment = make_enrolment(session)
    client = sign_in(enrolment.user_id)

    for ending, words in (
        ("latihan", "tidak memuat latihan lapangan"),
        ("daftar-periksa", "tidak memuat daftar periksa"),
    ):
        assert words in client.get(f"/belajar/{enrolment.id}/{ending}").get_data(as_text=True)


def test_checklists_stand_under_their_subjects_in_order(session: Session, sign_in: SignIn) -> None:
    enrolment = make_enrolment(session)
    edition_id = enrolment.cohort.edition_id
    for position, (title, subject) in enumerate(
        [("Daftar PU", "Pendaftaran"), ("Daftar BPU", "Pendaftaran"), ("Klaim JKM", "Klaim")], 1
    ):
        make_checklist(session, edition_id, position=position, title=title, subject=subject)
    client = sign_in(enrolment.user_id)

    page = client.get(f"/belajar/{enrolment.id}/daftar-periksa").get_data(as_text=True)

    places = [
        page.index(words) for words in (">Pendaftaran<", "Daftar PU", "Daftar BPU", ">Klaim<", "Klaim JKM")
    ]
    assert places == sorted(places)


def test_trainers_see_the_same_pages_through_their_cohort(session: Session, sign_in: SignIn) -> None:
    enrolment = enrolled(session)
    cohort = enrolment.cohort
    trainer = make_user(session, Role.TRAINER, branch=cohort.branch)
    client = sign_in(trainer.id)
    (scenario,) = list_scenarios(session, cohort.edition_id)
    (checklist,) = list_checklists(session, cohort.edition_id)

    assert f"/angkatan/{cohort.id}/latihan" in client.get(f"/angkatan/{cohort.id}/panduan").get_data(
        as_text=True
    )
    page = client.get(f"/angkatan/{cohort.id}/latihan/{scenario.slug}/{scenario.scenes[0].key}")
    end = client.get(choices(page.get_data(as_text=True))[0]).get_data(as_text=True)
    assert "Berakhir baik" in end
    assert "Materi 1" in end
    assert "/belajar/" not in end
    assert client.get(f"/angkatan/{cohort.id}/daftar-periksa/{checklist.slug}").status_code == 200
    assert client.get(f"/belajar/{enrolment.id}/latihan").status_code == 404


@pytest.mark.parametrize("as_of", DATES)
def test_every_way_through_every_shipped_scenario_can_be_walked(
    app: Flask, session: Session, sign_in: SignIn, folder: CourseFolder, as_of: date
) -> None:
    edition = load(app, session, folder, as_of)
    cohort = make_cohort(session, edition=edition)
    client = sign_in(make_user(session, Role.TRAINER, branch=cohort.branch).id)
    scenarios = list_scenarios(session, edition.id)
    start = f"/angkatan/{cohort.id}/latihan"

    assert len(scenarios) >= 10
    for scenario in scenarios:
        waiting, seen = [f"{start}/{scenario.slug}/{scenario.scenes[0].key}"], set[str]()
        while waiting:
            address = waiting.pop()
            scene = address.partition("?")[0]
            if scene not in seen:
                seen.add(scene)
                response = client.get(address)
                assert response.status_code == 200, address
                waiting += choices(response.get_data(as_text=True))
        assert len(seen) == len(scenario.scenes), scenario.slug


@pytest.mark.parametrize("as_of", DATES)
def test_every_shipped_checklist_can_be_read(
    app: Flask, session: Session, sign_in: SignIn, folder: CourseFolder, as_of: date
) -> None:
    edition = load(app, session, folder, as_of)
    enrolment = make_enrolment(session, cohort=make_cohort(session, edition=edition))
    client = sign_in(enrolment.user_id)

    checklists = list_checklists(session, edition.id)

    assert len(checklists) >= 9
    for checklist in checklists:
        page = client.get(f"/belajar/{enrolment.id}/daftar-periksa/{checklist.slug}")
        assert page.status_code == 200
        assert "☐" in page.get_data(as_text=True)


def test_the_checklist_of_a_programme_comes_with_the_programme(
    app: Flask, session: Session, folder: CourseFolder
) -> None:
    found = {
        as_of: {one.slug for one in list_checklists(session, load(app, session, folder, as_of).id)}
        for as_of in DATES
    }

    assert found[DATES[1]] - found[DATES[0]] == {"klaim-jkp"}


def test_shipped_scenarios_have_real_forks(folder: CourseFolder) -> None:
    for scenario in folder.scenarios.values():
        forks = [scene for scene in scenario.scenes if scene.choices]
        endings = {scene.ending for scene in scenario.scenes if scene.ending}

        assert 4 <= len(forks) <= MAX_SCENES, scenario.slug
        assert all(len(scene.choices) >= 2 for scene in forks), scenario.slug
        assert endings == {"good", "partly", "bad"}, scenario.slug


def test_in_shipped_scenarios_the_right_choice_has_no_place_of_its_own(folder: CourseFolder) -> None:
    """Nobody finds the good ending by always taking the same place."""
    for place in (0, -1):
        won = [scenario.slug for scenario in folder.scenarios.values() if _ends_well(scenario.scenes, place)]
        assert len(won) <= len(folder.scenarios) // 3, won


def _ends_well(scenes: tuple[SceneSource, ...], place: int) -> bool:
    by_id = {scene.id: scene for scene in scenes}
    here, seen = scenes[0], set[str]()
    while here.choices and here.id not in seen:
        seen.add(here.id)
        here = by_id[here.choices[place].next]
    return here.ending == "good"
