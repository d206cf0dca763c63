"""Words that would like to be markup run nothing and fetch nothing, on pages with their scripts running."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.browser.conftest import House, context, house_in
from tests.browser.test_pages import _addresses, _enter
from tests.security import world as worlds
from tests.security.hostile_words import spoil_words
from tests.security.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def spoiled(
    template_instance: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[House, World]]:
    """A served world of which all words are hostile."""
    found: list[World] = []

    def furnish(app: Flask) -> None:
        found.append(worlds.build(app))
        spoil_words()

    with house_in(template_instance, tmp_path_factory.mktemp("spoiled"), furnish) as house:
        yield house, found[0]


@pytest.mark.parametrize("person", ["trainee", "organiser", "trainer"])
def test_nothing_runs_and_nothing_is_fetched(
    chromium: Browser, spoiled: tuple[House, World], person: str
) -> None:
    house, world = spoiled
    dialogs, fetched, shown = list[str](), list[str](), 0
    with context(chromium) as profile:  # what the policy of the page forbids is an error in its console
        _enter(profile, house, world, person)
        page = profile.new_page()
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: fetched.append(request.url))
        for address in _addresses(house, world, "a"):
            page.goto(f"{house.url}{address}")
            shown += "onerror=zz" in page.locator("body").inner_text()
            assert page.locator("[onerror]").count() == 0, address
    assert dialogs == []
    assert [url for url in fetched if not url.startswith((house.url, "data:"))] == []
    assert [url for url in fetched if url.endswith("/zz")] == []
    assert shown > 10
