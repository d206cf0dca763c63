"""An essay with a file, and a place on a drawing: by hand, by keys and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect
from sqlalchemy.orm import Session

from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.browser.conftest import context
from tests.browser.test_kinds_page import _begun, saved, standing
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.race.conftest import Server, server  # noqa: F401

pytestmark = pytest.mark.browser

PDF: FilePayload = {"name": "tugas.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}


@pytest.fixture
def desk(session: Session) -> Desk:
    versions = [factories.make_question(session, kind) for kind in ("essay", "hotspot")]
    return make_desk(session, versions, shuffle_questions=False, shuffle_options=False)


@pytest.fixture
def page(chromium: Browser, server: Server, desk: Desk) -> Iterator[Page]:  # noqa: F811
    """The paper, just begun."""
    with context(chromium, viewport={"width": 320, "height": 640}) as profile:
        yield _begun(profile, server, desk)


@pytest.fixture
def plain_page(chromium: Browser, server: Server, desk: Desk) -> Iterator[Page]:  # noqa: F811
    """The same without scripts."""
    with context(chromium, java_script_enabled=False, viewport={"width": 320, "height": 640}) as profile:
        yield _begun(profile, server, desk)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_words_are_counted_while_writing_and_a_file_goes_with_the_text(page: Page, desk: Desk) -> None:
    page.locator("#q1-text").fill("Menurut saya")
    expect(page.locator("#q1-text-count")).to_have_text("2 kata: lebih pendek dari yang diminta.")
    page.locator("#q1-text").press_sequentially(" begitu saja.")
    expect(page.locator("#q1-text-count")).to_have_text("4 kata.")
    expect(page.locator("#q1-text-count-said")).to_have_text("4 kata.")
    assert fits(page)
    assert_no_barrier(page, "essay")

    page.get_by_role("link", name="Lampirkan berkas").click()
    page.wait_for_url("**/berkas")
    assert fits(page)
    assert_no_barrier(page, "file")
    page.locator("#file").set_input_files([PDF])
    page.get_by_role("button", name="Kirim berkas").click()

    page.wait_for_url("**/percobaan/*")
    expect(page.locator("#q1-text")).to_have_value("Menurut saya begitu saja.")
    assert "'text': ['Menurut saya begitu saja.']" in str(standing(desk, 1))
    assert "'file': ['" in str(standing(desk, 1))
    page.get_by_label("Dengan berkas yang dilampirkan").uncheck()
    saved(page)
    expect(page.locator("#q1 [data-kept]")).to_contain_text("Tersimpan")


def test_a_tap_near_a_pin_chooses_its_place_and_the_list_says_the_same(page: Page, desk: Desk) -> None:
    page.get_by_role("button", name="Lanjut").click()
    box = page.locator("#q2 [data-pin='2'] circle").bounding_box()
    assert box
    assert box["width"] >= 20

    page.mouse.click(box["x"] + box["width"] + 4, box["y"] + box["height"] / 2)

    expect(page.locator("#q2-choice-2")).to_be_checked()
    expect(page.locator("#q2 [data-pin='2']")).to_have_class("pin on")
    saved(page)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#q2 [data-pin='3']")).to_have_class("pin on")
    assert fits(page)
    assert_no_barrier(page, "hotspot")


def test_both_are_answered_without_scripts(plain_page: Page, desk: Desk) -> None:
    plain_page.locator("#q1-text").fill("Satu dua.")
    plain_page.locator("label[for=q2-choice-2]").click()
    plain_page.get_by_role("button", name="Simpan, lalu lampirkan berkas").click()
    plain_page.locator("#file").set_input_files([PDF])
    plain_page.get_by_role("button", name="Kirim berkas").click()

    expect(plain_page.locator("#q1-text-count")).to_have_text("2 kata: lebih pendek dari yang diminta.")
    expect(plain_page.locator("#q1-file")).to_be_checked()
    assert standing(desk, 2) == ({"choice": ["2"]}, "")


def test_where_questions_come_alone_nothing_written_is_left_behind(
    chromium: Browser,
    server: Server,  # noqa: F811
    session: Session,
) -> None:
    versions = [factories.make_question(session, kind) for kind in ("essay", "ordering", "matching")]
    desk = make_desk(session, versions, is_sequential=True, shuffle_questions=False)
    with context(chromium, viewport={"width": 320, "height": 640}) as profile:
        page = _begun(profile, server, desk)
        page.locator("#q1-text").fill("Menurut saya begitu saja.")
        expect(page.get_by_role("link", name="Lampirkan berkas")).to_be_hidden()
        page.get_by_role("button", name="Simpan, lalu lampirkan berkas").click()
        page.locator("#file").set_input_files([PDF])
        page.get_by_role("button", name="Kirim berkas").click()
        expect(page.locator("#q1-text")).to_have_value("Menurut saya begitu saja.")
        page.get_by_role("button", name="Simpan dan lanjut").click()
        page.locator("#q2 .order [data-step='1']").first.click()
        assert_no_barrier(page, "lines to order, alone")
        page.get_by_role("button", name="Simpan dan lanjut").click()
        expect(page.locator("#q3")).to_be_visible()
        assert_no_barrier(page, "answers to match, alone")

    assert "'file': ['" in str(standing(desk, 1))
    assert "place-" in str(standing(desk, 2))
