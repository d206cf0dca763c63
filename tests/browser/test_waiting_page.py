"""A hall that begins together, and a clock that speaks twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.core.db import begin_write
from quizzes.attempts.models import Attempt
from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.browser.conftest import context
from tests.browser.test_kinds_page import saved, sign_in
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.attempts.test_together import act
from tests.race.conftest import Server, server  # noqa: F401

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(session: Session) -> Desk:
    versions = [factories.make_question(session) for _ in range(2)]
    return make_desk(session, versions, shuffle_questions=False, shuffle_options=False, time_limit_minutes=30)


@pytest.fixture
def profile(chromium: Browser) -> Iterator[BrowserContext]:
    with context(chromium) as profile:
        yield profile


@pytest.fixture
def plain_profile(chromium: Browser) -> Iterator[BrowserContext]:
    with context(chromium, java_script_enabled=False) as profile:
        yield profile


def door(profile: BrowserContext, found: Server, desk: Desk) -> Page:
    """Return the page before the quiz."""
    cookies: list[dict[str, str]] = []
    sign_in(cookies, desk.enrolment.user_id, found)
    profile.add_cookies(cookies)  # type: ignore[arg-type]
    page = profile.new_page()
    page.goto(f"{found.running.url}/belajar/{desk.enrolment.id}/kuis/{desk.step.id}")
    return page


def begin(page: Page) -> None:
    """Begin, once the page that asks by itself has found the door open."""
    button = page.get_by_role("button", name="Mulai")
    expect(button).to_be_visible(timeout=15_000)
    button.click()
    page.wait_for_url("**/percobaan/*")


def test_a_hall_waits_and_begins_by_itself(
    profile: BrowserContext,
    plain_profile: BrowserContext,
    server: Server,  # noqa: F811
    desk: Desk,
) -> None:
    act(desk, "prepare")
    other = factories.make_enrolment(desk.session, cohort=desk.enrolment.cohort)
    page = door(profile, server, desk)
    plain = door(plain_profile, server, Desk(desk.session, other, desk.step, desk.now))
    for one in (page, plain):
        expect(one.get_by_role("heading", name="Mohon tunggu peserta lain")).to_be_visible()
        expect(one.get_by_role("button", name="Mulai")).to_have_count(0)
        assert one.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_no_barrier(page, "waiting")

    act(desk, "open")

    for one in (page, plain):
        begin(one)
        expect(one.locator("#q1")).to_be_visible()


def leave(desk: Desk, seconds: int) -> None:
    """Let the sitting end so many seconds from now."""
    begin_write(desk.session)
    desk.session.execute(update(Attempt).values(deadline_at=utc_now() + timedelta(seconds=seconds)))
    desk.session.commit()


def choose(page: Page, number: int) -> None:
    page.locator("#q1 .option label").nth(number - 1).click()


def await_said(page: Page, said: list[str]) -> None:
    page.wait_for_function("said => JSON.stringify(window.said) === JSON.stringify(said)", arg=said)


def test_the_clock_speaks_at_five_minutes_and_at_one_and_else_never(
    profile: BrowserContext,
    server: Server,  # noqa: F811
    desk: Desk,
) -> None:
    page = door(profile, server, desk)
    begin(page)
    page.evaluate(
        """() => {
          window.said = [];
          const box = document.querySelector("[data-spoken]");
          new MutationObserver(() => said.push(box.textContent)).observe(box, {childList: true});
        }"""
    )
    five, one = (page.locator("[data-clock]").get_attribute(f"data-{name}") or "" for name in ("five", "one"))
    choose(page, 1)
    saved(page)
    page.wait_for_timeout(1_500)
    await_said(page, [])

    leave(desk, 303)
    choose(page, 2)
    await_said(page, [five])
    choose(page, 3)
    saved(page)
    leave(desk, 63)
    choose(page, 1)

    await_said(page, [five, one])
    expect(page.locator("[data-clock]")).to_have_class("clock urgent")
