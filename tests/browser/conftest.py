"""Debian's Chromium, a real server behind it, and the words of the interface in the language under test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from babel.support import Translations
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from courses.catalogue.folder import read_folder
from courses.catalogue.services import load_course
from courses.facts.book import load_book
from lms.core.accounts.models import Role
from lms.core.accounts.passwords import hash_password
from lms.core.accounts.second_factor import enrol_second_factor
from lms.core.accounts.totp import code_at
from lms.core.accounts.vault import Vault
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from quizzes.bank.folder.loading import BankStore
from tests import conftest, factories
from tests.servers import Server, running

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "kuda laut biru 47"
SECRETS = {role: letter * 32 for role, letter in (("trainer", "J"), ("organiser", "K"), ("admin", "M"))}
COURSE = Path(__file__).parents[2] / "courses" / "curriculum" / "kader-penggerak"
TRANSLATIONS = Path(__file__).parents[2] / "lms" / "core" / "translations"


@dataclass
class House:
    """A running installation with staff and the shipped course."""

    app: Flask
    server: Server
    said_codes: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Its address."""
        return self.server.url

    def code(self, role: str) -> str:
        """Return a code of the second factor that was not used yet: each works once."""
        for seconds in (0, 30, -30):
            moment = datetime.fromtimestamp(datetime.now(UTC).timestamp() + seconds, UTC)
            code = code_at(SECRETS[role], moment)
            if code not in self.said_codes:
                self.said_codes.add(code)
                return code
        raise AssertionError("all codes of this minute are used")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser process for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def house(template_instance: Path, tmp_path: Path) -> Iterator[House]:
    """A fresh installation, served."""
    with house_in(template_instance, tmp_path, _furnish) as house:
        yield house


@contextmanager
def house_in(template: Path, parent: Path, furnish: Callable[[Flask], Any]) -> Iterator[House]:
    """Yield a served installation that ``furnish`` has filled."""
    with conftest.installed(template, parent) as app:
        with conftest.furnishing(app):
            furnish(app)
        config = app.config
        with (
            app.app_context(),
            running(config["INSTANCE"], config["DATABASE_URL"], is_forked=True, is_warm=True) as server,
        ):
            yield House(app, server)
            db.session.remove()
            db.engine.dispose()


def _furnish(app: Flask) -> None:
    session, now = db.session(), utc_now()
    load_course(
        session,
        read_folder(COURSE),
        as_of=load_book().as_of,
        quizzes=BankStore(),
        publish=True,
        now=now,
        actor_id=None,
    )
    session.commit()
    branch = factories.make_branch(session, name="Kantor Cabang Madiun")
    hashed = hash_password(PASSWORD)
    for role in (Role.TRAINER, Role.ORGANISER, Role.ADMIN):
        make_staff(app, role, hashed, branch=None if role is Role.ADMIN else branch)


def make_staff(app: Flask, role: Role, hashed: str, *, branch: Any) -> int:
    """Make a member of staff with password and second factor and return the id."""
    session, now = db.session(), utc_now()
    user = factories.make_user(
        session,
        role,
        branch=branch,
        name=f"Staf {role.value}",
        login=f"{role.value}@contoh.test",
        password_hash=hashed,
    )
    sealed = Vault(app.config["VAULT_KEY"]).seal(SECRETS[role.value])
    begin_write(session)
    enrol_second_factor(session, user.id, sealed_secret=sealed, counter=None, code_digests=(), now=now)
    session.commit()
    return user.id


@contextmanager
def context(browser: Browser, **settings: Any) -> Iterator[BrowserContext]:
    """Yield a browser profile of its own; whatever goes wrong on its pages fails the test."""
    defaults = {"viewport": {"width": 360, "height": 740}, "locale": "id-ID", "service_workers": "block"}
    profile = browser.new_context(**(defaults | settings))
    wrong: list[str] = []
    profile.on("weberror", lambda error: wrong.append(str(error.error)))
    profile.on(
        "console",
        lambda message: (
            wrong.append(f"{message.text} ({message.location['url']})") if message.type == "error" else None
        ),
    )
    profile.set_default_timeout(15_000)
    yield profile
    profile.close()
    # A page that says 422 or 404 is told in the console too; that is not an error of ours.
    assert not [text for text in wrong if "the server responded with a status of 4" not in text]


class Words:
    """The interface's words in one language, by their English original."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = Translations.load(str(TRANSLATIONS), [language]) if language != "en" else None

    def __call__(self, english: str, **values: object) -> str:
        """Return the text as the page shows it."""
        text = self._catalogue.gettext(english) if self._catalogue else english
        assert self._catalogue is None or text != english or english in SAME, f"not translated: {english}"
        return text % values if values else text


SAME = {"PIN", "Password"}


def speak(page: Page, house: House, language: str) -> None:
    """Choose the language as a person does: in the head of the page."""
    page.goto(house.url)
    if language == "en":
        page.get_by_role("button", name="EN, English").click()
        page.wait_for_load_state()
