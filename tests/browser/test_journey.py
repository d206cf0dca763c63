"""The main job from door to door, by five people: with and without scripts, in both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import select

from courses.cohorts.card_codes import card_pin, card_token
from courses.cohorts.models import Card, Cohort, Enrolment
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from lms.demo.lives import Trainee
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.types import get_type
from tests.browser.conftest import PASSWORD, House, Words, context, speak

pytestmark = pytest.mark.browser

MOST_STEPS = 120
BY_HAND = 5
"""Steps done in the browser before the rest is done by the services, where the whole walk is not repeated."""
STEM = "Warna apa daun pisang yang masih muda?"
RIGHT, WRONG = "Hijau", "Ungu"
ROSTER = """Nama,Unsur,Organisasi,Wilayah,Telepon
Dewi Lestari,Perangkat desa,Desa Contoh,35.19,081234567890
Bambang Wijaya,Serikat pekerja,SP Contoh,35.77,
"""


@dataclass
class Walk:
    """One journey: the house, the words, whether scripts run."""

    house: House
    words: Words
    has_script: bool
    is_whole: bool
    """Every step in the browser; else the first ones and the last quiz."""

    def open(self, profile: BrowserContext) -> Page:
        """Return a page that speaks the language."""
        page = profile.new_page()
        speak(page, self.house, self.words.language)
        return page


@pytest.mark.parametrize(
    ("language", "has_script", "is_whole"),
    [("id", True, True), ("id", False, False), ("en", True, False)],
    ids=["id", "id-no-script", "en"],
)
def test_five_people_go_from_an_empty_house_to_a_verified_certificate(
    chromium: Browser, house: House, tmp_path: Path, language: str, has_script: bool, is_whole: bool
) -> None:
    walk = Walk(house, Words(language), has_script, is_whole)
    settings = {"java_script_enabled": has_script, "locale": "id-ID", "accept_downloads": True}
    wide = settings | {"viewport": {"width": 1280, "height": 800}}

    with context(chromium, **wide) as profile, context(chromium, **wide) as elsewhere:
        page = walk.open(profile)
        _trainer_writes_a_question(walk, page)
        _admin_reviews_it(walk, walk.open(elsewhere))
        _trainer_puts_it_into_the_quiz(walk, page)
    with context(chromium, **wide) as profile:
        _organiser_sets_up_a_cohort(walk, walk.open(profile), tmp_path)
    with context(chromium, **settings) as profile:
        page = walk.open(profile)
        _trainee_signs_in_with_the_card(walk, page)
        _trainee_completes_both_days(walk, page)
        paper = _trainee_downloads_the_certificate(walk, page, tmp_path)
    with context(chromium, **settings) as profile:
        _stranger_verifies_it(walk, walk.open(profile), paper)


def _sign_in_staff(walk: Walk, page: Page, role: str) -> None:
    _ = walk.words
    page.goto(f"{walk.house.url}/masuk")
    form = page.locator("form", has=page.get_by_label(_("Password"), exact=True))
    form.locator("input[name=login]").fill(f"{role}@contoh.test")
    form.get_by_label(_("Password"), exact=True).fill(PASSWORD)
    form.get_by_role("button", name=_("Sign in"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(_("Code from your app"))
    page.locator("input[name=code]").fill(walk.house.code(role))
    page.get_by_role("button", name=_("Go on")).click()
    expect(page.get_by_role("link", name=_("Account"))).to_be_visible()


def _trainer_writes_a_question(walk: Walk, page: Page) -> None:
    _ = walk.words
    _sign_in_staff(walk, page, "trainer")
    page.get_by_role("link", name=_("Questions"), exact=True).click()
    page.get_by_role("link", name=_("Write a question")).click()
    page.get_by_role("link", name=_("Single choice"), exact=True).click()
    page.get_by_label(_("Question"), exact=True).fill(STEM)
    page.get_by_label(_("Answer %(number)s", number=1), exact=True).fill(RIGHT)
    page.get_by_label(_("Answer %(number)s", number=2), exact=True).fill(WRONG)
    page.get_by_label(_("Answer %(number)s is right", number=1), exact=True).check()
    page.get_by_label(_("Topic"), exact=True).fill("dasar")
    page.locator("textarea[name=explanation]").fill("Daun pisang muda berwarna hijau.")
    page.get_by_role("button", name=_("Save"), exact=True).click()
    page.get_by_role("button", name=_("Ask a colleague for a review")).click()
    expect(page.get_by_text(_("The question waits for a colleague's review now."))).to_be_visible()


def _admin_reviews_it(walk: Walk, page: Page) -> None:
    """No other trainer works at the branch office."""
    _ = walk.words
    _sign_in_staff(walk, page, "admin")
    page.goto(f"{walk.house.url}/soal/telaah")
    page.get_by_role("link", name=STEM).click()
    page.get_by_role("button", name=_("It is right: ready")).click()
    expect(page.get_by_text(_("The question is ready: quizzes can use it now."))).to_be_visible()


def _trainer_puts_it_into_the_quiz(walk: Walk, page: Page) -> None:
    _ = walk.words
    page.goto(f"{walk.house.url}/kuis")
    page.get_by_role("link", name="Kuis mengenal kader").first.click()
    page.get_by_role("link", name=_("Version %(number)s", number=1)).click()
    page.get_by_role("button", name=_("Make a new version")).click()
    page.get_by_label(_("Words in the question")).fill("daun pisang")
    page.get_by_role("button", name=_("Find")).click()
    page.get_by_role("button", name=_("Add: %(question)s", question=STEM)).click()
    page.get_by_role("link", name=_("Check and publish")).click()
    page.get_by_role("button", name=_("Publish version %(number)s", number=2)).click()
    expect(page.get_by_text(_("Published"), exact=True).first).to_be_visible()


def _organiser_sets_up_a_cohort(walk: Walk, page: Page, tmp_path: Path) -> None:
    _ = walk.words
    today = utc_now().date()
    _sign_in_staff(walk, page, "organiser")
    page.get_by_role("link", name=_("Cohorts"), exact=True).click()
    page.get_by_role("link", name=_("New cohort")).first.click()
    page.locator("input[name=name]").fill("Madiun, angkatan 1")
    page.locator("input[name=place]").fill("Aula Contoh, Madiun")
    page.locator("input[name=starts_on]").fill((today - timedelta(days=1)).isoformat())
    page.locator("input[name=ends_on]").fill(today.isoformat())
    page.get_by_role("button", name=_("Set up the cohort")).click()
    page.get_by_role("link", name=_("Upload a list (Excel)")).first.click()
    roster = tmp_path / "peserta.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    page.locator("input[type=file]").set_input_files(roster)
    page.get_by_role("button", name=_("Check the list")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(_("Dry run: nothing is changed yet"))
    page.get_by_role("button", name=_("Apply all rows (%(count)s)", count=2)).click()
    expect(page.get_by_role("link", name="Dewi Lestari")).to_be_visible()
    address = page.get_by_role("link", name=_("Print all cards")).get_attribute("href")
    cards = page.context.request.get(f"{walk.house.url}{address}")
    assert cards.headers["content-type"] == "application/pdf"
    _check_cards(cards.body())


def _check_cards(body: bytes) -> None:
    """Assert that the printed cards hold what signs in: number, PIN, and a QR a camera can read."""
    document = pypdfium2.PdfDocument(body)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    digits = re.sub(r"\s", "", text)
    for card in db.session.scalars(select(Card)):
        assert card.number in digits
    picture = document[0].render(scale=3).to_pil()
    assert isinstance(picture, Image.Image)
    addresses = {found.text for found in zxingcpp.read_barcodes(picture)}
    assert len(addresses) == 2
    assert all("/k/" in address.lower() for address in addresses)
    db.session.rollback()
    document.close()


def _card(walk: Walk) -> tuple[str, str, str]:
    """Return number, PIN and address of Dewi's card."""
    db.session.rollback()
    query = select(Card).join(Card.enrolment).where(Enrolment.name == "Dewi Lestari")
    card = db.session.scalars(query).one()
    key = walk.house.app.config["CARD_KEY"]
    token = card_token(key, card.id, card.generation)
    return card.number, card_pin(key, card.id, card.generation), f"{walk.house.url}/k/{token}"


def _trainee_signs_in_with_the_card(walk: Walk, page: Page) -> None:
    _ = walk.words
    number, pin, address = _card(walk)
    page.goto(f"{walk.house.url}/masuk/kartu")
    page.get_by_label(_("Card number")).fill(number)
    page.get_by_label("PIN").fill(pin)
    page.get_by_role("button", name=_("Sign in"), exact=True).click()
    expect(page.get_by_role("link", name=_("Account"))).to_be_visible()
    page.context.clear_cookies()
    speak(page, walk.house, _.language)
    page.goto(address)
    expect(page.get_by_text("Dewi Lestari")).to_be_visible()
    page.get_by_role("button", name=_("Sign in"), exact=True).click()
    expect(page.get_by_role("link", name=_("Account"))).to_be_visible()


def _trainee_completes_both_days(walk: Walk, page: Page) -> None:
    """Do the one thing the start page says until it says nothing more."""
    stems: set[str] = set()
    for number in range(MOST_STEPS):
        if number == BY_HAND and not walk.is_whole:
            _do_all_but_the_last_quiz()
        page.goto(walk.house.url)
        now = page.locator(".card.now a.button[href^='/belajar/']")
        if not now.count():
            break
        now.first.click()
        page.wait_for_url(re.compile(r"/(materi|kuis|percobaan)/"))
        if "/materi/" in page.url:
            page.locator("form.action-bar").get_by_role("button").click()
        else:
            stems |= _take_quiz(walk, page)
    else:
        raise AssertionError(f"{MOST_STEPS} steps and no end")
    assert STEM in stems, "the trainer's question was not met"


def _do_all_but_the_last_quiz() -> None:
    session = db.session()
    begin_write(session)
    query = select(Enrolment).where(Enrolment.name == "Dewi Lestari")
    person = session.scalars(query).one()
    trainee = Trainee(session, person.id, 0, first_day=person.cohort.starts_on, seeded_at=utc_now())
    trainee.go_through(leave="/pascauji")
    session.commit()


def _take_quiz(walk: Walk, page: Page) -> set[str]:
    _ = walk.words
    confirm = page.get_by_role("link", name=_("Check my name"))
    if confirm.count():
        confirm.click()
        page.locator("main form").get_by_role("button").first.click()
    page.get_by_role("button", name=_("Begin")).click()
    attempt_id = int(page.url.rstrip("/").rsplit("/", 1)[-1])
    items = _items(attempt_id)
    for position, (kind, raw, _stem) in items.items():
        _answer(page, position, kind, raw)
        if walk.has_script:
            last = position == max(items)
            page.get_by_role("button", name=_("Check my answers") if last else _("Next")).click()
    if not walk.has_script:
        page.get_by_role("button", name=_("Save and hand in")).click()
    page.get_by_role("button", name=_("Hand in my answers")).click()
    page.wait_for_url(re.compile(r"/hasil$"))
    count = len(items)
    heading = _("Done: %(right)s of %(all)s right", right=count, all=count)
    if page.locator(".verdict.valid").count():
        heading = _("You passed: %(right)s of %(all)s right", right=count, all=count)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    return {stem for _kind, _raw, stem in items.values()}


def _items(attempt_id: int) -> dict[int, tuple[str, dict[str, list[str]], str]]:
    """Return for each place on the paper: type, what answers it rightly, and the question."""
    db.session.rollback()
    items = db.session.scalars(select(PaperItem).where(PaperItem.attempt_id == attempt_id)).all()
    found = {}
    for item in sorted(items, key=lambda item: item.position):
        version = item.question_version
        raw = get_type(version.type).solve(version.content, item.prepared)
        found[item.position] = (version.type, {k: list(v) for k, v in raw.items()}, version.summary)
    db.session.rollback()
    return found


def _answer(page: Page, position: int, kind: str, raw: dict[str, list[str]]) -> None:
    question = page.locator(f"#q{position}")
    expect(question).to_be_visible()  # what was typed is looked at before one goes on
    if kind == "ordering" and question.locator("[data-tools]").first.is_visible():
        _put_in_order(question, position, raw)
        return
    for name, values in raw.items():
        for value in values:
            _fill(question, f"q{position}-{name}", value)


def _fill(question: Locator, name: str, value: str) -> None:
    """Answer by the field's own kind: text, list, or something to tick."""
    field = question.locator(f"[name='{name}']")
    kind = field.first.evaluate("field => field.type")
    if kind in {"text", "textarea"}:
        field.fill(value)
    elif kind == "select-one":
        field.select_option(value)
    else:
        chosen = question.locator(f"[name='{name}'][value='{value}']")
        question.locator(f"label[for='{chosen.get_attribute('id')}']").click()
        expect(chosen).to_be_checked()


def _put_in_order(question: Locator, position: int, raw: dict[str, list[str]]) -> None:
    """Move the lines up with their buttons, the first one first, and say that the order is right."""
    for place, name in enumerate(sorted(raw, key=lambda name: int(raw[name][0]))):
        field = question.page.locator(f"[name='q{position}-{name}']")
        line = question.locator(".order > li").filter(has=field)
        while line.evaluate("line => [...line.parentNode.children].indexOf(line)") > place:
            line.locator("[data-step='-1']").click()
    keep = question.locator("[data-keep] button")
    if keep.is_visible():
        keep.click()


def _trainee_downloads_the_certificate(walk: Walk, page: Page, tmp_path: Path) -> str:
    _ = walk.words
    assert db.session.scalars(select(Attempt).where(Attempt.state == "in_progress")).all() == []
    db.session.rollback()
    page.goto(f"{walk.house.url}/sertifikat")
    code = page.locator("dd.code").inner_text()
    with page.expect_download() as download:
        page.get_by_role("button", name=_("Download PDF")).click()
    path = tmp_path / "sertifikat.pdf"
    download.value.save_as(path)
    document = pypdfium2.PdfDocument(path)
    text = document[0].get_textpage().get_text_range()
    address = zxingcpp.read_barcodes(document[0].render(scale=3).to_pil())[0].text
    document.close()
    assert "Dewi Lestari" in text
    assert code.replace("-", "") in address.upper()
    assert path.stat().st_size <= 200_000
    return code


def _stranger_verifies_it(walk: Walk, page: Page, code: str) -> None:
    _ = walk.words
    page.goto(f"{walk.house.url}/periksa")
    page.get_by_label(_("Code on the certificate")).fill(code.lower().replace("-", " "))
    page.get_by_role("button", name=_("Check"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(_("Genuine and in force"))
    expect(page).to_have_title(re.compile(f"^{re.escape(_('Genuine and in force'))}"))
    expect(page.locator("body")).not_to_contain_text("Dewi Lestari")
    page.goto(f"{walk.house.url}/v/0000-0000-0000-00000")
    expect(page.locator(".verdict.unknown")).to_be_visible()
    assert db.session.scalars(select(Cohort)).one().name == "Madiun, angkatan 1"
    db.session.rollback()
