"""The question form with its script, when the session ends or the line is gone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role, UserSession
from lms.core.clock import utc_now
from lms.core.db import begin_write
from tests import factories
from tests.browser.conftest import context
from tests.race.conftest import Server, server  # noqa: F401

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser, server: Server, session: Session) -> Iterator[Page]:  # noqa: F811
    """The form of a new question, opened by a trainer."""
    trainer = factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session))
    name, value = server.phone(trainer.id).holder.cookie.split("=", 1)
    begin_write(session)
    session.execute(update(UserSession).values(second_factor_at=utc_now()))
    session.commit()
    url = server.running.url
    with context(chromium, viewport={"width": 1280, "height": 800}) as profile:
        profile.add_cookies([{"name": name, "value": value, "url": url}])
        page = profile.new_page()
        page.goto(f"{url}/soal/baru?jenis=single_choice")
        yield page


def test_a_row_is_added_and_said(page: Page) -> None:
    count = page.locator("[data-row]").count()

    page.locator("button[value=row-add]").click()

    expect(page.locator("[data-row]")).to_have_count(count + 1)
    expect(page.locator("[data-said]")).not_to_be_empty()


def test_signed_out_nothing_is_said_to_be_done(page: Page, session: Session) -> None:
    begin_write(session)
    session.execute(delete(UserSession))
    session.commit()

    page.locator("button[value=row-add]").click()

    page.wait_for_url("**/masuk**")
    expect(page.locator("input[name=password]")).to_be_visible()


def test_without_a_line_the_form_goes_as_without_the_script(page: Page) -> None:
    count = page.locator("[data-row]").count()
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")

    with page.expect_navigation():
        page.locator("button[value=row-add]").click()

    expect(page.locator("[data-row]")).to_have_count(count + 1)
