"""A person alone with the quiz page: choose, go on, come back; by keyboard, without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.barriers import WIDTHS, assert_no_barrier
from tests.browser.quiz.phones import OpenPhone, begin, choose, forward, saved, standing
from tests.quizzes.attempts.conftest import Desk

pytestmark = pytest.mark.browser


def test_an_answer_is_saved_as_it_is_chosen(open_phone: OpenPhone, desk: Desk) -> None:
    page = open_phone()
    begin(page)

    choose(page, 2)

    saved(page)
    assert standing(desk) == {"choice": ["2"]}


def test_back_and_forward_keep_every_answer(open_phone: OpenPhone) -> None:
    page = open_phone()
    begin(page)
    choose(page, 2)
    forward(page)
    choose(page, 1)
    choose(page, 3)
    forward(page)

    page.go_back()
    expect(page.get_by_text("Soal 2 dari 5")).to_be_visible()
    assert page.locator(".question:visible input[type=checkbox]:checked").count() == 2
    page.get_by_role("button", name="Kembali").click()

    expect(page.get_by_text("Soal 1 dari 5")).to_be_visible()
    expect(page.locator("#q1-choice-2")).to_be_checked()


def test_the_keyboard_alone_is_enough(open_phone: OpenPhone, desk: Desk) -> None:
    page = open_phone()
    begin(page)
    page.locator("#q1-choice-1").focus()

    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Lanjut").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Soal 2 dari 5")).to_be_visible()
    saved(page)
    assert standing(desk) == {"choice": ["2"]}


def test_without_script_one_form_does_it_all(open_phone: OpenPhone, desk: Desk) -> None:
    page = open_phone(java_script_enabled=False)
    page.get_by_role("button", name="Mulai").click()
    expect(page.locator(".question")).to_have_count(5)
    page.locator("#q1 .option label").first.click()
    page.locator("#q4 input[type=text]").fill("5")

    page.get_by_role("button", name="Periksa dan kirim").click()
    expect(page.get_by_text("Belum dijawab:")).to_be_visible()
    page.get_by_role("button", name="Kirim jawaban").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("dari 5 benar")
    assert standing(desk, 4) == {"value": ["5"]}


def test_no_page_has_a_barrier_or_scrolls_sideways(open_phone: OpenPhone) -> None:
    page = open_phone()
    assert_no_barrier(page, "start", widths=WIDTHS)
    begin(page)
    choose(page)
    page.locator(".list summary").click()
    for place in ("q1", "q2", "q3", "q4", "periksa"):
        page.evaluate(f"location.hash = '{place}'")
        assert_no_barrier(page, place, widths=WIDTHS)
    page.locator(".list summary").click()
    saved(page)
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("dari 5 benar")
    assert_no_barrier(page, "result", widths=WIDTHS)


def test_each_question_says_what_became_of_it_and_the_receipt_names_the_code(open_phone: OpenPhone) -> None:
    page = open_phone()
    url = begin(page)
    choose(page, 2)
    expect(page.locator("#q1 [data-kept]")).to_contain_text("Tersimpan pukul")
    assert page.locator("#q2 [data-kept]").text_content() == ""
    page.evaluate("location.hash = 'periksa'")
    told = page.locator("#periksa [data-receipt]").inner_text()

    page.goto(f"{url}/tanda-terima")

    code = told.rsplit(" ", 1)[1]
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text(code)
    expect(page.locator("tbody tr")).to_contain_text("pilihan 2")
    assert_no_barrier(page, "receipt", widths=WIDTHS)
