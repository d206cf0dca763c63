"""Every kind of page: no accessibility fault in either theme, no sideways scroll, light on the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from courses.catalogue.models import Step
from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Completion
from lms import demo
from lms.core.db import db
from quizzes.attempts.models import Attempt
from quizzes.types import TYPES
from tests.browser.conftest import ARGUMENTS, PHONE, Site
from tests.browser.people import Card, Person, Trainee, Words

AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
PUBLIC = [
    "/",
    "/masuk",
    "/masuk/kartu",
    "/lupa-sandi",
    "/periksa",
    "/v/0000",
    "/bantuan",
    "/hukum",
    "/nowhere",
]
LONG = "Raden Mas Haji Muhammad Abdurrahman Wirjosoedirdjo Kusumaningrat bin Sastrodiwirjo, S.Pd., M.Pd.I."
ERRORS = {
    "/masuk": "form:has(input[name=password]) button",
    "/masuk/kartu": "form:has(input[name=pin]) button",
}
NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def places(site: Site) -> dict[str, list[str]]:
    """Addresses of one page of every kind for each role, taken from the demo."""
    with site.app.app_context():
        session = db.session()
        running = session.scalars(select(Cohort).where(Cohort.name == demo.RUNNING)).one()
        finished = session.scalars(select(Cohort).where(Cohort.name == demo.FINISHED)).one()
        person = session.scalars(
            select(Enrolment).where(Enrolment.cohort_id == running.id).order_by(Enrolment.id)
        ).first()
        graduate = session.scalars(
            select(Enrolment)
            .join(Completion)
            .where(Enrolment.cohort_id == finished.id)
            .order_by(Enrolment.id)
        ).first()
        attempt = session.scalars(select(Attempt).where(Attempt.enrolment_id == graduate.id)).first()
        # The longest lesson of the course.
        lesson = session.scalars(
            select(Step).where(Step.edition_id == finished.edition_id, Step.path.endswith("kecelakaan-kerja"))
        ).one()
        quiz = session.scalars(
            select(Step)
            .where(Step.edition_id == finished.edition_id, Step.kind == "quiz")
            .order_by(Step.id.desc())
        ).first()
        run, done, who, own = running.id, finished.id, person.id, graduate.id
        return {
            "trainee": [
                "/",
                "/akun",
                "/sertifikat",
                f"/belajar/{own}",
                f"/belajar/{own}/materi/{lesson.id}",
                f"/belajar/{own}/kuis/{quiz.id}",
                f"/belajar/{own}/nama",
                f"/percobaan/{attempt.id}/hasil",
            ],
            "organiser": [
                "/",
                "/angkatan",
                "/angkatan/baru",
                f"/angkatan/{run}",
                f"/angkatan/{run}/ubah",
                f"/angkatan/{run}/daftar",
                f"/angkatan/{run}/peserta/baru",
                f"/angkatan/{run}/peserta/{who}",
                f"/angkatan/{run}/peserta/{who}/ubah",
                f"/angkatan/{run}/jadwal/baru",
                f"/angkatan/{run}/kuis",
                f"/angkatan/{run}/pantau",
                f"/angkatan/{done}/pantau",
                f"/angkatan/{run}/sertifikat",
                f"/angkatan/{done}/sertifikat",
                "/sertifikat/1/cabut",
                "/sertifikat/1/koreksi",
            ],
            "trainer": [
                "/",
                "/soal",
                "/soal?q=tidakadayangbegini",
                *(f"/soal/baru?jenis={kind.key}" for kind in TYPES),
                "/soal/1",
                "/soal/1/coba",
                "/kuis",
                "/kuis/1",
                "/kuis/1/versi/1",
            ],
        }


def assert_accessible(page: Page) -> None:
    """Fail with the names of the rules that are broken and where."""
    found = Axe().run(page, options=AXE).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:160]) for rule in found] == [], page.url


def assert_no_sideways_scroll(page: Page) -> None:
    """Fail if the page is wider than the screen."""
    page.set_viewport_size(NARROW)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.set_viewport_size(PHONE)
    assert wide <= 0, f"{page.url} is {wide} px too wide at 320 px"


def look_at(page: Page, addresses: list[str]) -> None:
    """Open each page with all that folds unfolded, in both themes."""
    for address in addresses:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            assert_accessible(page)
        assert_no_sideways_scroll(page)


def test_public_pages(open_browser: Callable[..., BrowserContext], site: Site) -> None:
    page = open_browser().new_page()
    certificate = site.demo["certificates"][0]["url"].removeprefix(site.url)

    look_at(page, [*PUBLIC, certificate, site.demo["cards"][0]["url"].removeprefix(site.url)])


@pytest.mark.parametrize("role", ["trainee", "organiser", "trainer"])
def test_pages_of(
    role: str, places: dict[str, list[str]], open_browser: Callable[..., BrowserContext], site: Site
) -> None:
    person = Person(open_browser(), Words("id"))
    person.sign_in_with_password(site.account(role))

    look_at(person.page, places[role])


@pytest.mark.parametrize("address", ERRORS)
def test_pages_with_errors(address: str, open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser().new_page()
    page.goto(address)
    page.evaluate("document.querySelectorAll('[required]').forEach(f => f.required = false)")

    page.locator(ERRORS[address]).first.click()

    assert page.title().startswith("Galat:")
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def test_an_open_quiz_with_an_answer_chosen(open_browser: Callable[..., BrowserContext], site: Site) -> None:
    trainee = Trainee(open_browser(), Words("id"))
    card = site.demo["cards"][2]
    trainee.sign_in_with_card(Card(card["number"], card["pin"]))
    trainee.page.locator(".card.now a.button").click()
    trainee.page.locator("main form button").first.click()
    trainee.page.locator(".option label:visible").first.click()

    for theme in ("light", "dark"):
        trainee.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert_accessible(trainee.page)
    assert_no_sideways_scroll(trainee.page)


def test_a_very_long_name_breaks_nothing(
    places: dict[str, list[str]], open_browser: Callable[..., BrowserContext], site: Site
) -> None:
    organiser = Person(open_browser(), Words("id"))
    organiser.sign_in_with_password(site.account("organiser"))
    person_page = next(a for a in places["organiser"] if "/peserta/" in a and a.rsplit("/", 1)[1].isdigit())
    organiser.page.goto(f"{person_page}/ubah")
    organiser.page.locator("input[name=name]").fill(LONG)
    organiser.page.locator("main form button").first.click()
    cohort_page = person_page.split("/peserta")[0]

    look_at(organiser.page, [person_page, cohort_page, f"{cohort_page}/pantau", f"{cohort_page}/sertifikat"])


@contextmanager
def counting(page: Page) -> Iterator[list[int]]:
    """Count the bytes that reach the browser: compressed bodies and headers."""
    received: list[int] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    yield received
    page.wait_for_timeout(300)
    session.detach()


def test_the_first_visit_and_the_next_lesson_are_light(
    places: dict[str, list[str]], browser: Browser, site: Site
) -> None:
    assert ARGUMENTS
    context = browser.new_context(base_url=site.url, viewport=PHONE)
    person = Person(context, Words("id"))
    person.sign_in_with_password(site.account("trainee"))
    lesson = next(address for address in places["trainee"] if "/materi/" in address)
    cookies = context.cookies()
    context.close()
    fresh = browser.new_context(base_url=site.url, viewport=PHONE)
    fresh.add_cookies(cookies)
    page = fresh.new_page()

    with counting(page) as first:
        page.goto(lesson, wait_until="networkidle")
    with counting(page) as again:
        page.goto(lesson, wait_until="networkidle")
    fresh.close()

    assert 5_000 < sum(first) <= 25 * 1024
    assert 1_000 < sum(again) <= 5 * 1024
