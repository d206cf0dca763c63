"""The whole story of a trainer who never used the workshop, by keyboard alone; and by plain forms.

Ten questions of different types, a colleague's review, a quiz on a blueprint, given to a cohort, taken by a
trainee, a question corrected, the next version, and the live room that shows who is at work.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import Edition
from courses.cohorts.models import Cohort, Enrolment
from courses.cohorts.services import create_cohort
from courses.learning.models import Progress
from lms.core.accounts.models import Branch, Role, User
from lms.core.clock import utc_now
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.bank.models import Question, QuestionVersion
from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.browser.test_editor_page import JOURNEY, begin, finish, write
from tests.browser.test_every_type import answer_by_keys, tab_to
from tests.browser.test_review_page import branch, press, sit  # noqa: F401
from tests.quizzes.bank.approving import approve
from tests.quizzes.bank.builds import make_workshop
from tests.race.conftest import server  # noqa: F401

pytestmark = pytest.mark.browser

Sit = Callable[..., Page]
SignIn = Callable[[int], FlaskClient]
PHONE = {"viewport": {"width": 360, "height": 740}}
WIDE = {"width": 1280, "height": 800}
CHOSEN = ("membayar iuran JKK", "ikut membayar", "program jaminan sosial")
"""Words by which the named questions are found."""
FIRST = "Siapa memotong iuran JHT bagian pekerja?"
BETTER = "Siapa yang wajib memotong iuran JHT bagian pekerja?"


def hold_class(session: Session, branch: Branch, tmp_path: Path) -> tuple[Cohort, Enrolment]:  # noqa: F811
    """Set up a course, and a cohort of the branch that is under way with one person."""
    make_workshop(session, tmp_path)
    today = utc_now().astimezone(ZoneInfo("Asia/Jakarta")).date()
    edition = session.scalars(select(Edition)).one()
    cohort = create_cohort(
        session, None, branch_id=branch.id, edition_id=edition.id, name="Angkatan contoh", place="Madiun",
        time_zone="Asia/Jakarta", starts_on=today - timedelta(days=1), ends_on=today, now=utc_now(),
    )  # fmt: skip
    session.commit()
    return cohort, factories.make_enrolment(session, cohort=cohort, name="Bu Contoh")


def see(page: Page, what: str) -> None:
    """Look for barriers, and go back to the width of the desk."""
    assert_no_barrier(page, what, widths=(360, 1280))


def mark_cell(page: Page) -> None:
    """Say where the open question is read and what it asks of people: its cell of the blueprint."""
    write(page, "#read", "day-1/01-iuran/iuran#siapa-membayar")
    write(page, "#topic", "Warung")
    tab_to(page, "form#editor > details:not(.fold) > summary", most=120)
    page.keyboard.press("Enter")
    tab_to(page, "#level")
    page.keyboard.press("ArrowDown")


def write_ten(page: Page) -> None:
    for number, (kind, stem, answer) in enumerate(JOURNEY):
        begin(page, kind, stem)
        answer(page)
        if not number:
            mark_cell(page)
        finish(page)


def ask_for_review(author: Page, colleague: Page, question_id: int) -> None:
    """Let a colleague read it and find it right."""
    home = author.url.split("/soal/")[0]
    author.goto(f"{home}/soal/{question_id}")
    press(author, "section:has(#state) form:has([value=review]) button")
    colleague.goto(f"{home}/soal/{question_id}/telaah")
    press(colleague, "button[value=ready]")


def begin_quiz(page: Page, title: str) -> None:
    """Make a quiz from the list, and say what is wanted of the one cell."""
    press(page, "main a[href='/kuis/baru']")
    see(page, "a new quiz")
    write(page, "#title", title)
    press(page, "main form button.button")
    tab_to(page, "#mau-0-remember", most=120)
    page.keyboard.type("1")
    tab_to(page, "#cetak-biru button:not([name])")
    page.keyboard.press("Enter")
    expect(page.locator("#cetak-biru")).to_contain_text("Diinginkan: 1 soal. Di setiap lembar saat ini: 0.")


def put_in_by_rule(page: Page) -> None:
    """One question of the topic, of the level the blueprint asks for."""
    tab_to(page, "#dari", most=120)
    page.keyboard.type("war")
    tab_to(page, "#tingkat")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#aturan form[data-changing] button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 soal dari warung, tingkat").last).to_be_visible()
    tab_to(page, "button[value=draw]", most=120)
    page.keyboard.press("Enter")
    expect(page.locator("#cetak-biru")).to_contain_text("Semua sel sudah terisi")


def put_in(page: Page, words: str) -> None:
    """Find a question by some of its words, and add it."""
    count = page.locator("#isi [data-place]").count()
    tab_to(page, "#q", most=160)
    page.keyboard.press("Control+a")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.locator("#temuan [name=question_id]").first).to_be_visible()
    tab_to(page, "#temuan [name=question_id]", most=160)
    page.keyboard.press("Enter")
    expect(page.locator("#isi [data-place]")).to_have_count(count + 1)


def publish(page: Page, number: int) -> None:
    press(page, "main a[href$='/terbit']")
    expect(page.get_by_role("button", name=f"Terbitkan versi {number}")).to_be_visible()
    see(page, f"before version {number}")
    press(page, "main form[action$='/terbit'] button")
    expect(page.get_by_text("Terbit", exact=True).first).to_be_visible()


def take(phone: Page, home: str, enrolment: Enrolment, step_id: int) -> None:
    """Find the quiz in the outline, answer it by keys, hand it in."""
    phone.goto(f"{home}/belajar/{enrolment.id}")
    press(phone, f"main a[href$='/kuis/{step_id}']")
    see(phone, "the start of a given quiz")
    press(phone, ".action-bar button, .action-bar a")
    for position in range(1, 5):
        expect(phone.locator(f"#q{position}")).to_be_visible()
        answer_by_keys(phone, position)
        tab_to(phone, "[data-next]")
        phone.keyboard.press("Enter")
    expect(phone.get_by_text("Semua soal sudah dijawab.")).to_be_visible()
    tab_to(phone, "button[form=send]")
    with phone.expect_navigation():
        phone.keyboard.press("Enter")
    phone.wait_for_url("**/hasil")


def correct(page: Page, home: str, question_id: int) -> None:
    """Word a question better; the quiz and its results keep what they have."""
    page.goto(f"{home}/soal/{question_id}/ubah")
    tab_to(page, "#stem", most=120)
    page.keyboard.press("Control+a")
    page.keyboard.type(BETTER)
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    expect(page.locator("#wording")).to_contain_text(BETTER)
    see(page, "a corrected question")


def test_from_ten_questions_to_a_corrected_quiz_in_the_live_room_by_keyboard_alone(
    sit: Sit,  # noqa: F811
    session: Session,
    branch: Branch,  # noqa: F811
    tmp_path: Path,
) -> None:
    cohort, person = hold_class(session, branch, tmp_path)
    trainer, reader = (factories.make_user(session, Role.TRAINER, branch=branch) for _ in range(2))
    desk = sit(trainer, "/soal/baru?jenis=single_choice")
    home = desk.url.split("/soal/")[0]

    write_ten(desk)
    written = list(
        session.scalars(select(Question.id).where(Question.topic == "warung").order_by(Question.id))
    )
    assert len(written) == len(JOURNEY)
    ask_for_review(desk, sit(reader, "/"), written[0])
    for question_id in written[1:4]:
        approve(session, question_id)
    desk.goto(f"{home}/soal?q=iuran")
    see(desk, "the list of the bank")
    press(desk, "button[value=tag]")
    expect(desk.locator(".error-summary")).to_be_visible()
    see(desk, "the list when a button was refused")

    desk.goto(f"{home}/kuis")
    begin_quiz(desk, "Latihan di warung")
    put_in_by_rule(desk)
    for words in CHOSEN:
        put_in(desk, words)
    see(desk, "the builder")
    publish(desk, 1)

    desk.goto(f"{home}/angkatan/{cohort.id}/kuis")
    press(desk, "main a[href$='/tambahan']")
    see(desk, "what a cohort is given")
    tab_to(desk, "#release-0")
    desk.keyboard.press("ArrowDown")
    press(desk, "form.card button")
    session.rollback()
    (step_id,) = session.get_one(Cohort, cohort.id).extra_steps
    phone = sit(session.get_one(User, person.user_id), "/", **PHONE)
    take(phone, home, person, step_id)
    see(phone, "a result")
    session.rollback()
    (sitting,) = session.scalars(select(Attempt).where(Attempt.enrolment_id == person.id))
    counted = session.scalars(select(Progress).where(Progress.step_id == step_id)).one()
    assert counted.percent == sitting.percent

    correct(desk, home, written[0])
    approve(session, written[0])
    desk.goto(f"{home}/kuis/{sitting.quiz_id}/versi/{sitting.quiz_version_id}")
    press(desk, "form[action$='/draf'] button")
    publish_corrected(desk, cohort)
    desk.goto(f"{home}/angkatan/{cohort.id}/kuis")
    press(desk, "main a[href*='/kuis/'].button")
    expect(desk.locator("main")).to_contain_text("Soal yang tulisannya baru")
    press(desk, "main form button.button")

    phone.goto(f"{home}/belajar/{person.id}/kuis/{step_id}")
    press(phone, ".action-bar button")
    desk.goto(f"{home}/angkatan/{cohort.id}/langsung/{step_id}")
    expect(desk.locator("[data-live]")).to_contain_text("Bu Contoh")
    see(desk, "the live room")
    session.rollback()
    papers = select(QuestionVersion.source).join(
        PaperItem, PaperItem.question_version_id == QuestionVersion.id
    )
    old, new = (
        {source["stem"] for source in session.scalars(papers.where(PaperItem.attempt_id == attempt_id))}
        for attempt_id in session.scalars(select(Attempt.id).order_by(Attempt.id))
    )
    assert (FIRST in old, BETTER in new) == (True, True)


def publish_corrected(page: Page, cohort: Cohort) -> None:
    """See whom the next version touches before it is published."""
    press(page, "main a[href$='/terbit']")
    row = page.locator("tr", has_text=cohort.name)
    expect(row).to_contain_text("1")
    press(page, "main form[action$='/terbit'] button")
