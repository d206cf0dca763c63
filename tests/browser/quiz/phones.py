"""What a person does at the quiz page, and what is found on the phone and at the server after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from quizzes.attempts.models import Attempt
from tests.quizzes.attempts.conftest import Desk
from tests.race.conftest import Server

OpenPhone = Callable[..., Page]


def address(server: Server) -> str:
    return server.running.url


def start_path(desk: Desk) -> str:
    return f"/belajar/{desk.enrolment.id}/kuis/{desk.step.id}"


def sign_in(context: BrowserContext, server: Server, desk: Desk) -> None:
    name, value = server.phone(desk.enrolment.user_id).holder.cookie.split("=", 1)
    context.add_cookies([{"name": name, "value": value, "url": address(server)}])


def begin(page: Page) -> str:
    """Start and return the address of the paper."""
    page.get_by_role("button", name="Mulai").click()
    expect(page.get_by_text("Soal 1 dari 5")).to_be_visible()
    return page.url


def choose(page: Page, number: int = 1) -> None:
    page.locator(".question:visible .option label").nth(number - 1).click()


def forward(page: Page) -> None:
    page.get_by_role("button", name="Lanjut").click()


def number_field(page: Page) -> Any:
    page.evaluate("location.hash = 'q4'")
    return page.get_by_label("Jawaban Anda")


def saved(page: Page) -> None:
    expect(page.locator(".save-state")).to_contain_text("Tersimpan pukul", timeout=15000)


def waiting(page: Page) -> int:
    """Return how many answers on this phone were not sent yet, of everybody who used it."""
    count: int = page.evaluate(
        """Object.keys(localStorage).filter((key) => key.startsWith("quiz:"))
        .flatMap((key) => JSON.parse(localStorage[key])).filter((entry) => !entry.sent).length"""
    )
    return count


def attempt_of(desk: Desk) -> Attempt:
    desk.session.rollback()
    return desk.session.scalars(select(Attempt).where(Attempt.enrolment_id == desk.enrolment.id)).one()


def standing(desk: Desk, position: int = 1) -> object:
    attempt = attempt_of(desk)
    response = desk.standing(attempt, position)
    return response.raw if response else None


def controlled(page: Page) -> None:
    """Wait until pages are kept on this phone."""
    page.evaluate(
        """async () => {
          const worker = navigator.serviceWorker;
          await worker.ready;
          if (!worker.controller) await new Promise((done) => { worker.oncontrollerchange = done; });
        }"""
    )


def kept(page: Page) -> list[str]:
    """Return the paths of the pages kept on this phone, whoever's they are."""
    paths: list[str] = page.evaluate(
        """async () => {
          const names = (await caches.keys()).filter((name) => name.startsWith("orang-"));
          const found = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
          return found.flat().map((request) => new URL(request.url).pathname).sort();
        }"""
    )
    return paths


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def await_kept(page: Page, url: str) -> None:
    """Wait until the page at ``url`` is on this phone."""
    for _ in range(50):
        if path_of(url) in kept(page):
            return
        page.wait_for_timeout(100)
    raise AssertionError(kept(page))


def begin_kept(page: Page) -> str:
    """Begin with the script that keeps pages at work, wait until this one is kept, and return its address."""
    controlled(page)
    url = begin(page)
    await_kept(page, url)
    return url
