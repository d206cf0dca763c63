"""What a phone keeps of whom: signed out, signed in as somebody else, handed in."""

from __future__ import annotations

import hashlib
import io

import pytest
from PIL import Image
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect
from sqlalchemy import delete, update

from courses.catalogue.models import Lesson, LessonPicture, Step
from lms.core.accounts.models import UserSession
from lms.core.db import begin_write
from tests import factories
from tests.browser.quiz.phones import (
    OpenPhone,
    address,
    attempt_of,
    await_kept,
    begin,
    begin_kept,
    choose,
    controlled,
    forward,
    kept,
    path_of,
    saved,
    sign_in,
    standing,
    start_path,
    waiting,
)
from tests.quizzes.attempts.conftest import Desk
from tests.race.conftest import Server

pytestmark = pytest.mark.browser


def test_signed_out_the_answer_stays_on_the_phone_until_signed_in_again(
    open_phone: OpenPhone,
    desk: Desk,
    server: Server,
) -> None:
    page = open_phone()
    begin(page)
    begin_write(desk.session)
    desk.session.execute(delete(UserSession))
    desk.session.commit()

    choose(page, 2)
    expect(page.locator(".save-state")).to_have_text("Sesi habis – jawaban aman di HP ini.")
    expect(page.locator("[data-sign-in]")).to_be_visible()
    sign_in(page.context, server, desk)

    saved(page)
    assert standing(desk) == {"choice": ["2"]}


def test_another_person_on_the_phone_sees_nothing_and_takes_nothing(
    open_phone: OpenPhone,
    desk: Desk,
    server: Server,
) -> None:
    page = open_phone()
    url = begin_kept(page)
    page.context.set_offline(True)
    choose(page, 2)
    expect(page.locator(".save-state")).to_contain_text("Belum terkirim")
    page.close()
    page.context.set_offline(False)
    other = factories.make_enrolment(desk.session, cohort=desk.enrolment.cohort)
    neighbour = Desk(desk.session, other, desk.step, desk.now)
    sign_in(page.context, server, neighbour)
    theirs = page.context.new_page()
    theirs.goto(f"{address(server)}{start_path(neighbour)}")
    begin(theirs)
    expect(theirs.locator("#q1-choice-2")).not_to_be_checked()
    assert path_of(url) not in kept(theirs)
    choose(theirs, 3)
    saved(theirs)
    theirs.context.set_offline(True)
    with pytest.raises(PlaywrightError, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        theirs.goto(url)
    theirs.context.set_offline(False)
    assert waiting_of(theirs, url) == 1

    sign_in(page.context, server, desk)
    again = page.context.new_page()
    again.goto(url)

    saved(again)
    assert standing(desk) == {"choice": ["2"]}
    assert standing(neighbour) == {"choice": ["3"]}


def waiting_of(page: Page, url: str) -> int:
    """Return how many answers of the sitting at ``url`` wait, seen from any page of the house."""
    page.goto(url.split("/percobaan", maxsplit=1)[0])
    return waiting(page)


def test_signing_out_takes_along_what_was_sent_and_leaves_what_was_not(
    open_phone: OpenPhone,
    desk: Desk,
    server: Server,
) -> None:
    page = open_phone()
    controlled(page)
    url = begin(page)
    choose(page, 2)
    saved(page)
    forward(page)
    page.route("**/jawaban", lambda route: route.abort())
    choose(page, 1)
    expect(page.locator(".save-state")).to_contain_text("Belum terkirim")
    key = f"quiz:{desk.enrolment.user_id}:{attempt_of(desk).id}"
    assert page.evaluate("(key) => JSON.parse(localStorage[key]).length", key) == 2
    await_kept(page, url)

    page.goto(f"{address(server)}/akun")
    page.get_by_role("button", name="Keluar").click()

    expect(page.get_by_text("Anda sudah keluar")).to_be_visible()
    assert page.evaluate("(key) => JSON.parse(localStorage[key]).map((one) => one.position)", key) == [2]
    assert kept(page) == []


def test_only_lessons_and_the_open_quiz_are_kept(
    open_phone: OpenPhone,
    desk: Desk,
    server: Server,
) -> None:
    page = open_phone()
    url = begin_kept(page)
    lesson = next(step for step in desk.step.module.steps if step.kind == "lesson")
    reading = f"{address(server)}/belajar/{desk.enrolment.id}/materi/{lesson.id}"
    page.goto(f"{address(server)}/belajar/{desk.enrolment.id}")
    page.goto(f"{url}/tanda-terima")
    page.goto(reading)
    await_kept(page, reading)
    assert kept(page) == sorted([path_of(reading), path_of(url)])

    desk.submit(attempt_of(desk))
    page.goto(url)

    expect(page.get_by_role("heading", level=1)).to_contain_text("Belum lulus")
    page.wait_for_timeout(300)
    assert kept(page) == [path_of(reading)]
    page.context.set_offline(True)
    page.goto(reading)
    expect(page.locator("article .prose")).to_be_visible()


def test_a_photo_further_down_a_kept_lesson_is_kept_with_it_and_goes_with_its_reader(
    open_phone: OpenPhone,
    desk: Desk,
    server: Server,
) -> None:
    page = open_phone()
    controlled(page)
    step = next(step for step in desk.step.module.steps if step.kind == "lesson")
    photo = f"/gambar-materi/{show_photo(desk, step)}"
    reading = f"{address(server)}/belajar/{desk.enrolment.id}/materi/{step.id}"
    page.goto(reading)
    await_kept(page, address(server) + photo)
    await_kept(page, reading)

    page.context.set_offline(True)
    page.goto(reading)
    image = page.locator("article img")
    image.scroll_into_view_if_needed()
    page.wait_for_function("(image) => image.complete && image.naturalWidth", arg=image.element_handle())
    page.context.set_offline(False)

    page.goto(f"{address(server)}/akun")
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_text("Anda sudah keluar")).to_be_visible()
    assert kept(page) == []


def show_photo(desk: Desk, step: Step) -> str:
    """Put a photo at the end of a long lesson, and return its hash."""
    body = io.BytesIO()
    Image.new("RGB", (1200, 600), "teal").save(body, "WEBP")
    sha256 = hashlib.sha256(body.getvalue()).hexdigest()
    begin_write(desk.session)
    desk.session.add(LessonPicture(sha256=sha256, body=body.getvalue(), kept_at=desk.now))
    figure = f'<img src="/gambar-materi/{sha256}" alt="Aula." width="1200" height="600" loading="lazy">'
    desk.session.execute(
        update(Lesson)
        .where(Lesson.step_id == step.id)
        .values(html=f"{'<p>Kalimat.</p>' * 400}<figure>{figure}</figure>")
    )
    desk.session.commit()
    return sha256
