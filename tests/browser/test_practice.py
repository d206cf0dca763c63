"""Field practice as people meet it: a story walked through without a script, a checklist on one sheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from courses.catalogue.models import Edition
from courses.cohorts.models import Enrolment
from lms.core.accounts.sessions import open_session
from lms.core.clock import utc_now
from lms.core.db import db
from lms.demo import seeding
from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.browser.conftest import House, Words, context, house_in
from tests.quizzes.attempts.test_offers import make_case
from tests.servers import make_pass

pytestmark = pytest.mark.browser

STORY = "ojek-celaka"
RIGHT_WAY = [
    "Bawa ke rumah sakit",
    "Menceritakan apa adanya",
    "Batasnya dihitung dalam jam",
    "Satu lagi",
    "tahap kedua",
]
WRONG = "Menuruti kakaknya"
DIFFICULT = ("bengkel-menunggak", "kelompok-tani")
"""Stories whose first scenes are looked at for barriers."""
A4 = (595, 842)


@pytest.fixture(scope="module")
def library(template_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An installation with both editions of the shipped course."""

    def furnish(_app: Flask) -> None:
        seeding.load_shipped_course()

    with house_in(template_instance, tmp_path_factory.mktemp("practice"), furnish) as house:
        yield house


@pytest.fixture(scope="module", params=["2016", "newest"])
def desk(request: pytest.FixtureRequest, library: House) -> tuple[str, dict[str, Any]]:
    """Somebody's course address and cookie, in one of the two editions."""
    session, now = db.session(), utc_now()
    editions = session.scalars(select(Edition).order_by(Edition.as_of)).all()
    edition = editions[0] if request.param == "2016" else editions[-1]
    cohort = factories.make_cohort(
        session, edition=edition, starts_on=now.date() - timedelta(days=1), ends_on=now.date()
    )
    enrolment = factories.make_enrolment(session, cohort=cohort)
    token = open_session(
        session,
        enrolment.user_id,
        via="card",
        now=now,
        user_agent="browser",
        expires_at=now + timedelta(hours=1),
        card_id=enrolment.card.id,
    )
    session.commit()
    name, value = make_pass(library.app, token).cookie.split("=", 1)
    return f"{library.url}/belajar/{enrolment.id}", {"name": name, "value": value, "url": library.url}


def _choose(page: Page, words: str) -> None:
    """Choose and go on as a keyboard does."""
    choice = page.get_by_role("radio", name=words)
    choice.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    expect(page.locator(".outcome .chosen")).to_contain_text(words)


def test_a_story_is_played_without_a_script_and_goes_on_where_it_was_left(
    chromium: Browser, desk: tuple[str, dict[str, Any]]
) -> None:
    address, cookie = desk
    say = Words("id")
    with context(chromium, java_script_enabled=False) as phone:
        phone.add_cookies([cookie])
        page = phone.new_page()
        page.goto(address)
        page.get_by_role("link", name=say("Field practice")).click()
        page.locator(f"a[href*='/latihan/{STORY}/']").click()
        expect(page.locator("main")).to_contain_text(say("Scene %(number)s", number=1))

        _choose(page, RIGHT_WAY[0])
        _choose(page, WRONG)
        page.goto(address)
        page.get_by_role("link", name=say("Field practice")).click()
        page.locator(f"a[href*='/latihan/{STORY}/']").click()
        expect(page.locator("main")).to_contain_text(say("Scene %(number)s", number=3))
        page.get_by_role("button", name=say("Once more from the start")).click()
        for words in RIGHT_WAY:
            _choose(page, words)

        expect(page.locator("main")).to_contain_text(say("A good ending"))
        expect(page.locator(".way li")).to_have_count(len(RIGHT_WAY))
        page.get_by_role("button", name=say("Once more from the start")).click()
        expect(page.locator(".outcome")).to_have_count(0)


def test_nothing_in_a_shipped_story_or_checklist_keeps_anybody_out(
    chromium: Browser, desk: tuple[str, dict[str, Any]]
) -> None:
    address, cookie = desk
    with context(chromium) as phone:
        phone.add_cookies([cookie])
        page = phone.new_page()
        for slug in DIFFICULT:
            page.goto(f"{address}/latihan")
            page.locator(f"a[href*='/latihan/{slug}/']").click()
            page.get_by_role("radio").nth(1).check()
            page.locator("form.quiz-step .button").click()
            assert_no_barrier(page, f"a scene of {slug}")
        page.goto(f"{address}/daftar-periksa/daftar-proyek")
        assert_no_barrier(page, "a checklist")


def test_a_case_of_the_bank_is_played_beside_the_stories(
    chromium: Browser, desk: tuple[str, dict[str, Any]]
) -> None:
    address, cookie = desk
    enrolment = db.session().get_one(Enrolment, int(address.rpartition("/")[2]))
    case = make_case(db.session(), as_of=enrolment.cohort.edition.as_of)
    with context(chromium) as phone:
        phone.add_cookies([cookie])
        page = phone.new_page()
        page.goto(f"{address}/latihan")
        assert_no_barrier(page, "stories and cases")
        page.locator(f"a[href*='/kasus/{case.question_id}/']").click()
        expect(page.locator(".case .story")).to_be_visible()
        assert_no_barrier(page, "where a case begins")

        _choose(page, "Simpan di laci.")

        expect(page.locator(".case .story")).to_be_hidden()
        assert_no_barrier(page, "a case that goes on")
        _choose(page, "Diam saja.")
        expect(page.locator("main")).to_contain_text(Words("id")("It went wrong"))
        assert_no_barrier(page, "the end of a case")


def test_every_checklist_prints_on_one_side(chromium: Browser, desk: tuple[str, dict[str, Any]]) -> None:
    address, cookie = desk
    with context(chromium) as phone:
        phone.add_cookies([cookie])
        page = phone.new_page()
        page.goto(f"{address}/daftar-periksa")
        links = page.locator(".outline a").evaluate_all("links => links.map(link => link.href)")
        assert len(links) >= 9
        for link in links:
            page.goto(link)
            document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
            assert len(document) == 1, link
            width, height = document[0].get_size()
            assert abs(width - A4[0]) < 2, link
            assert abs(height - A4[1]) < 2, link
