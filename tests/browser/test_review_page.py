"""A review by keyboard alone: found on the desk, remarked on, sent back, answered, found right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from lms.core.accounts.models import Branch, Role, User, UserSession
from lms.core.clock import utc_now
from lms.core.db import begin_write
from quizzes.bank.models import Question, QuestionVersion
from quizzes.types import get_type
from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.browser.conftest import context
from tests.browser.test_every_type import tab_to
from tests.race.conftest import Server, server  # noqa: F401

pytestmark = pytest.mark.browser

Sit = Callable[..., Page]


@pytest.fixture
def branch(session: Session) -> Branch:
    return factories.make_branch(session)


@pytest.fixture
def sit(chromium: Browser, server: Server, session: Session) -> Iterator[Sit]:  # noqa: F811
    """Return a function that seats somebody before a page."""
    open_ones = []

    def _sit(user: User, path: str, **options: Any) -> Page:
        name, value = server.phone(user.id).holder.cookie.split("=", 1)
        begin_write(session)
        session.execute(update(UserSession).values(second_factor_at=utc_now()))
        session.commit()
        profile = context(chromium, **({"viewport": {"width": 1280, "height": 800}} | options))
        open_ones.append(profile)
        within = profile.__enter__()
        within.add_cookies([{"name": name, "value": value, "url": server.running.url}])
        page = within.new_page()
        page.goto(f"{server.running.url}{path}")
        return page

    yield _sit
    for profile in open_ones:
        profile.__exit__(None, None, None)


def waiting(session: Session, branch: Branch, author: User) -> int:
    """Return a question of the author that waits for a colleague."""
    source = dict(get_type("single_choice").examples()[0].source) | {"stem": "Apa bentuk hukum BPJS?"}
    version = factories.make_question(session, source=source)
    begin_write(session)
    theirs = {"branch_id": branch.id, "status": "review", "created_by_id": author.id}
    session.execute(update(Question).where(Question.id == version.question_id).values(theirs))
    made = {"created_by_id": author.id}
    session.execute(update(QuestionVersion).where(QuestionVersion.id == version.id).values(made))
    session.commit()
    return version.question_id


def press(page: Page, selector: str, *, goes: bool = True) -> None:
    """Reach something by Tab and press Enter on it."""
    tab_to(page, selector, most=120)
    if not goes:
        page.keyboard.press("Enter")
        return
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "plain forms"])
def test_a_question_is_reviewed_sent_back_answered_and_found_right_by_keyboard_alone(
    sit: Sit, session: Session, branch: Branch, has_script: bool
) -> None:
    author = factories.make_user(session, Role.TRAINER, branch=branch, name="Bu Wati")
    colleague = factories.make_user(session, Role.TRAINER, branch=branch, name="Pak Joko")
    question_id = waiting(session, branch, author)
    desk = sit(colleague, "/", java_script_enabled=True)

    press(desk, "main a[href='/soal/telaah']")
    press(desk, f"main a[href='/soal/{question_id}/telaah']")
    press(desk, "li.line:first-child summary", goes=False)
    tab_to(desk, "#text-1")
    desk.keyboard.type("Pertanyaannya terlalu panjang.")
    press(desk, "li.line:first-child button")
    expect(desk.locator("li.line:first-child .remark")).to_contain_text("Pertanyaannya terlalu panjang.")
    press(desk, "button[value=sent_back]")
    expect(desk.locator(".error-summary")).to_contain_text("Tuliskan kepada penulis")
    assert_no_barrier(desk, "a verdict without a reason", widths=(360, 1280))
    tab_to(desk, "#reason")
    desk.keyboard.type("Pendekkan pertanyaannya.")
    press(desk, "button[value=sent_back]")
    expect(desk.locator("main")).to_contain_text("Tidak ada yang menunggu Anda.")

    seat = sit(author, "/soal/telaah", java_script_enabled=has_script)
    expect(seat.locator("main")).to_contain_text("Pendekkan pertanyaannya.")
    press(seat, f"main a[href='/soal/{question_id}/telaah']")
    press(seat, ".remark summary", goes=False)
    tab_to(seat, ".remark textarea")
    seat.keyboard.type("Sudah saya pendekkan.")
    press(seat, ".remark button")
    expect(seat.locator(".remark.done")).to_contain_text("Sudah saya pendekkan.")
    seat.goto(seat.url.split("/soal/")[0] + f"/soal/{question_id}")
    press(seat, "section:has(#state) form:has([value=review]) button")
    if has_script:
        seat.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        assert_no_barrier(seat, "a question in review", widths=(320, 1280))

    desk.goto(desk.url.split("/soal/")[0] + f"/soal/{question_id}/telaah")
    desk.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert_no_barrier(desk, "a review", widths=(320, 1280))
    desk.reload()
    press(desk, "button[value=ready]")
    session.rollback()
    assert session.get_one(Question, question_id).status == "ready"
