"""A hall in a browser: time stops and goes on on the phone, questions come one at a time without a script."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort
from lms.core.accounts.models import Role, UserSession
from lms.core.clock import utc_now
from lms.core.db import begin_write
from quizzes.attempts import hall
from quizzes.attempts.models import Attempt
from quizzes.types import get_type
from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.race.conftest import Server, server  # noqa: F401

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]


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


def organiser_of(desk: Desk) -> int:
    user = factories.make_user(desk.session, Role.ORGANISER, branch=desk.enrolment.cohort.branch)
    return user.id


def act(desk: Desk, name: str, **values: int) -> None:
    desk.session.rollback()
    cohort = desk.session.get_one(Cohort, desk.enrolment.cohort_id)
    acts: dict[str, Any] = {"pause": hall.pause, "resume": hall.resume, "extend": hall.extend}
    acts[name](desk.session, organiser_of(desk), cohort=cohort, step_id=desk.step.id, now=utc_now(), **values)
    desk.session.commit()


def attempt_of(desk: Desk) -> Attempt:
    desk.session.rollback()
    desk.session.expire_all()
    return desk.session.scalars(select(Attempt)).one()


def choose(page: Page, number: int) -> None:
    page.locator(".question:visible .option label").nth(number - 1).click()


def look(page: Page, name: str) -> None:
    """Keep a picture for who wants to look."""
    if folder := os.environ.get("LOOK"):
        for width, height in ((360, 740), (1280, 800)):
            for scheme in ("light", "dark"):
                page.set_viewport_size({"width": width, "height": height})
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.screenshot(path=f"{folder}/{name}-{width}-{scheme}.png", full_page=True)
        page.set_viewport_size({"width": 360, "height": 740})


def test_a_pause_reaches_the_phone_with_its_next_save_and_so_does_its_end(
    session: Session, open_page: OpenPage
) -> None:
    desk = make_desk(session, time_limit_minutes=30)
    attempt = desk.start(now=utc_now())
    page = open_page(desk.enrolment.user_id, f"/percobaan/{attempt.id}")
    expect(page.locator("[data-clock]")).to_contain_text("30 menit")
    expect(page.locator("[data-stopped]")).to_be_hidden()

    act(desk, "pause")
    choose(page, 1)
    expect(page.locator("[data-clock]")).to_contain_text("berhenti")
    expect(page.locator("[data-stopped]")).to_be_visible()
    look(page, "stopped")

    act(desk, "extend", minutes=10)
    act(desk, "resume")
    choose(page, 2)
    expect(page.locator("[data-clock]")).to_contain_text("40 menit")
    expect(page.locator("[data-stopped]")).to_be_hidden()


def test_a_phone_that_knows_nothing_of_more_time_hands_nothing_in(
    session: Session, open_page: OpenPage
) -> None:
    desk = make_desk(session, time_limit_minutes=30)
    attempt = desk.start(now=utc_now())
    begin_write(session)
    session.execute(update(Attempt).values(deadline_at=utc_now() + timedelta(seconds=8)))
    session.commit()
    page = open_page(desk.enrolment.user_id, f"/percobaan/{attempt.id}")
    act(desk, "extend", minutes=10)

    expect(page.locator("[data-clock]")).to_contain_text("10 menit", timeout=20_000)

    assert attempt_of(desk).state == "in_progress"
    assert f"/percobaan/{attempt.id}" in page.url


def test_questions_one_at_a_time_need_no_script(session: Session, open_page: OpenPage) -> None:
    desk = make_desk(session, is_sequential=True)
    attempt = desk.start(now=utc_now())
    page = open_page(desk.enrolment.user_id, f"/percobaan/{attempt.id}", java_script_enabled=False)
    for number in range(1, 6):
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"Soal {number} dari 5")
        choose(page, 1)
        page.get_by_role("button", name="Simpan dan lanjut").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Semua soal sudah dilalui")
    page.get_by_role("button", name="Kirim").click()
    assert attempt_of(desk).state == "submitted"


def test_the_clock_runs_at_a_question_that_comes_alone_and_hands_in_what_stands_there(
    session: Session, open_page: OpenPage
) -> None:
    desk = make_desk(session, is_sequential=True, time_limit_minutes=30, grace_seconds=20)
    attempt = desk.start(now=utc_now())
    page = open_page(desk.enrolment.user_id, f"/percobaan/{attempt.id}")
    expect(page.locator("[data-clock]")).to_contain_text("30 menit")
    assert_no_barrier(page, "one question and the time")
    begin_write(session)
    session.execute(update(Attempt).values(deadline_at=utc_now() + timedelta(seconds=26)))
    session.commit()

    page.reload()
    expect(page.locator("[data-clock]")).to_contain_text("kurang dari 1 menit")
    expect(page.locator("[data-spoken]")).to_have_text("Tinggal satu menit.")
    choose(page, 1)
    page.wait_for_url("**/hasil", timeout=20_000)

    handed_in = attempt_of(desk)
    assert (handed_in.submitted_by, handed_in.place) == ("person", 1)
    first = desk.items(handed_in)[0].response
    assert first is not None
    assert first.raw == {"choice": ["1"]}


def test_practice_by_keyboard_shows_the_answer_and_takes_another(
    session: Session, open_page: OpenPage
) -> None:
    practice = {"purpose": "practice", "pass_percent": None, "show_result": "after_each"}
    desk = make_desk(session, **practice, retries=1, retry_cost_percent=25)
    attempt = desk.start(now=utc_now())
    wrong = desk.items(attempt)[0]
    page = open_page(desk.enrolment.user_id, f"/percobaan/{attempt.id}")
    assert_no_barrier(page, "one question")
    look(page, "practice-open")
    page.set_viewport_size({"width": 360, "height": 740})
    choice = get_type("single_choice").miss(wrong.question_version.content, wrong.prepared)["choice"][0]
    page.locator(f"input[name=q1-choice][value='{choice}']").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Periksa jawaban saya").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Coba lagi")).to_be_visible()
    assert_no_barrier(page, "an answer that is shown")
    look(page, "practice-shown")
    page.get_by_role("button", name="Coba lagi").press("Enter")
    expect(page.locator("fieldset.question")).to_be_visible()


def test_pages_of_organisers_and_the_door_have_no_barrier(session: Session, open_page: OpenPage) -> None:
    desk = make_desk(session, time_limit_minutes=30, needs_code=True, closes="40 15:00", cooldown_minutes=60)
    cohort = desk.enrolment.cohort_id
    user_id = organiser_of(desk)
    page = open_page(user_id, "/")
    begin_write(session)
    session.execute(
        update(UserSession).where(UserSession.user_id == user_id).values(second_factor_at=utc_now())
    )
    session.commit()
    url = page.url.rstrip("/")
    page.goto(f"{url.split('/masuk')[0].split('/kode')[0]}/angkatan/{cohort}/ruang/{desk.step.id}")
    assert_no_barrier(page, "hall without a code")
    page.get_by_role("button", name="Buat kode").click()
    expect(page.locator(".wall-code")).to_be_visible()
    page.get_by_role("button", name="Hentikan waktu").click()
    assert_no_barrier(page, "hall", widths=(320, 1280))
    look(page, "hall")
    base = page.url.split("/angkatan")[0]
    page.goto(f"{base}/angkatan/{cohort}/peserta/{desk.enrolment.id}/kelonggaran")
    page.get_by_label("Tambahan waktu, dalam persen").fill("50")
    page.get_by_label("Alasan").fill("Rabun dekat.")
    page.get_by_role("button", name="Berikan").click()
    expect(page.get_by_text("waktu ditambah 50%")).to_be_visible()
    assert_no_barrier(page, "accommodations", widths=(320, 1280))
    look(page, "accommodations")

    phone = open_page(desk.enrolment.user_id, f"/belajar/{desk.enrolment.id}/kuis/{desk.step.id}")
    expect(phone.get_by_text("Panitia menghentikan kuis ini sebentar")).to_be_visible()
    look(phone, "door-stopped")
    act(desk, "resume")
    phone.reload()
    phone.get_by_label("Kode ruangan").fill("salah")
    phone.get_by_role("button", name="Mulai").click()
    expect(phone.get_by_text("Ini bukan kode ruangan")).to_be_visible()
    assert_no_barrier(phone, "door with a code")
    look(phone, "door-code")
