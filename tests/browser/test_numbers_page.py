"""Numbers that are reckoned, and units to choose: on a phone, without scripts, as their author sees them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courses.facts.book import load_book
from lms.core.accounts.models import Role, UserSession
from lms.core.clock import utc_now
from lms.core.db import begin_write
from quizzes.attempts.models import Attempt
from quizzes.bank.models import QuestionVersion
from quizzes.bank.resolving import resolve
from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.browser.conftest import context
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.race.conftest import Server, server  # noqa: F401

pytestmark = pytest.mark.browser

WAGE: dict[str, Any] = {
    "stem": "Upah Bu Sari {nilai:upah} sebulan. Berapa rupiah JHT yang dipotong darinya?",
    "explanation": "{nilai:upah} × {fakta:jht.rate.worker} = **{nilai:jawaban}**.",
    "variables": "upah: 2.000.000 sampai 4.000.000 langkah 250.000 rupiah",
    "answer": "upah × {fakta:jht.rate.worker}",
    "unit": "rupiah",
}
MONTHS: dict[str, Any] = {
    "stem": "Berapa lama masa iur untuk pensiun bulanan?",
    "answer": {"fact": "jp.benefit.min_contribution_months"},
    "unit": "bulan",
    "units": [{"name": "tahun", "factor": 12}],
    "unit_penalty": "0.25",
}


def make_version(session: Session, kind: str, source: dict[str, Any]) -> QuestionVersion:
    book = load_book()
    resolved = resolve(source, kind=kind, book=book, as_of=book.as_of)
    return factories.make_question(
        session,
        kind,
        source=source,
        content=resolved.content,
        stem_html=resolved.stem_html,
        explanation_html=resolved.explanation_html,
        summary=resolved.summary,
    )


@pytest.fixture
def desk(session: Session) -> Desk:
    versions = [make_version(session, "calculated", WAGE), make_version(session, "number", MONTHS)]
    return make_desk(session, versions, shuffle_questions=False)


def enter(profile: BrowserContext, user_id: int, found: Server) -> Page:
    name, value = found.phone(user_id).holder.cookie.split("=", 1)
    profile.add_cookies([{"name": name, "value": value, "url": found.running.url}])
    return profile.new_page()


def begin(page: Page, found: Server, desk: Desk) -> None:
    page.goto(f"{found.running.url}/belajar/{desk.enrolment.id}/kuis/{desk.step.id}")
    page.get_by_role("button", name="Mulai").click()
    page.wait_for_url("**/percobaan/*")


@pytest.fixture
def page(chromium: Browser, server: Server, desk: Desk) -> Iterator[Page]:  # noqa: F811
    """The paper, just begun."""
    with context(chromium) as profile:
        page = enter(profile, desk.enrolment.user_id, server)
        begin(page, server, desk)
        yield page


@pytest.fixture
def plain_page(chromium: Browser, server: Server, desk: Desk) -> Iterator[Page]:  # noqa: F811
    """The same without scripts."""
    with context(chromium, java_script_enabled=False) as profile:
        page = enter(profile, desk.enrolment.user_id, server)
        begin(page, server, desk)
        yield page


@pytest.fixture
def author(chromium: Browser, server: Server, session: Session) -> Iterator[Page]:  # noqa: F811
    """The form of a new calculated question, opened by a trainer."""
    trainer = factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session))
    with context(chromium, viewport={"width": 1280, "height": 900}) as profile:
        page = enter(profile, trainer.id, server)
        begin_write(session)
        session.execute(update(UserSession).values(second_factor_at=utc_now()))
        session.commit()
        page.goto(f"{server.running.url}/soal/baru?jenis=calculated")
        yield page


def saved(page: Page) -> None:
    expect(page.locator(".save-state")).to_contain_text("Tersimpan pukul", timeout=15000)


def attempt_of(desk: Desk) -> Attempt:
    desk.session.rollback()
    return desk.session.scalars(select(Attempt).where(Attempt.enrolment_id == desk.enrolment.id)).one()


def wage_on(page: Page) -> int:
    """Return the wage a reader finds in the question."""
    match = re.search(r"Rp([\d.]+) sebulan", page.locator("#q1").inner_text())
    assert match
    return int(match[1].replace(".", ""))


def show(page: Page, name: str) -> None:
    """Keep a picture where whoever runs the test asks for one."""
    if folder := os.environ.get("LMS_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_the_case_is_on_the_paper_and_its_own_number_is_right(page: Page, desk: Desk) -> None:
    right = wage_on(page) * 2 // 100
    page.locator("#q1-value").fill(f"Rp{right:,}".replace(",", "."))
    saved(page)
    page.goto(f"{page.url.partition('#')[0]}#q2")
    page.locator("#q2-value").fill("15")
    page.locator("#q2-unit").select_option("tahun")
    saved(page)
    page.wait_for_timeout(800)

    attempt = desk.submit(attempt_of(desk))

    assert (attempt.marks_earned, attempt.marks_possible) == (2, 2)


def test_what_could_be_another_number_is_asked_about(page: Page, desk: Desk) -> None:
    page.locator("#q1-value").fill("5,000.00")

    expect(page.locator("#q1 .field-error").filter(has_text="Maksud Anda 5.000,00?")).to_be_visible(
        timeout=15000
    )
    response = desk.standing(attempt_of(desk), 1)
    assert response is not None
    assert response.answer is None
    assert response.format_error


def test_the_open_questions_keep_nobody_out(page: Page) -> None:
    show(page, "calculated-360")
    assert_no_barrier(page, "calculated")
    page.goto(f"{page.url.partition('#')[0]}#q2")
    expect(page.locator("#q2-unit")).to_be_visible()
    show(page, "units-360")
    assert_no_barrier(page, "number with units")


def test_without_scripts_number_and_unit_are_kept_and_the_result_says_the_rule(
    plain_page: Page, desk: Desk
) -> None:
    page = plain_page
    page.locator("#q1-value").fill("1.00")
    page.locator("#q2-value").fill("15")
    page.locator("#q2-unit").select_option("bulan")
    page.get_by_role("button", name="Simpan", exact=True).click()

    expect(page.locator("#q1-error")).to_contain_text("Maksud Anda 1,00?")
    expect(page.locator("#q2-unit")).to_have_value("bulan")
    address = page.url.partition("#")[0]
    desk.submit(attempt_of(desk))
    page.goto(f"{address}/hasil")
    expect(
        page.get_by_text("Angkanya benar, satuannya tidak ada atau lain: potongannya 25%.")
    ).to_be_visible()
    expect(page.get_by_text("Jawaban Anda, benar sebagian")).to_be_visible()
    show(page, "result-360")


def test_the_result_keeps_nobody_out_and_reckons_with_the_numbers_of_the_paper(
    page: Page, desk: Desk
) -> None:
    wage = wage_on(page)
    page.locator("#q1-value").fill("7")
    saved(page)
    address = page.url.partition("#")[0]
    desk.submit(attempt_of(desk))

    page.goto(f"{address}/hasil")

    right = f"Rp{wage * 2 // 100:,}".replace(",", ".")
    expect(page.locator("main")).to_contain_text(f"= {right}.")
    assert_no_barrier(page, "result")


def fill_form(page: Page) -> None:
    page.locator("#stem").fill(WAGE["stem"])
    page.get_by_label("Variabel").first.fill(WAGE["variables"])
    page.get_by_label("Angka yang benar").first.fill(WAGE["answer"])
    page.locator("select[name$=unit]").first.select_option("rupiah")


def test_an_author_sees_five_variants_while_writing(author: Page) -> None:
    fill_form(author)

    expect(author.locator("#pratinjau .samples li")).to_have_count(5, timeout=15000)
    expect(author.locator("#pratinjau .samples li").first).to_contain_text("rupiah")
    expect(author.locator("#pratinjau .phone-stem")).to_contain_text("Upah Bu Sari Rp")
    show(author, "author-1280")
    assert_no_barrier(author, "author", widths=(320, 1280))
    author.set_viewport_size({"width": 320, "height": 740})
    show(author, "author-320")


def test_a_variant_without_sense_is_refused_with_the_sentence_at_the_field(author: Page) -> None:
    fill_form(author)
    author.get_by_label("Angka yang benar").first.fill("upah - 3.000.000")
    author.locator("#topic").fill("iuran")

    author.get_by_role("button", name="Simpan", exact=True).click()

    expect(author.locator(".field-error").first).to_contain_text("angka yang benar di bawah 0")
    expect(author.locator(".field-error").first).to_contain_text("Varian")
