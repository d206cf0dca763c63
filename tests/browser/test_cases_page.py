"""A case in the quiz: its story at hand with every question, with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.core.db import begin_write
from quizzes.bank.models import QuestionVersion, QuizSlot
from quizzes.types.case_story import story_html
from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.browser.conftest import context
from tests.browser.test_kinds_page import _begun, saved
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.race.conftest import Server, server  # noqa: F401

pytestmark = pytest.mark.browser

STORY = """Bu Wati mempunyai konfeksi skala menengah di Kota Madiun.

| Penjahit | Dibayar | Upah | Selain upah |
|---|---|---|---|
| Lina | tiap bulan | pokok Rp2.000.000 dan tunjangan tetap Rp250.000 | lembur Rp150.000 |
| Sari | tiap hari | Rp84.000 sehari | uang makan bila hadir |"""
KINDS = ("single_choice", "number", "matching", "true_false")


@pytest.fixture
def desk(session: Session) -> Desk:
    """A quiz whose second and third questions are those of a case."""
    content = {"text_html": story_html(STORY, str), "mode": "told", "parts": []}
    case = factories.make_question(session, "case_set", content=content, stem_html="Daftar upah konfeksi")
    versions = [factories.make_question(session, kind) for kind in KINDS]
    desk = make_desk(session, versions, shuffle_questions=False)
    begin_write(session)
    places = select(QuizSlot.id).where(QuizSlot.position.in_([2, 3]))
    session.execute(update(QuizSlot).where(QuizSlot.id.in_(places)).values(case_version_id=case.id))
    session.commit()
    assert session.get_one(QuestionVersion, case.id)
    return desk


@pytest.fixture
def page(chromium: Browser, server: Server, desk: Desk) -> Iterator[Page]:  # noqa: F811
    with context(chromium, viewport={"width": 320, "height": 640}) as profile:
        yield _begun(profile, server, desk)


@pytest.fixture
def plain_page(chromium: Browser, server: Server, desk: Desk) -> Iterator[Page]:  # noqa: F811
    with context(chromium, java_script_enabled=False) as profile:
        yield _begun(profile, server, desk)


def onward(page: Page) -> None:
    page.get_by_role("button", name="Lanjut").click()


def test_the_story_is_open_with_the_first_question_and_folded_with_the_next(page: Page) -> None:
    story = page.locator(".case")
    expect(story).to_be_hidden()

    onward(page)
    expect(story).to_be_visible()
    expect(story).to_have_attribute("open", "")
    expect(page.locator("#q2 .part-of")).to_have_text("Kasus ini, soal 1 dari 2")
    page.locator("#q2 input[type=text]").fill("1")
    saved(page)

    onward(page)
    expect(page.locator("#q3")).to_be_visible()
    expect(story).to_be_visible()
    assert story.get_attribute("open") is None
    story.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(story.get_by_text("Bu Wati mempunyai")).to_be_visible()

    onward(page)
    expect(story).to_be_hidden()


def test_a_story_with_a_table_keeps_nobody_out_and_fits_a_narrow_phone(page: Page) -> None:
    onward(page)

    assert_no_barrier(page, "a case")


def test_without_scripts_the_story_stands_once_above_its_questions(plain_page: Page) -> None:
    order = plain_page.locator(".question, .case").evaluate_all("all => all.map((one) => one.id)")

    assert [name if name.startswith("q") else "story" for name in order] == ["q1", "story", "q2", "q3", "q4"]
    expect(plain_page.locator(".case")).to_have_attribute("open", "")
