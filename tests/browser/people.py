"""The four people of a training, as they act in a browser: with and without scripts, in both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.messages.pofile import read_po
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.translations_build import TRANSLATIONS
from quizzes.attempts.models import PaperItem
from quizzes.types import get_type
from tests.browser.conftest import Site

JAKARTA = ZoneInfo("Asia/Jakarta")


class Words:
    """What the interface says for a text of the source, in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        with (TRANSLATIONS / "id" / "LC_MESSAGES" / "messages.po").open("rb") as file:
            self._indonesian = {m.id: m.string for m in read_po(file) if isinstance(m.id, str)}

    def __call__(self, text: str, **values: object) -> str:
        """Return ``text`` as it stands on the page.

        Raises:
            KeyError: the interface has no such text.
        """
        translated = self._indonesian[text]
        return (translated if self.language == "id" else text) % (values or {})


@dataclass
class Person:
    """Somebody with a browser."""

    context: BrowserContext
    words: Words
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        if self.words.language == "en":
            self.page.goto("/")
            self.press("English")

    def press(self, text: str, **values: object) -> None:
        """Press the button with that text of the source."""
        self.button(text, **values).first.click()

    def button(self, text: str, **values: object) -> Locator:
        """Return the visible button with that text."""
        name = text if text == "English" else self.words(text, **values)
        return self.page.get_by_role("button", name=re.compile(rf"^\s*{re.escape(name)}\s*$"))

    def follow(self, text: str, **values: object) -> None:
        """Follow the link with that text of the source."""
        name = self.words(text, **values)
        self.page.get_by_role("link", name=re.compile(rf"^\s*{re.escape(name)}\s*$")).first.click()

    def fill(self, label: str, value: str) -> None:
        """Fill the field with that label of the source."""
        self.page.get_by_label(re.compile(rf"^\s*{re.escape(self.words(label))}")).first.fill(value)

    def sign_in_with_password(self, account: dict[str, str]) -> None:
        """Sign in, with the second factor where there is one."""
        self.page.goto("/masuk")
        self.page.locator("input[name=login]").fill(account["login"])
        self.page.locator("input[name=password]").fill(account["password"])
        self.page.locator("form:has(input[name=password]) button").first.click()
        if account["totp"]:
            self.page.locator("input[name=code]").fill(account["totp"])
            self.page.locator("main form:has(input[name=code]) button").first.click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(
            self.words("Hello, %(name)s", name="")
        )


@dataclass
class Card:
    """What stands on a printed card."""

    number: str
    pin: str


class Organiser(Person):
    """Sets up a cohort and hands out cards."""

    def set_up_cohort(self, name: str) -> int:
        """Create a cohort whose second day is today and return its number."""
        today = utc_now().astimezone(JAKARTA).date()
        self.page.goto("/angkatan/baru")
        self.page.locator("input[name=name]").fill(name)
        self.page.locator("input[name=place]").fill("Balai desa contoh")
        self.page.locator("input[name=starts_on]").fill((today - timedelta(days=1)).isoformat())
        self.page.locator("input[name=ends_on]").fill(today.isoformat())
        self.press("Set up the cohort")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(name)
        return int(re.search(r"/angkatan/(\d+)", self.page.url)[1])

    def send_roster(self, cohort_id: int, file: Path) -> None:
        """Upload a roster, look at the dry run, apply it."""
        self.page.goto(f"/angkatan/{cohort_id}/daftar")
        self.page.locator("input[type=file]").set_input_files(file)
        self.press("Look at the rows")
        self.page.locator(".action-bar button").click()
        expect(self.page.get_by_role("link", name="Wagini Contoh")).to_be_visible()

    def read_card(self, cohort_id: int, name: str) -> Card:
        """Read number and PIN of somebody's card on their page."""
        self.page.goto(f"/angkatan/{cohort_id}")
        self.page.get_by_role("link", name=name).first.click()
        self.follow("Show the PIN")
        codes = self.page.locator(".code").all_inner_texts()
        number = next(code for code in codes if re.fullmatch(r"\d{4}\s\d{4}", code.strip()))
        pin = next(code for code in codes if re.fullmatch(r"\d{6}", code.strip()))
        return Card(number.strip(), pin.strip())


class Trainer(Person):
    """Writes a question and puts it into the first quiz that counts."""

    def write_question(self, stem: str) -> None:
        """Write a single choice question, make it ready."""
        self.page.goto("/soal/baru?jenis=single_choice")
        form = self.page.locator("form:has(button[value=save])")
        self.page.get_by_label(self.words("Question"), exact=True).fill(stem)
        texts = form.locator("textarea[name$='-text']")
        for number, text in enumerate(("Jawaban yang benar", "Jawaban lain", "Jawaban ketiga")):
            texts.nth(number).fill(text)
        form.locator(".key-row input[type=radio]").first.check()
        self.fill("Topic", "contoh")
        self.fill("Explanation after answering", "Karena begitu bunyi contohnya.")
        self.page.locator("button[value=save]").click()
        self.press("Make it ready")

    def put_into_quiz(self, title: str, stem: str) -> None:
        """Make a new version of a quiz with that question in it, and publish it."""
        self.page.goto("/kuis")
        self.page.get_by_role("link", name=title, exact=True).click()
        self.page.locator("main .card a").first.click()
        self.press("Make a new version")
        self.page.locator("form[method=get] input[name=q]").fill(stem)
        self.page.locator("form[method=get]:has(input[name=q]) button").first.click()
        self.page.locator("button[name=question_id]").first.click()
        self.press("Publish")

    def move_cohort_on(self, cohort_id: int) -> None:
        """Let a cohort run on the new version, after a look at what changes."""
        self.page.goto(f"/angkatan/{cohort_id}/kuis")
        self.page.locator("a.button").first.click()
        self.page.locator("main form button").first.click()


class Trainee(Person):
    """Goes through the whole training."""

    met: set[str]

    def sign_in_with_card(self, card: Card) -> None:
        """Type number and PIN."""
        self.met = set()
        self.page.goto("/masuk/kartu")
        self.page.locator("input[name=number]").fill(card.number)
        self.page.locator("input[name=pin]").fill(card.pin)
        self.page.locator("main form:has(input[name=pin]) button").first.click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(
            self.words("Hello, %(name)s", name="")
        )

    def do_everything(self, site: Site, *, scripts: bool) -> None:
        """Do the one thing the start page says, until it says nothing more."""
        for _ in range(60):
            self.page.goto("/")
            step = self.page.locator(".card.now a.button")
            if not step.count():
                return
            step.first.click()
            if "/materi/" in self.page.url:
                self.page.locator(".action-bar button").click()
            else:
                self._take_quiz(site, scripts=scripts)
        raise AssertionError("sixty steps and no end")

    def _take_quiz(self, site: Site, *, scripts: bool) -> None:
        if self.page.get_by_role("link", name=self.words("Check my name")).count():
            self.follow("Check my name")
            self.press("Confirm and go on")
        self.page.locator("main form button").first.click()
        attempt_id = int(re.search(r"/percobaan/(\d+)", self.page.url)[1])
        answer = self._answer_with_scripts if scripts else self._answer_form
        answer(_solutions(site, attempt_id))
        expect(self.page).to_have_url(re.compile(r"/hasil$"))

    def _answer_with_scripts(self, solutions: list[dict[str, list[str]]]) -> None:
        for number, raw in enumerate(solutions, 1):
            self.met.add(self.page.locator("#quiz").inner_text())
            _give(self.page, number, raw)
            self.page.locator("[data-next]").click()
        self.press("Hand in my answers")

    def _answer_form(self, solutions: list[dict[str, list[str]]]) -> None:
        self.met.add(self.page.locator("#quiz").inner_text())
        for number, raw in enumerate(solutions, 1):
            _give(self.page, number, raw)
        self.press("Save and hand in")
        self.press("Hand in my answers")


def download(person: Person, text: str) -> bytes:
    """Press the button with that text and return the file that comes."""
    with person.page.expect_download() as coming:
        person.press(text)
    return Path(coming.value.path()).read_bytes()


def _give(page: Page, number: int, raw: dict[str, list[str]]) -> None:
    for value in raw.get("choice", []):
        box = page.locator(f"input[name='q{number}-choice'][value='{value}']")
        box.check(force=True)
    for value in raw.get("value", []):
        page.locator(f"input[name='q{number}-value']").fill(value)


def _solutions(site: Site, attempt_id: int) -> list[dict[str, list[str]]]:
    """Return right answers for a paper: the page does not know them, so they come from the database."""
    with site.app.app_context():
        session: Session = db.session()
        query = (
            select(PaperItem)
            .where(PaperItem.attempt_id == attempt_id)
            .options(joinedload(PaperItem.question_version))
            .order_by(PaperItem.position)
        )
        items = session.scalars(query).all()
        return [
            {
                name: list(values)
                for name, values in get_type(item.question_version.type)
                .solve(item.question_version.content, item.prepared)
                .items()
            }
            for item in items
        ]
