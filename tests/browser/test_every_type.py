"""Thirty questions of every type on one paper: by keyboard, without scripts, on the smallest phone."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.core.db import begin_write
from quizzes.attempts.models import Attempt
from quizzes.bank.cases import CASE
from quizzes.bank.models import QuestionPicture, QuizSlot
from quizzes.types import TYPES, get_type
from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.browser.conftest import context
from tests.browser.test_kinds_page import _begun, sign_in
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.race.conftest import Server, server  # noqa: F401

pytestmark = pytest.mark.browser

COUNT = 30
SMALL = {"width": 320, "height": 640}
NAMES = """field => [...new Set(
  ["input", "select", "textarea"].flatMap((name) => [...document.querySelectorAll(`${field} ${name}`)])
    .filter((one) => one.checkVisibility() && !/-flag$|-file$/.test(one.name)).map((one) => one.name)
)]"""
"""What of a question can be answered, by name."""
TOO_WIDE = """() => [document.documentElement.scrollWidth, [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.firstElementChild)
  .slice(0, 3).map((one) => one.outerHTML.slice(0, 90))]"""


@pytest.fixture
def desk(session: Session) -> Desk:
    _keep_picture(session)
    versions = [
        factories.make_question(session, kind.key, source=dict(example.source))
        for kind in TYPES
        if kind.key != CASE
        for example in kind.examples()
    ]
    more = [factories.make_question(session) for _ in range(COUNT - len(versions))]
    desk = make_desk(session, (versions + more)[:COUNT], shuffle_questions=False, shuffle_options=False)
    _put_into_a_case(session)
    return desk


def _put_into_a_case(session: Session) -> None:
    """Make the last two questions those of a case: its story stands above them."""
    case = factories.make_question(session, CASE)
    places = select(QuizSlot.id).order_by(QuizSlot.position.desc()).limit(2)
    begin_write(session)
    session.execute(update(QuizSlot).where(QuizSlot.id.in_(places)).values(case_version_id=case.id))
    session.commit()


def _keep_picture(session: Session) -> None:
    """Keep the picture the examples name."""
    body = io.BytesIO()
    Image.new("RGB", (600, 400), "beige").save(body, "PNG")
    begin_write(session)
    picture = QuestionPicture(
        sha256="0" * 64,
        media_type="image/png",
        width=600,
        height=400,
        body=body.getvalue(),
        kept_at=utc_now(),
    )
    session.add(picture)
    session.commit()


@pytest.fixture
def page(chromium: Browser, server: Server, desk: Desk) -> Iterator[Page]:  # noqa: F811
    """The paper, just begun, on the smallest phone."""
    with context(chromium, viewport=SMALL) as profile:
        yield _begun(profile, server, desk)


@pytest.fixture
def plain_page(chromium: Browser, server: Server, desk: Desk) -> Iterator[Page]:  # noqa: F811
    """The same without scripts."""
    with context(chromium, viewport=SMALL, java_script_enabled=False) as profile:
        yield _begun(profile, server, desk)


def attempt_of(desk: Desk) -> Attempt:
    desk.session.rollback()
    return desk.session.scalars(select(Attempt).where(Attempt.enrolment_id == desk.enrolment.id)).one()


def kinds_of(desk: Desk) -> list[str]:
    return [item.question_version.type for item in desk.items(attempt_of(desk))]


def assert_all_answered(desk: Desk) -> None:
    items = desk.items(attempt_of(desk))
    without = [
        (item.position, item.question_version.type)
        for item in items
        if not (item.response and item.response.answer)
    ]
    assert len(items) == COUNT
    assert without == []


def tab_to(page: Page, selector: str, *, most: int = 60) -> None:
    """Press Tab until what matches has the focus, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}: {page.url}")


def answer_by_keys(page: Page, position: int) -> None:
    """Answer the open question: whatever it is made of, each part once."""
    field = f"#q{position}"
    if page.locator(f"{field} .order [data-step]").count():
        tab_to(page, f"{field} [data-step]:not([aria-disabled=true])")
        page.keyboard.press("Enter")
        return
    if page.locator(f"{field} [data-move]").count():
        tab_to(page, f"{field} [data-move]")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        return
    names = page.evaluate(NAMES, field)
    for name in names:
        tab_to(page, f"{field} [name='{name}']")
        shape = page.evaluate("document.activeElement.type || ''")
        if shape in ("radio", "checkbox"):
            page.keyboard.press("Space")
        elif shape.startswith("select"):
            page.keyboard.press("ArrowDown")
        else:
            page.keyboard.type(
                "2" if page.evaluate("document.activeElement.inputMode === 'decimal'") else "Kejaksaan"
            )


def test_by_keyboard_alone(page: Page, desk: Desk) -> None:
    for position in range(1, COUNT + 1):
        expect(page.locator(f"#q{position}")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"], position
        answer_by_keys(page, position)
        tab_to(page, "[data-next]")
        page.keyboard.press("Enter")
    expect(page.get_by_text("Semua soal sudah dijawab.")).to_be_visible()
    tab_to(page, "button[form=send]")
    page.keyboard.press("Enter")

    page.wait_for_url("**/hasil")
    assert_all_answered(desk)


def fill_plainly(page: Page, desk: Desk, *, unreadable: bool = False) -> None:
    """Fill the whole paper rightly, or with what cannot be read where there is such a thing."""
    for item in desk.items(attempt_of(desk)):
        kind, content = get_type(item.question_version.type), item.question_version.content
        raw: Any = kind.solve(content, item.prepared)
        for name, values in raw.items():
            fields = page.locator(f"[name='q{item.position}-{name}']")
            shape = fields.first.evaluate("one => one.type")
            if shape in ("radio", "checkbox"):
                for value in values:
                    _choose(page, f"[name='q{item.position}-{name}'][value='{value}']")
            elif shape.startswith("select"):
                fields.select_option("1" if unreadable and name.startswith("place-") else values)
            else:
                is_number = fields.evaluate("one => one.inputMode") == "decimal"
                fields.fill("5,000.00" if unreadable and is_number else values[0])


def _choose(page: Page, selector: str) -> None:
    """Choose by the label, as a finger does; what is chosen stays so."""
    if not page.locator(selector).is_checked():
        page.locator(f"label[for='{page.locator(selector).get_attribute('id')}']").click()


def test_without_scripts_and_nothing_keeps_anybody_out(
    chromium: Browser,
    plain_page: Page,
    desk: Desk,
    server: Server,  # noqa: F811
) -> None:
    page, address = plain_page, plain_page.url
    with context(chromium, viewport=SMALL) as profile:
        seen = _seen_plainly(profile, server, desk)
        _assert_open(seen, address, "all types")

        fill_plainly(page, desk, unreadable=True)
        page.get_by_role("button", name="Simpan", exact=True).click()
        unread = set(re.findall(r"Soal (\d+)", page.locator(".error-summary").inner_text()))
        said = {kind for number, kind in enumerate(kinds_of(desk), 1) if str(number) in unread}
        assert said >= {"number", "calculated", "ordering", "cloze"}
        _assert_open(seen, address, "all types with errors")

        fill_plainly(page, desk)
        page.get_by_role("button", name="Periksa dan kirim").click()
        page.get_by_role("button", name="Kirim jawaban").click()
        page.wait_for_url("**/hasil")
        assert_all_answered(desk)
        assert attempt_of(desk).state == "submitted"
        _assert_open(seen, page.url, "result of all types")


def _seen_plainly(profile: BrowserContext, found: Server, desk: Desk) -> Page:
    """Return a page whose scripts never arrive: axe needs those of the browser, the paper none."""
    cookies: list[Any] = []
    sign_in(cookies, desk.enrolment.user_id, found)
    profile.add_cookies(cookies)
    page = profile.new_page()
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    return page


def _assert_open(page: Page, address: str, what: str) -> None:
    page.goto(address)
    assert_no_barrier(page, what, widths=(320,))


def test_letters_of_twice_the_size_fit_the_smallest_phone(page: Page) -> None:
    wide = []
    for position in range(1, COUNT + 1):
        page.evaluate("position => { location.hash = `q${position}`; }", position)
        expect(page.locator(f"#q{position}")).to_be_visible()
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        found = page.evaluate(TOO_WIDE)
        if found[0] > SMALL["width"]:
            wide.append((position, *found))
    assert wide == []
