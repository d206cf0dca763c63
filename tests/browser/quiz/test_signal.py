"""The quiz page on a phone whose signal comes and goes."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.quiz.phones import (
    OpenPhone,
    attempt_of,
    begin,
    begin_kept,
    choose,
    forward,
    saved,
    standing,
    waiting,
)
from tests.quizzes.attempts.conftest import Desk
from tests.race.conftest import Server

pytestmark = pytest.mark.browser


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
    assert waiting(page) == 0


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


def test_an_answer_whose_confirmation_was_lost_is_no_strangers_answer(
    open_phone: OpenPhone, desk: Desk
) -> None:
    page = open_phone()
    begin(page)

    def swallow(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/jawaban", swallow)
    choose(page, 1)
    expect(page.locator(".save-state")).to_contain_text("Belum terkirim")
    page.unroute("**/jawaban")
    choose(page, 2)

    saved(page)
    expect(page.get_by_text("Jawaban yang lebih baru dari halaman atau HP lain")).to_be_hidden()
    assert standing(desk) == {"choice": ["2"]}
    assert [event.outcome for event in desk.events(attempt_of(desk))] == ["applied", "applied"]


def test_offline_in_the_middle_reloaded_and_back_nothing_is_lost(open_phone: OpenPhone, desk: Desk) -> None:
    page = open_phone()
    begin_kept(page)
    choose(page, 2)
    saved(page)
    page.context.set_offline(True)
    forward(page)
    choose(page, 1)
    expect(page.locator(".save-state")).to_contain_text("Belum terkirim")

    page.reload()

    expect(page.get_by_text("Soal 2 dari 5")).to_be_visible()
    expect(page.locator("#q2-choice-1")).to_be_checked()
    page.evaluate("location.hash = 'q1'")
    expect(page.locator("#q1-choice-2")).to_be_checked()
    expect(page.locator("#q1 [data-kept]")).to_contain_text("Tersimpan pukul")
    page.evaluate("location.hash = 'q3'")
    choose(page, 1)
    expect(page.locator("#q3 [data-kept]")).to_contain_text("Belum terkirim")
    page.context.set_offline(False)
    saved(page)
    page.evaluate("location.hash = 'periksa'")
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("dari 5 benar")
    assert [standing(desk, n) for n in (1, 2, 3, 4)] == [
        {"choice": ["2"]},
        {"choice": ["1"]},
        {"choice": ["true"]},
        None,
    ]
    assert waiting(page) == 0


def test_with_the_server_gone_the_page_comes_up_again_and_all_is_sent_later(
    open_phone: OpenPhone,
    desk: Desk,
    server: Server,
) -> None:
    page = open_phone()
    begin_kept(page)
    server.running.kill()
    choose(page, 3)
    expect(page.locator(".save-state")).to_contain_text("Belum terkirim")

    page.reload()

    expect(page.locator("#q1-choice-3")).to_be_checked()
    forward(page)
    choose(page, 2)
    server.running.start()
    page.reload()
    saved(page)
    assert [standing(desk, n) for n in (1, 2)] == [{"choice": ["3"]}, {"choice": ["2"]}]
    assert desk.events(attempt_of(desk))[0].origin == "queue"
