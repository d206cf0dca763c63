"""The quiz page on a phone whose signal comes and goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.core.accounts.models import UserSession
from lms.core.db import begin_write
from quizzes.attempts.models import Attempt
from tests.browser.barriers import WIDTHS, assert_no_barrier
from tests.factories import make_question
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.race.conftest import Server, server  # noqa: F401

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
OpenPhone = Callable[..., Page]


@pytest.fixture
def desk(session: Session) -> Desk:
    kinds = ("single_choice", "multiple_response", "true_false", "number", "single_choice")
    versions = [make_question(session, kind) for kind in kinds]
    return make_desk(session, versions, shuffle_questions=False, shuffle_options=False)


@pytest.fixture
def open_phone(
    chromium: Browser,
    server: Server,  # noqa: F811
    desk: Desk,
) -> Iterator[OpenPhone]:
    """Return a function that opens the quiz on a phone of its own; script errors fail the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def _open(path: str = "", **options: Any) -> Page:
        options.setdefault("viewport", PHONE)
        context = chromium.new_context(locale="id-ID", **options)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda message: _note(complaints, message.text))
        contexts.append(context)
        sign_in(context, server, desk)
        page = context.new_page()
        page.goto(f"{address(server)}{path or start_path(desk)}")
        return page

    yield _open
    for context in contexts:
        context.close()
    assert complaints == []


def _note(complaints: list[str], text: str) -> None:
    """Keep what the browser refused; a lost signal and an answer refused on purpose are no complaints."""
    if "Failed to load resource" not in text:
        complaints.append(text)


def address(server: Server) -> str:  # noqa: F811
    return server.running.url


def start_path(desk: Desk) -> str:
    return f"/belajar/{desk.enrolment.id}/kuis/{desk.step.id}"


def sign_in(context: BrowserContext, server: Server, desk: Desk) -> None:  # noqa: F811
    name, value = server.phone(desk.enrolment.user_id).holder.cookie.split("=", 1)
    context.add_cookies([{"name": name, "value": value, "url": address(server)}])


def begin(page: Page) -> str:
    """Start and return the address of the paper."""
    page.get_by_role("button", name="Mulai").click()
    expect(page.get_by_text("Soal 1 dari 5")).to_be_visible()
    return page.url


def choose(page: Page, number: int = 1) -> None:
    page.locator(".question:visible .option label").nth(number - 1).click()


def forward(page: Page) -> None:
    page.get_by_role("button", name="Lanjut").click()


def saved(page: Page) -> None:
    expect(page.locator(".save-state")).to_contain_text("Tersimpan pukul", timeout=15000)


def attempt_of(desk: Desk) -> Attempt:
    desk.session.rollback()
    return desk.session.scalars(select(Attempt).where(Attempt.enrolment_id == desk.enrolment.id)).one()


def standing(desk: Desk, position: int = 1) -> object:
    attempt = attempt_of(desk)
    response = desk.standing(attempt, position)
    return response.raw if response else None


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


def test_without_signal_answers_wait_on_the_phone_and_are_sent_by_themselves(
    open_phone: OpenPhone, desk: Desk
) -> None:
    page = open_phone()
    begin(page)
    page.context.set_offline(True)
    choose(page, 3)

    expect(page.locator(".save-state")).to_have_text("Belum terkirim – tersimpan di HP ini")
    assert standing(desk) is None
    page.context.set_offline(False)

    saved(page)
    assert standing(desk) == {"choice": ["3"]}
    assert page.evaluate("localStorage.length") == 0


def test_an_answer_not_sent_survives_closing_the_page(open_phone: OpenPhone, desk: Desk) -> None:
    page = open_phone()
    url = begin(page)
    page.context.set_offline(True)
    choose(page, 3)
    expect(page.locator(".save-state")).to_contain_text("Belum terkirim")
    page.close()
    page.context.set_offline(False)

    again = page.context.new_page()
    again.goto(url)

    expect(again.locator("#q1-choice-3")).to_be_checked()
    saved(again)
    assert standing(desk) == {"choice": ["3"]}


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


def test_another_phone_goes_on_and_the_older_page_learns_of_it(open_phone: OpenPhone, desk: Desk) -> None:
    first = open_phone()
    url = begin(first)
    second = open_phone(url.removeprefix(first.url.split("/percobaan")[0]))
    choose(second, 3)
    saved(second)

    choose(first, 1)

    expect(first.get_by_text("Jawaban yang lebih baru dari halaman atau HP lain")).to_be_visible()
    expect(first.locator("#q1-choice-3")).to_be_checked()
    choose(first, 1)
    saved(first)
    expect(first.get_by_text("Jawaban yang lebih baru dari halaman atau HP lain")).to_be_hidden()
    assert standing(desk) == {"choice": ["1"]}


def test_signed_out_the_answer_stays_on_the_phone_until_signed_in_again(
    open_phone: OpenPhone,
    desk: Desk,
    server: Server,  # noqa: F811
) -> None:
    page = open_phone()
    begin(page)
    begin_write(desk.session)
    desk.session.execute(delete(UserSession))
    desk.session.commit()

    choose(page, 2)
    expect(page.locator(".save-state")).to_have_text("Sesi habis – jawaban aman di HP ini.")
    expect(page.locator("[data-sign-in]")).to_be_visible()
    sign_in(page.context, server, desk)

    saved(page)
    assert standing(desk) == {"choice": ["2"]}


def test_after_the_end_a_leftover_is_sent_kept_as_late_and_said_so(open_phone: OpenPhone, desk: Desk) -> None:
    page = open_phone()
    url = begin(page)
    page.context.set_offline(True)
    choose(page, 2)
    expect(page.locator(".save-state")).to_contain_text("Belum terkirim")
    page.close()
    page.context.set_offline(False)
    attempt = attempt_of(desk)
    desk.submit(attempt)

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


def number_field(page: Page) -> Any:
    page.evaluate("location.hash = 'q4'")
    return page.get_by_label("Jawaban Anda")


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


def test_before_handing_in_what_cannot_be_read_is_apart_from_what_is_empty(open_phone: OpenPhone) -> None:
    page = open_phone()
    begin(page)
    number_field(page).fill("800000.00")
    expect(page.locator("#q4 [data-error]")).to_be_visible()

    page.evaluate("location.hash = 'periksa'")

    expect(page.locator("[data-bad]")).to_contain_text("tidak dapat dibaca")
    assert [text.split()[-1] for text in page.locator("[data-bad] a").all_inner_texts()] == ["4"]
    assert "4" not in [text.split()[-1] for text in page.locator("[data-empty] a").all_inner_texts()]


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


def test_the_sign_in_page_of_a_hotspot_is_not_taken_for_the_server(open_phone: OpenPhone, desk: Desk) -> None:
    page = open_phone()
    begin(page)
    page.route(
        "**/jawaban", lambda route: route.fulfill(body="<title>Wi-Fi</title>", content_type="text/html")
    )

    choose(page, 2)

    expect(page.locator(".save-state")).to_contain_text("Belum terkirim")
    page.unroute("**/jawaban")
    saved(page)
    assert standing(desk) == {"choice": ["2"]}
