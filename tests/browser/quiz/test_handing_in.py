"""Before, while and after a paper is handed in."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.quiz.phones import OpenPhone, attempt_of, begin, choose, number_field, saved
from tests.quizzes.attempts.conftest import Desk

pytestmark = pytest.mark.browser


def test_before_handing_in_links_lead_to_what_is_empty(open_phone: OpenPhone) -> None:
    page = open_phone()
    begin(page)
    choose(page)
    page.locator(".question:visible .flag").click()
    page.evaluate("location.hash = 'periksa'")

    empty = [text.split()[-1] for text in page.locator("[data-empty] a").all_inner_texts()]
    assert empty == ["2", "3", "4", "5"]
    expect(page.locator("[data-flagged] a")).to_have_count(1)
    page.locator("[data-empty] a").last.click()
    expect(page.get_by_text("Soal 5 dari 5")).to_be_visible()


def test_before_handing_in_what_cannot_be_read_is_apart_from_what_is_empty(open_phone: OpenPhone) -> None:
    page = open_phone()
    begin(page)
    number_field(page).fill("800000.00")
    expect(page.locator("#q4 [data-error]")).to_be_visible()

    page.evaluate("location.hash = 'periksa'")

    expect(page.locator("[data-bad]")).to_contain_text("tidak dapat dibaca")
    assert [text.split()[-1] for text in page.locator("[data-bad] a").all_inner_texts()] == ["4"]
    assert "4" not in [text.split()[-1] for text in page.locator("[data-empty] a").all_inner_texts()]


def test_handing_in_waits_for_answers_that_are_not_sent(open_phone: OpenPhone) -> None:
    page = open_phone()
    begin(page)
    page.context.set_offline(True)
    choose(page)
    page.evaluate("location.hash = 'periksa'")

    page.get_by_role("button", name="Kirim jawaban").click()

    expect(page.get_by_text("Masih ada jawaban yang belum terkirim.")).to_be_visible()
    page.context.set_offline(False)
    saved(page)
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Belum lulus")


def test_the_warning_of_answers_not_sent_goes_once_they_are_sent(open_phone: OpenPhone) -> None:
    page = open_phone()
    begin(page)
    page.context.set_offline(True)
    choose(page)
    page.evaluate("location.hash = 'periksa'")
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_text("Masih ada jawaban yang belum terkirim.")).to_be_visible()

    page.context.set_offline(False)

    saved(page)
    expect(page.get_by_text("Masih ada jawaban yang belum terkirim.")).to_be_hidden()


def test_after_the_end_a_leftover_is_sent_kept_as_late_and_said_so(open_phone: OpenPhone, desk: Desk) -> None:
    page = open_phone()
    url = begin(page)
    # Offline ends for a page that is left while the page still sends: not one save may get through.
    page.context.route("**/jawaban", lambda route: route.abort())
    choose(page, 2)
    expect(page.locator(".save-state")).to_contain_text("Belum terkirim")
    page.goto("about:blank")
    attempt = attempt_of(desk)
    desk.submit(attempt)
    page.context.unroute("**/jawaban")

    again = page.context.new_page()
    again.goto(url)

    expect(again.get_by_text("Jawaban itu disimpan sebagai terlambat dan tidak dihitung.")).to_be_visible()
    desk.session.rollback()
    assert [event.outcome for event in desk.events(attempt)] == ["late"]


def test_a_closed_quiz_says_so_and_stops(open_phone: OpenPhone, desk: Desk) -> None:
    page = open_phone()
    begin(page)
    desk.submit(attempt_of(desk))

    choose(page)

    expect(page.locator(".save-state")).to_contain_text("Kuis ini sudah ditutup.")
