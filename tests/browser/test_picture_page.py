"""A place on a picture whose areas nobody sees: tapped, moved to by keys, chosen from the list."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from quizzes.types import get_type
from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.browser.conftest import context
from tests.browser.test_every_type import _keep_picture, attempt_of
from tests.browser.test_kinds_page import _begun, saved, standing
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.race.conftest import Server, server  # noqa: F401

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(session: Session) -> Desk:
    _keep_picture(session)
    source = dict(get_type("hotspot").examples()[1].source)
    versions = [factories.make_question(session, "hotspot", source=source), factories.make_question(session)]
    return make_desk(session, versions, shuffle_questions=False, shuffle_options=False)


@pytest.fixture
def page(chromium: Browser, server: Server, desk: Desk) -> Iterator[Page]:  # noqa: F811
    """The paper, just begun."""
    with context(chromium) as profile:
        yield _begun(profile, server, desk)


def show(page: Page, name: str) -> None:
    """Keep a picture where whoever runs the test asks for one."""
    if folder := os.environ.get("LMS_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_point_is_tapped_moved_by_keys_or_a_place_is_chosen_from_the_list(page: Page, desk: Desk) -> None:
    box = page.locator("#q1 .pins").bounding_box()
    assert box
    expect(page.locator("#q1 [data-list]")).not_to_have_attribute("open", "")

    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)

    saved(page)
    assert standing(desk, 1) == ({"at": ["300 100"]}, "")
    expect(page.locator("#q1 [data-said]")).to_have_text("Ditandai: 50% dari kiri, 25% dari atas.")
    show(page, "hotspot-360")
    assert_no_barrier(page, "picture")

    page.locator("#q1 [data-move]").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(600)
    saved(page)
    assert standing(desk, 1) == ({"at": ["281 81"]}, "")

    page.reload()
    expect(page.locator("#q1 [data-cross]")).to_have_attribute("transform", "translate(281 81)")
    page.locator("#q1 [data-list] summary").click()
    page.locator("#q1 .option label").first.click()
    expect(page.locator("#q1 [data-cross]")).to_have_attribute("visibility", "hidden")
    page.wait_for_timeout(600)
    saved(page)
    assert standing(desk, 1) == ({"choice": ["1"]}, "")


def test_the_result_shows_the_areas_and_the_mark(page: Page, desk: Desk) -> None:
    box = page.locator("#q1 .pins").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 4)
    saved(page)
    address = page.url.partition("#")[0]
    desk.submit(attempt_of(desk))

    page.goto(f"{address}/hasil")

    expect(page.locator(".region.right")).to_have_count(1)
    expect(page.locator(".region.wrong")).to_have_count(1)
    show(page, "hotspot-result-360")
    assert_no_barrier(page, "result")
