"""An answer that cannot be read is told at its question, and holds nobody up."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.quiz.phones import OpenPhone, begin, forward, number_field, saved, standing
from tests.quizzes.attempts.conftest import Desk

pytestmark = pytest.mark.browser


def test_what_cannot_be_read_is_said_at_the_question(open_phone: OpenPhone, desk: Desk) -> None:
    page = open_phone()
    begin(page)
    page.evaluate("location.hash = 'q4'")

    page.get_by_label("Jawaban Anda").fill("banyak")

    expect(page.locator("#q4 [data-error]")).to_be_visible()
    page.get_by_label("Jawaban Anda").fill("5")
    expect(page.locator("#q4 [data-error]")).to_be_hidden()
    saved(page)
    assert standing(desk, 4) == {"value": ["5"]}


def test_a_number_that_cannot_be_read_holds_the_person_back_once(open_phone: OpenPhone) -> None:
    page = open_phone()
    begin(page)
    number_field(page).fill("empat puluh dua juta")

    forward(page)

    expect(page.locator(".save-state")).to_have_text("Soal 4: jawaban belum terbaca")
    expect(page.get_by_text("Soal 4 dari 5")).to_be_visible()
    expect(page.get_by_label("Jawaban Anda")).to_be_focused()
    forward(page)
    expect(page.get_by_text("Soal 5 dari 5")).to_be_visible()


def test_a_number_that_can_be_read_does_not_hold_back_nor_does_a_lost_signal(open_phone: OpenPhone) -> None:
    page = open_phone()
    begin(page)
    number_field(page).fill("5")
    forward(page)
    expect(page.get_by_text("Soal 5 dari 5")).to_be_visible()

    page.context.set_offline(True)
    number_field(page).fill("banyak")
    forward(page)

    expect(page.get_by_text("Soal 5 dari 5")).to_be_visible()


def test_an_error_of_the_server_stands_at_its_question_only(open_phone: OpenPhone) -> None:
    page = open_phone()
    begin(page)
    number_field(page).fill("banyak")
    expect(page.locator("#q4 [data-error]")).to_be_visible()

    page.reload()

    expect(page.locator("#q4 .field-error:visible")).to_have_count(1)
    expect(page.locator(".error-summary")).to_have_count(0)
    assert not page.title().startswith("Galat")
    number_field(page).fill("5")
    saved(page)
    expect(page.locator("#q4 .field-error:visible")).to_have_count(0)
