"""Marking by keyboard alone and without a script; what follows of a decision fits a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.barriers import WIDTHS, assert_no_barrier
from tests.browser.conftest import House, context, house_in
from tests.security import world as worlds
from tests.security.world import World
from tests.servers import make_pass

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def settled(
    template_instance: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[House, World]]:
    """A served world in which an essay waits and a question is reported."""
    found: list[World] = []

    def furnish(app: Flask) -> None:
        found.append(worlds.build(app))

    with house_in(template_instance, tmp_path_factory.mktemp("marking"), furnish) as house:
        yield house, found[0]


def enter(profile: BrowserContext, house: House, world: World, person: str) -> None:
    """Give a browser profile somebody's session."""
    name, _, value = make_pass(house.app, world.tokens[person]).cookie.partition("=")
    profile.add_cookies([{"name": name, "value": value, "url": house.url}])


def test_a_decision_is_looked_at_and_taken_on_a_phone(
    chromium: Browser, settled: tuple[House, World]
) -> None:
    house, world = settled
    cohort, question = (world.objects[name]["a"] for name in ("cohort_id", "results.question:question_id"))
    with context(chromium, java_script_enabled=True) as profile:
        enter(profile, house, world, "trainer")
        page = profile.new_page()
        page.goto(f"{house.url}/angkatan/{cohort}/soal")
        assert_no_barrier(page, "questions of a cohort", widths=WIDTHS)
        page.goto(f"{house.url}/angkatan/{cohort}/soal/{question}")
        assert_no_barrier(page, "one question", widths=WIDTHS)
        page.get_by_label("Tidak dihitung: nilai diambil dari soal-soal lainnya").check()
        page.get_by_role("button", name="Lihat akibatnya").click()
        assert_no_barrier(page, "what follows", widths=WIDTHS)
        page.get_by_label("Alasan, dapat dibaca peserta").fill("Kunci soal ini keliru.")
        page.get_by_role("button", name="Putuskan begini").click()
        page.get_by_text("Keputusan berlaku.").wait_for()
        assert_no_barrier(page, "a question that was decided", widths=WIDTHS)


def test_marking_needs_no_script_and_no_mouse(chromium: Browser, settled: tuple[House, World]) -> None:
    house, world = settled
    with context(chromium, java_script_enabled=False) as profile:
        enter(profile, house, world, "trainer")
        page = profile.new_page()
        page.goto(f"{house.url}/nilai")
        page.locator("main .card a").first.focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Menilai jawaban").wait_for()
        # The keyboard begins at the answer: next is how it is marked, then the levels.
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.type("Alasannya tepat.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text("Sudah dinilai.").wait_for()
        expect(page.get_by_text("Tidak ada jawaban yang menunggu Anda.")).to_be_visible()


def test_a_mark_is_corrected_and_a_key_put_right_on_a_phone(
    chromium: Browser, settled: tuple[House, World]
) -> None:
    house, world = settled
    item = world.objects["marking.correction:item_id"]["a"]
    cohort, question, version = (
        world.objects[name]["a"]
        for name in ("cohort_id", "results.question:question_id", "results.regrade_foresight:version_id")
    )
    with context(chromium, java_script_enabled=True) as profile:
        enter(profile, house, world, "trainer")
        page = profile.new_page()
        page.goto(f"{house.url}/nilai/{item}")
        if page.get_by_role("radio").count():  # the test before may have marked it
            page.get_by_role("radio").first.check()
            page.get_by_role("button", name="Simpan dan lanjut").click()
            page.get_by_text("Sudah dinilai.").wait_for()
        page.goto(f"{house.url}/nilai/{item}/ubah")
        page.get_by_role("radio").last.check()
        page.get_by_label("Mengapa diperbaiki").fill("Satu alasan terlewat.")
        page.get_by_role("button", name="Perbaiki nilai").click()
        page.get_by_text("Diperbaiki. Hasil kuis").wait_for()
        page.wait_for_load_state()
        assert_no_barrier(page, "a mark with its history", widths=WIDTHS)
        page.goto(f"{house.url}/angkatan/{cohort}/soal/{question}/nilai-ulang/{version}")
        assert_no_barrier(page, "what marking anew would bring", widths=WIDTHS)
