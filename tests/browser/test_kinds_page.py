"""Lines to match, to order and to complete: with fingers, keys and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role, UserSession
from lms.core.clock import utc_now
from lms.core.db import begin_write
from quizzes.attempts.models import Attempt
from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.browser.conftest import context
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.race.conftest import Server, server  # noqa: F401

pytestmark = pytest.mark.browser

KINDS = ("ordering", "matching", "short_answer", "cloze")


@pytest.fixture
def desk(session: Session) -> Desk:
    versions = [factories.make_question(session, kind) for kind in KINDS]
    return make_desk(session, versions, shuffle_questions=False, shuffle_options=False)


def sign_in(profile_cookies: list[dict[str, str]], user_id: int, found: Server) -> None:
    name, value = found.phone(user_id).holder.cookie.split("=", 1)
    profile_cookies.append({"name": name, "value": value, "url": found.running.url})


@pytest.fixture
def page(chromium: Browser, server: Server, desk: Desk) -> Iterator[Page]:  # noqa: F811
    """The paper, just begun."""
    with context(chromium) as profile:
        yield _begun(profile, server, desk)


@pytest.fixture
def plain_page(chromium: Browser, server: Server, desk: Desk) -> Iterator[Page]:  # noqa: F811
    """The same without scripts."""
    with context(chromium, java_script_enabled=False) as profile:
        yield _begun(profile, server, desk)


def _begun(profile: object, found: Server, desk: Desk) -> Page:
    cookies: list[dict[str, str]] = []
    sign_in(cookies, desk.enrolment.user_id, found)
    profile.add_cookies(cookies)  # type: ignore[attr-defined]
    page: Page = profile.new_page()  # type: ignore[attr-defined]
    page.goto(f"{found.running.url}/belajar/{desk.enrolment.id}/kuis/{desk.step.id}")
    page.get_by_role("button", name="Mulai").click()
    page.wait_for_url("**/percobaan/*")
    return page


def saved(page: Page) -> None:
    expect(page.locator(".save-state")).to_contain_text("Tersimpan pukul", timeout=15000)


def standing(desk: Desk, position: int) -> object:
    desk.session.rollback()
    attempt = desk.session.scalars(select(Attempt).where(Attempt.enrolment_id == desk.enrolment.id)).one()
    response = desk.standing(attempt, position)
    return response and (response.raw, response.format_error)


def lines(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("#q1 .order label").all_inner_texts()]


def line(page: Page, text: str) -> Locator:
    return page.locator("#q1 .order li", has_text=text)


def test_a_line_is_moved_by_its_buttons_and_that_is_said(page: Page, desk: Desk) -> None:
    assert lines(page) == ["Isi formulir", "Melapor kecelakaan", "Serahkan berkas", "Terima keputusan"]

    line(page, "Isi formulir").get_by_role("button", name="Turun").click()

    assert lines(page)[:2] == ["Melapor kecelakaan", "Isi formulir"]
    expect(page.locator("#q1 [data-said]")).to_have_text("Isi formulir: urutan 2 dari 4")
    saved(page)
    order = {"place-1": ["2"], "place-2": ["1"], "place-3": ["3"], "place-4": ["4"]}
    assert standing(desk, 1) == (order, "")


def test_a_line_is_moved_by_keys_and_keeps_the_focus(page: Page) -> None:
    button = line(page, "Terima keputusan").get_by_role("button", name="Naik")
    button.focus()

    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")

    assert lines(page)[1] == "Terima keputusan"
    expect(button).to_be_focused()


def test_a_line_is_dragged(page: Page, desk: Desk) -> None:
    grip = line(page, "Terima keputusan").locator("[data-grip]").bounding_box()
    top = line(page, "Isi formulir").bounding_box()
    assert grip
    assert top

    page.mouse.move(grip["x"] + 10, grip["y"] + 20)
    page.mouse.down()
    for step in range(1, 21):
        page.mouse.move(grip["x"] + 10, grip["y"] + 20 + (top["y"] - grip["y"] - 20) * step / 20)
    page.mouse.up()

    assert lines(page)[0] == "Terima keputusan"
    saved(page)
    assert standing(desk, 1)[0]["place-4"] == ["1"]  # type: ignore[index]


def test_an_order_that_seems_right_is_an_answer_too(page: Page, desk: Desk) -> None:
    page.get_by_role("button", name="Urutan ini sudah benar").click()

    saved(page)
    assert standing(desk, 1)[0]["place-1"] == ["1"]  # type: ignore[index]
    expect(page.locator("#q1 .order-keep")).to_be_hidden()


def test_the_order_comes_back_with_the_page(page: Page) -> None:
    line(page, "Isi formulir").get_by_role("button", name="Turun").click()
    saved(page)

    page.reload()

    expect(page.locator("#q1 .order label").first).to_have_text("Melapor kecelakaan")
    expect(page.locator("#q1 [data-no]").first).to_have_text("1")


def test_without_scripts_places_are_chosen_and_none_twice(plain_page: Page, desk: Desk) -> None:
    page = plain_page
    for number in (1, 2):
        page.locator(f"#q1-place-{number}").select_option("1")
    page.locator("#q2-pair-1").select_option("1")
    page.locator("#q3-value").fill("kejaksaan")
    page.locator("#q4-gap-1").fill("2")
    page.get_by_role("button", name="Simpan", exact=True).click()

    expect(page.locator("#q1-error")).to_contain_text("Urutan 1 dipakai dua kali.")
    expect(page.locator("#q2-pair-1")).to_have_value("1")
    assert standing(desk, 3) == ({"value": ["kejaksaan"]}, "")
    assert standing(desk, 4) == ({"gap-1": ["2"]}, "")


@pytest.mark.parametrize("position", [1, 2, 3, 4])
def test_the_open_question_keeps_nobody_out(page: Page, position: int) -> None:
    page.goto(f"{page.url.partition('#')[0]}#q{position}")
    expect(page.locator(f"#q{position}")).to_be_visible()

    assert_no_barrier(page, KINDS[position - 1])


def test_the_result_keeps_nobody_out(page: Page, desk: Desk) -> None:
    line(page, "Isi formulir").get_by_role("button", name="Turun").click()
    saved(page)
    desk.session.rollback()
    attempt = desk.session.scalars(select(Attempt).where(Attempt.enrolment_id == desk.enrolment.id)).one()
    desk.submit(attempt)

    page.goto(f"{page.url.partition('#')[0]}/hasil")

    expect(page.get_by_text("4 dari 4 baris ada di tempatnya.")).to_be_visible()
    assert_no_barrier(page, "result")


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_of_an_author_keeps_nobody_out(
    chromium: Browser,
    server: Server,  # noqa: F811
    session: Session,
    kind: str,
) -> None:
    trainer = factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session))
    cookies: list[dict[str, str]] = []
    sign_in(cookies, trainer.id, server)
    begin_write(session)
    session.execute(update(UserSession).values(second_factor_at=utc_now()))
    session.commit()
    with context(chromium) as profile:
        profile.add_cookies(cookies)  # type: ignore[arg-type]
        page = profile.new_page()
        page.goto(f"{server.running.url}/soal/baru?jenis={kind}")

        assert_no_barrier(page, kind, widths=(320, 1280))


def matching(page: Page) -> None:
    page.goto(f"{page.url.partition('#')[0]}#q2")
    expect(page.locator("#q2")).to_be_visible()


def test_an_answer_is_dragged_to_its_line(page: Page, desk: Desk) -> None:
    matching(page)
    page.locator("#q2 .match-row").first.scroll_into_view_if_needed()
    grip = page.locator("#q2 [data-choice='2'] [data-grip]").bounding_box()
    row = page.locator("#q2 .match-row").first.bounding_box()
    assert grip
    assert row

    page.mouse.move(grip["x"] + 10, grip["y"] + 10)
    page.mouse.down()
    page.mouse.move(row["x"] + 30, row["y"] + row["height"] / 2, steps=8)
    expect(page.locator("#q2 .match-row").first).to_have_class("match-row under")
    page.mouse.up()

    expect(page.locator("#q2-pair-1")).to_have_value("2")
    saved(page)
    assert standing(desk, 2) == ({"pair-1": ["2"]}, "")


def test_an_answer_is_picked_up_and_put_down_by_buttons_and_keys(page: Page, desk: Desk) -> None:
    matching(page)
    page.locator("#q2 [data-choice='3'] [data-pick]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#q2 [data-said]")).to_have_text("C diambil. Taruh di barisnya.")
    page.keyboard.press("Escape")
    expect(page.locator("#q2 [data-put]").first).to_be_hidden()
    page.keyboard.press("Enter")
    page.locator("#q2 [data-put]").nth(1).focus()

    page.keyboard.press("Enter")

    expect(page.locator("#q2-pair-2")).to_be_focused()
    expect(page.locator("#q2-pair-2")).to_have_value("3")
    expect(page.locator("#q2 [data-said]")).to_contain_text("C dipasangkan dengan: ")
    saved(page)
    assert standing(desk, 2) == ({"pair-2": ["3"]}, "")
