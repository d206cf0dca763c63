"""One sitting on two phones or in two tabs: the newer answer stands, and the older page learns of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.browser.quiz.phones import OpenPhone, attempt_of, begin, choose, path_of, saved, standing
from tests.quizzes.attempts.conftest import Desk

pytestmark = pytest.mark.browser


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


def test_answers_without_signal_never_overwrite_those_of_another_phone(
    open_phone: OpenPhone, desk: Desk
) -> None:
    first = open_phone()
    url = begin(first)
    first.context.set_offline(True)
    choose(first, 1)
    expect(first.locator(".save-state")).to_contain_text("Belum terkirim")
    second = open_phone(path_of(url))
    choose(second, 3)
    saved(second)
    choose(first, 2)
    first.wait_for_timeout(600)

    first.context.set_offline(False)

    expect(first.get_by_text("Jawaban yang lebih baru dari halaman atau HP lain")).to_be_visible()
    expect(first.locator("#q1-choice-3")).to_be_checked()
    assert standing(desk) == {"choice": ["3"]}
    said = [(event.raw, event.outcome) for event in desk.events(attempt_of(desk))]
    assert said == [
        ({"choice": ["3"]}, "applied"),
        ({"choice": ["1"]}, "superseded"),
        ({"choice": ["2"]}, "superseded"),
    ]


def test_two_tabs_know_of_each_other_and_show_the_same_answers(open_phone: OpenPhone, desk: Desk) -> None:
    first = open_phone()
    url = begin(first)
    second = first.context.new_page()
    second.goto(url)
    expect(first.locator("[data-tab]")).to_be_visible()
    expect(second.locator("[data-tab]")).to_be_visible()

    choose(second, 3)

    saved(second)
    expect(first.locator("#q1-choice-3")).to_be_checked()
    choose(first, 1)
    saved(first)
    expect(second.locator("#q1-choice-1")).to_be_checked()
    assert standing(desk) == {"choice": ["1"]}


def test_what_another_tab_sent_while_the_person_chose_does_not_take_the_choice_back(
    open_phone: OpenPhone, desk: Desk
) -> None:
    first = open_phone()
    url = begin(first)
    second = first.context.new_page()
    second.goto(url)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    second.route("**/percobaan/**", hold)
    choose(second, 3)
    expect(first.locator("#q1-choice-3")).to_be_checked()

    with first.expect_response(lambda response: response.request.method == "POST"):
        choose(first, 1)
        held[0].continue_()
        saved(second)

    expect(second.locator("#q1-choice-1")).to_be_checked()
    expect(first.locator("#q1-choice-1")).to_be_checked()
    assert standing(desk) == {"choice": ["1"]}
