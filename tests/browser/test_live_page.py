"""A hall in browsers: the quiz that runs is seen live, a question is put, two phones answer, bars appear."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from courses.catalogue.models import Step
from courses.cohorts.models import Cohort
from lms.core.accounts.models import Role, UserSession
from lms.core.clock import utc_now
from lms.core.db import begin_write
from quizzes.bank.models import Question
from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.live.papers import hand_in, make_class
from tests.race.conftest import Server, server  # noqa: F401

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
LAPTOP = {"viewport": {"width": 1280, "height": 800}}
PROJECTOR = {"viewport": {"width": 1920, "height": 1080}}


@pytest.fixture
def open_page(chromium: Browser, server: Server) -> Iterator[OpenPage]:  # noqa: F811
    """Return a function that opens a page as somebody on a device of their own."""
    contexts = []

    def _open(user_id: int, path: str, **options: Any) -> Page:
        context = chromium.new_context(
            locale="id-ID", **({"viewport": {"width": 360, "height": 740}} | options)
        )
        contexts.append(context)
        name, value = server.phone(user_id).holder.cookie.split("=", 1)
        context.add_cookies([{"name": name, "value": value, "url": server.running.url}])
        page = context.new_page()
        page.goto(f"{server.running.url}{path}")
        return page

    yield _open
    for context in contexts:
        context.close()


def trainer_of(desk: Desk) -> int:
    """Make a trainer whose sessions have all shown the second factor."""
    user = factories.make_user(desk.session, Role.TRAINER, branch=desk.enrolment.cohort.branch)
    return user.id


def let_in(desk: Desk, user_id: int) -> None:
    begin_write(desk.session)
    shown = {"second_factor_at": utc_now()}
    desk.session.execute(update(UserSession).where(UserSession.user_id == user_id).values(shown))
    desk.session.commit()


def put_into_bank(desk: Desk) -> str:
    """Make a question for practice and return its words."""
    version = factories.make_question(
        desk.session, summary="BPJS itu badan apa?", stem_html="<p>BPJS itu badan apa?</p>"
    )
    begin_write(desk.session)
    practised = update(Question).where(Question.id == version.question_id).values(use="practice")
    desk.session.execute(practised)
    desk.session.commit()
    return version.summary


def teach_badly(desk: Desk) -> None:
    """Let ten people hand in a paper of one question that nobody has right."""
    cohort = desk.session.get_one(Cohort, desk.enrolment.cohort_id)
    step = desk.session.get_one(Step, desk.step.id)
    version = factories.make_question(desk.session, summary="Siapa membayar iuran?")
    for person in make_class(desk.session, cohort, 10):
        hand_in(desk.session, person, step, [(version, {"choice": 1})])


def look(page: Page, name: str) -> None:
    """Keep a picture for who wants to look."""
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_hall_sits_a_quiz_and_answers_a_question(session: Session, open_page: OpenPage) -> None:
    desk = make_desk(session, time_limit_minutes=30, title="Kuis jaminan kecelakaan kerja")
    cohort = desk.enrolment.cohort
    neighbour = factories.make_enrolment(session, cohort=cohort, name="Bu Sari")
    question, trainer = put_into_bank(desk), trainer_of(desk)
    phone = open_page(desk.enrolment.user_id, f"/belajar/{desk.enrolment.id}/kuis/{desk.step.id}")
    laptop = open_page(trainer, "/", **LAPTOP)
    let_in(desk, trainer)
    base = laptop.url.split("/masuk")[0].rstrip("/")

    # The quiz that runs, in the live room.
    laptop.goto(f"{base}/angkatan/{cohort.id}/langsung/{desk.step.id}")
    row = laptop.locator(".seat", has_text=desk.enrolment.name)
    expect(row).to_contain_text("Belum mulai")
    phone.get_by_role("button", name="Mulai").click()
    phone.locator(".question .option label").first.click()
    expect(row).to_contain_text("1 dari 5 terjawab", timeout=15_000)
    expect(row).to_contain_text("Sedang mengerjakan")
    look(laptop, "room-1280")
    laptop.get_by_role("button", name="Hentikan waktu").click()
    expect(laptop.get_by_text("Waktu 1 orang berhenti.")).to_be_visible()
    laptop.get_by_role("button", name="Lanjutkan waktu").click()
    laptop.get_by_role("button", name="Buat kode").click()
    assert_no_barrier(laptop, "live room", widths=(320, 1280))
    look(laptop, "room-after-1280")
    laptop.set_viewport_size({"width": 360, "height": 740})
    look(laptop, "room-360")

    # The same on the big screen; without signal it says so.
    laptop.set_viewport_size(PROJECTOR["viewport"])
    laptop.get_by_role("link", name="Layar besar").click()
    expect(laptop.locator(".board-done")).to_contain_text("0 dari 3")
    assert_no_barrier(laptop, "big screen", widths=(320, 1920))
    look(laptop, "screen-1920")
    laptop.context.set_offline(True)
    expect(laptop.get_by_text("Tidak ada sambungan")).to_be_visible(timeout=15_000)
    laptop.context.set_offline(False)
    expect(laptop.get_by_text("Tidak ada sambungan")).to_be_hidden(timeout=15_000)

    # A question to the hall, by keyboard.
    laptop.set_viewport_size(LAPTOP["viewport"])
    laptop.goto(f"{base}/angkatan/{cohort.id}/jajak")
    assert_no_barrier(laptop, "what may be asked", widths=(320, 1280))
    look(laptop, "polls-1280")
    laptop.get_by_role("listitem").filter(has_text=question).get_by_role("button").press("Enter")
    laptop.wait_for_url("**/jajak/*")
    assert_no_barrier(laptop, "buttons of the question", widths=(320, 1280))
    screen = laptop.context.new_page()
    screen.set_viewport_size(PROJECTOR["viewport"])
    screen.goto(f"{laptop.url}/layar")
    expect(screen.get_by_text(question)).to_be_visible()

    # Two phones answer, one of them without a script.
    phone.goto(f"{base}/belajar/{desk.enrolment.id}")
    phone.get_by_role("link", name="Jawab pertanyaan di layar").click()
    assert_no_barrier(phone, "question on a phone")
    look(phone, "phone-open-360")
    phone.locator(".option label").nth(1).click()
    phone.get_by_role("button", name="Kirim jawaban saya").click()
    expect(phone.get_by_text("Jawaban Anda tersimpan")).to_be_visible()
    look(phone, "phone-kept-360")
    other = open_page(neighbour.user_id, f"/belajar/{neighbour.id}/jajak", java_script_enabled=False)
    other.locator("#choice-1").check()
    other.get_by_role("button", name="Kirim jawaban saya").click()
    expect(other.get_by_text("Jawaban Anda tersimpan")).to_be_visible()

    # Bars when the trainer says so, then what is right.
    expect(screen.locator(".board-status")).to_contain_text("2 dari 3 sudah menjawab", timeout=15_000)
    expect(screen.locator(".board-number")).to_have_count(0)
    look(screen, "poll-open-1920")
    laptop.get_by_role("button", name="Tampilkan diagram").press("Enter")
    expect(screen.locator(".board-number")).to_have_text(["1", "1", "0"], timeout=15_000)
    laptop.get_by_role("button", name="Tampilkan jawaban benar").press("Enter")
    expect(screen.locator(".board-options .right")).to_have_count(1, timeout=15_000)
    assert_no_barrier(screen, "question on the big screen", widths=(320, 1920))
    look(screen, "poll-key-1920")
    look(laptop, "poll-buttons-1280")
    expect(phone.get_by_text("Jawaban benar")).to_be_visible(timeout=25_000)
    assert_no_barrier(phone, "what came of it")
    look(phone, "phone-key-360")
    other.get_by_role("link", name="Lihat lagi").click()
    expect(other.get_by_text("Jawaban benar")).to_be_visible()

    # In the evening: what to teach again, on one sheet.
    teach_badly(desk)
    laptop.goto(base)
    laptop.get_by_role("link", name="Ajarkan lagi besok").click()
    expect(laptop.locator(".again")).to_have_count(1)
    assert_no_barrier(laptop, "what to teach again", widths=(320, 1280))
    with pypdfium2.PdfDocument(laptop.pdf(format="A4", prefer_css_page_size=True)) as sheet:
        assert len(sheet) == 1
    laptop.get_by_role("link", name="Langsung:").click()
    assert_no_barrier(laptop, "quizzes of the hall", widths=(320, 1280))
