"""Every kind of page in both colours: no barrier axe can find, nothing wider than the smallest phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from lms.core.accounts.models import Role
from lms.core.clock import utc_now
from lms.core.db import db
from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.browser.conftest import House, context, house_in
from tests.security import world as worlds
from tests.security.world import World
from tests.servers import make_pass

pytestmark = pytest.mark.browser

LONG = (
    "Kelompok Pertanggungjawaban-Ketenagakerjaan Sukamajuberkelanjutansejahteraabadi "
    "Raden Ajeng Siti Nurhalimatussa'diyah Wulandari, S.Sos., M.Kesos."
)
NOT_A_PAGE = {
    "bank.rows",
    "asset_file",
    "health.healthz",
    "health.readyz",
    "badges.did",
    "badges.status_list",
    "badges.credential",
    "badges.own_credential",
    "badges.image",
    "offline.worker",
    "offline.keys",
    "offline.ended",
    "signing.certificate",
    "signing.crl",
    "attempts.clock",
    "attempts.token",
    "live.seats",
    "live.board",
    "polls.count",
    "polls.board",
    "poll.state",
    "accounts.open_reset",
    "answer_files.download",
    "question_pictures.show",
    "lesson_pictures.show",
    "service_worker",
}


@pytest.fixture(scope="module")
def settled(
    template_instance: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[House, World]]:
    """A served world of two branches; on side b every name is as long as it may get."""
    found: list[World] = []

    def furnish(app: Flask) -> None:
        found.append(worlds.build(app, marker=LONG))
        _make_beginners(app, found[0])

    with house_in(template_instance, tmp_path_factory.mktemp("pages"), furnish) as house:
        yield house, found[0]


def _make_beginners(app: Flask, world: World) -> None:
    """Add people who have nothing yet, for the empty pages."""
    session, now = db.session(), utc_now()
    branch = factories.make_branch(session)
    for role in (Role.ORGANISER, Role.TRAINER):
        user = factories.make_user(session, role, branch=branch)
        world.users[f"new {role.value}"] = user.id
    world.users["new trainee"] = factories.make_user(session).id
    factories.make_cohort(session, branch=branch)
    for person in ("new organiser", "new trainer", "new trainee"):
        world.tokens[person] = worlds.open_for(session, world.users[person], now)


def _enter(profile: BrowserContext, house: House, world: World, person: str) -> None:
    """Give a browser profile somebody's session."""
    if person == "anonymous":
        return
    name, _, value = make_pass(house.app, world.tokens[person]).cookie.partition("=")
    profile.add_cookies([{"name": name, "value": value, "url": house.url}])


def _addresses(house: House, world: World, side: str) -> list[str]:
    """Return every address that names things of a side."""
    found = []
    for rule in house.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in NOT_A_PAGE:
            continue
        values = world.params(rule.endpoint, set(rule.arguments), side)
        with house.app.test_request_context():
            path = rule.build(values, append_unknown=False)
        assert path is not None
        if not re.search(r"\.(pdf|csv|xlsx|yaml|zip)$", path[1]):
            found.append(path[1])
    return found


def check(page: Page, what: str) -> None:
    """Assert that a page, every fold open, keeps nobody out."""
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert_no_barrier(page, what)


def _visit(chromium: Browser, house: House, world: World, person: str, side: str, seen: set[str]) -> None:
    """Check every page of a person whose kind was not checked in this state before."""
    with context(chromium, locale="id-ID") as profile:
        _enter(profile, house, world, person)
        page = profile.new_page()
        for address in _addresses(house, world, side):
            response = page.goto(f"{house.url}{address}")
            assert response is not None
            title = re.sub(r"\d+", "", page.title())
            kind = f"{re.sub(r'[0-9]+', 'N', page.url)} {title}"
            if response.status in {200, 422} and kind not in seen:
                seen.add(kind)
                check(page, f"{address} as {person}")


def test_filled_pages(chromium: Browser, settled: tuple[House, World]) -> None:
    house, world = settled
    seen: set[str] = set()
    for person in ("anonymous", "trainee", "organiser", "trainer", "admin"):
        _visit(chromium, house, world, person, "a", seen)
    assert len(seen) > 40


def test_pages_with_long_text(chromium: Browser, settled: tuple[House, World]) -> None:
    house, world = settled
    seen: set[str] = set()
    for person in ("trainee_b", "organiser_b", "trainer_b", "admin"):
        _visit(chromium, house, world, person, "b", seen)
    assert len(seen) > 30


def test_empty_pages(chromium: Browser, settled: tuple[House, World]) -> None:
    house, world = settled
    addresses = {
        "new trainee": ["/", "/sertifikat", "/akun"],
        "new organiser": ["/", "/angkatan"],
        "admin": ["/pengguna?q=tidak-ada-sama-sekali", "/kantor?q=tidak-ada-sama-sekali"],
        "new trainer": ["/", "/soal?q=tidak-ada-sama-sekali", "/kuis?q=tidak-ada-sama-sekali"],
    }
    for person, paths in addresses.items():
        with context(chromium) as profile:
            _enter(profile, house, world, person)
            page = profile.new_page()
            for path in paths:
                page.goto(f"{house.url}{path}")
                check(page, f"{path} as {person}")
            if person == "new organiser":
                _check_empty_cohort(page, house)


def _check_empty_cohort(page: Page, house: House) -> None:
    page.goto(f"{house.url}/angkatan")
    link = page.locator("main a[href^='/angkatan/']").filter(has_not_text=re.compile("Angkatan baru")).first
    address = str(link.get_attribute("href"))
    for ending in ("", "/pantau", "/sertifikat", "/kuis"):
        page.goto(f"{house.url}{address.split('#', maxsplit=1)[0]}{ending}")
        check(page, f"empty {address}{ending}")


def test_pages_that_point_out_an_error(chromium: Browser, settled: tuple[House, World]) -> None:
    house, world = settled
    seen: set[str] = set()
    for person in ("anonymous", "trainee", "organiser", "trainer", "admin"):
        with context(chromium, java_script_enabled=True) as profile:
            _enter(profile, house, world, person)
            page = profile.new_page()
            for address in _addresses(house, world, "a"):
                page.goto(f"{house.url}{address}")
                if page.title() not in seen and _send_empty(page):
                    seen.add(page.title())
                    check(page, f"{address} with an error")
    assert len(seen) > 10


def _send_empty(page: Page) -> bool:
    """Empty the page's own form and send it; return whether an error page came back."""
    empty = (
        "document.querySelectorAll('main form[method=post]:not([action])').forEach(form => {"
        " form.noValidate = true;"
        " form.querySelectorAll('input:not([type=hidden]):not([type=radio]):not([type=checkbox]), textarea')"
        ".forEach(field => field.value = '') });"
        "document.querySelector('main form[method=post]:not([action])') !== null"
    )
    if not page.evaluate(empty):
        return False
    form = page.locator("main form[method=post]:not([action])").first
    if form.locator("input:not([type=hidden]), textarea").count() == 0:
        return False
    with page.expect_navigation() as navigation:
        form.evaluate("form => form.submit()")
    response = navigation.value
    return response is not None and response.status == 422


@pytest.mark.parametrize("address", ["/tidak-ada", "/v/0000-0000-0000-00000", "/k/tidak-ada", "/sandi"])
def test_pages_of_what_is_not_there(chromium: Browser, settled: tuple[House, World], address: str) -> None:
    house, _world = settled
    with context(chromium) as profile:
        page = profile.new_page()
        page.goto(f"{house.url}{address}")
        check(page, address)
