"""A trainer writes a lesson: seen while typed, saved by itself, kept when signed out, never overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from courses.catalogue.drafts.models import CourseDraft
from courses.catalogue.drafts.services import write_file
from courses.catalogue.folder import read_files
from courses.catalogue.quizzes import EXTENSION
from courses.catalogue.services import load_course
from lms.core.accounts.models import Role, User, UserSession
from lms.core.clock import utc_now
from lms.core.db import begin_write
from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.browser.conftest import context
from tests.conftest import NOW
from tests.courses.catalogue.drafts.copies import PAGE, actor_of, begin, body_of, file_of
from tests.courses.catalogue.folders import LESSON, reviewed
from tests.race.conftest import Server, server  # noqa: F401

pytestmark = pytest.mark.browser

ITEM = (
    "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·  </span>{}</p>"
)
WORD = (
    "<h1>Ahli waris</h1>"
    "<p class=MsoNormal>Istri atau <b>suami</b>, lalu <a href='https://contoh.id'>anak</a>.</p>"
    f"{ITEM.format('Surat')}{ITEM.format('Kartu')}"
    "<table><tr><td>Siapa</td><td>Apa</td></tr><tr><td>Anak</td><td>{santunan}</td></tr></table>"
    "<script>x</script>"
)
CLEAN = (
    "## Ahli waris\n\nIstri atau **suami**, lalu [anak](https://contoh.id).\n\n- Surat\n- Kartu\n\n"
    "| Siapa | Apa |\n|---|---|\n| Anak | \\{santunan\\} |"
)


@pytest.fixture
def trainer(session: Session) -> User:
    return factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session))


@pytest.fixture
def draft(app: Flask, session: Session, trainer: User) -> CourseDraft:
    store, day = app.extensions[EXTENSION], date(2026, 11, 22)
    load_course(
        session, read_files(reviewed()), as_of=day, quizzes=store, publish=True, now=NOW, actor_id=None
    )
    session.commit()
    return begin(session, trainer)


@pytest.fixture
def page(
    chromium: Browser,
    server: Server,  # noqa: F811
    session: Session,
    trainer: User,
    draft: CourseDraft,
) -> Iterator[Page]:
    """The lesson's page, opened by its trainer."""
    url = server.running.url
    with context(chromium, viewport={"width": 1280, "height": 800}) as profile:
        profile.add_cookies([cookie_of(server, session, trainer)])
        page = profile.new_page()
        page.goto(f"{url}/naskah/berkas/{file_of(session, draft, PAGE).id}")
        yield page


def cookie_of(server: Server, session: Session, trainer: User) -> dict[str, str]:  # noqa: F811
    name, value = server.phone(trainer.id).holder.cookie.split("=", 1)
    session.rollback()
    begin_write(session)
    session.execute(update(UserSession).values(second_factor_at=utc_now()))
    session.commit()
    return {"name": name, "value": value, "url": server.running.url}


def write_at_end(page: Page, text: str) -> None:
    page.locator("#text").press("Control+End")
    page.keyboard.type(text)


def saved(page: Page) -> None:
    expect(page.locator("[data-state]")).to_have_attribute("data-kind", "good")


def test_a_lesson_is_written_and_seen_kept_and_decided(
    page: Page,
    server: Server,  # noqa: F811
    session: Session,
    trainer: User,
    draft: CourseDraft,
) -> None:
    look, field = page.locator("#lihat"), page.locator("#text")
    expect(look).to_contain_text("Siapakah ahli waris")

    # Typed, seen, saved; a fault leads to its line.
    write_at_end(page, "\nSantunannya Rp42.000.000.\n")
    expect(look.locator("[data-line='16']")).to_be_visible()
    expect(look.locator(".prose")).to_contain_text("Santunannya")
    saved(page)
    look.locator("[data-line='16']").click()
    page.keyboard.type("Ada santunan.")
    expect(look.locator("[data-line]")).to_have_count(0)
    page.keyboard.press("Control+s")
    saved(page)
    assert body_of(session, draft, PAGE).decode() == f"{LESSON}\nAda santunan.\n"

    # A number from the list, a box by its button, and what comes from Word.
    page.locator("#text").press("Control+End")
    page.locator("[data-pick]").first.click()
    page.locator("#pemilih input").fill("jkm pemakaman")
    page.locator("#pemilih [data-mark] button").first.click()
    page.locator("#text").press("Control+End")
    page.locator("button.tool", has_text="Kotak ingat").click()
    page.evaluate(
        """html => {
            const data = new DataTransfer(), field = document.getElementById("text");
            data.setData("text/html", html);
            field.setSelectionRange(field.value.length, field.value.length);
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, cancelable: true }));
        }""",
        WORD,
    )
    text = field.input_value()
    assert "{fakta:jkm." in text
    assert "\n\n::: ingat Judul\nSatu kalimat.\n:::\n" in text
    assert text.endswith(CLEAN)
    expect(look.locator("table")).to_contain_text("{santunan}")
    saved(page)
    assert_no_barrier(page, "the lesson's page", widths=(320, 360, 1280))

    # Signed out in mid-edit: the text is kept, and goes on after signing in.
    begin_write(session)
    session.execute(delete(UserSession))
    session.commit()
    write_at_end(page, "\n\nSesudah keluar.\n")
    expect(page.locator("[data-state]")).to_have_attribute("data-kind", "bad")
    page.context.add_cookies([cookie_of(server, session, trainer)])  # type: ignore[list-item]
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("#sisa")).to_be_visible()
    page.locator("[data-take]").click()
    saved(page)
    assert body_of(session, draft, PAGE).decode().endswith("Sesudah keluar.\n")

    # Somebody else saved: both texts stand there, and the writer decides.
    file = file_of(session, draft, PAGE)
    write_file(
        session, actor_of(trainer), draft_file_id=file.id, text=f"{LESSON}\nDari rekan.\n",
        revision=file.revision, now=NOW,
    )  # fmt: skip
    session.commit()
    write_at_end(page, "Dari saya.\n")
    expect(page.locator("[data-other]")).to_have_value(f"{LESSON}\nDari rekan.\n")
    assert_no_barrier(page, "two texts", widths=(360, 1280))
    with page.expect_navigation():
        page.locator("button[value=save]").click()
    assert body_of(session, draft, PAGE).decode().endswith("Dari saya.\n")


def test_structure_and_changes_by_keys(
    page: Page,
    server: Server,  # noqa: F811
    session: Session,
    draft: CourseDraft,
) -> None:
    base = f"{server.running.url}/naskah"
    page.goto(f"{base}/{draft.id}/susunan")
    page.locator("#t-0-0-0").press("Alt+ArrowDown")
    expect(page.locator("#t-0-0-1")).to_be_focused()
    expect(page.locator("[data-said]")).not_to_be_empty()
    page.locator("#p-0-0-1 button[value='up:0-0-1']").click()
    page.wait_for_url("**/susunan#p-0-0-0")
    session.rollback()
    assert body_of(session, draft, "course.yaml") == reviewed()["course.yaml"]
    page.locator("#t-0").fill("Hari satu")
    page.locator("button[value=names]").click()
    expect(page.locator("#t-0")).to_have_value("Hari satu")

    file_id = file_of(session, draft, PAGE).id
    pages = ("", "/susunan", "/perubahan", "/periksa")
    for place in ("", *(f"/{draft.id}{page_}" for page_ in pages), f"/berkas/{file_id}/sisipan"):
        page.goto(f"{base}{place}")
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        assert_no_barrier(page, place, widths=(320, 360, 1280))
    assert session.scalars(select(CourseDraft.status)).all() == ["writing"]
