"""What authors do with a case and with a picture: by keyboard, with a script and without."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role, User, UserSession
from lms.core.clock import utc_now
from lms.core.db import begin_write
from quizzes.bank.models import Question, QuestionPicture, QuestionVersion
from quizzes.types import get_type
from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.browser.conftest import context
from tests.race.conftest import Server, server  # noqa: F401

pytestmark = pytest.mark.browser

OpenDesk = Callable[..., Page]


@pytest.fixture
def trainer(session: Session) -> User:
    return factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session))


@pytest.fixture
def open_desk(chromium: Browser, server: Server, session: Session, trainer: User) -> Iterator[OpenDesk]:  # noqa: F811
    """Return a function that opens a page of the bank as a trainer."""
    name, value = server.phone(trainer.id).holder.cookie.split("=", 1)
    begin_write(session)
    session.execute(update(UserSession).values(second_factor_at=utc_now()))
    session.commit()
    open_ones = []

    def _open(path: str, **options: Any) -> Page:
        profile = context(chromium, **({"viewport": {"width": 1280, "height": 800}} | options))
        open_ones.append(profile)
        within = profile.__enter__()
        within.add_cookies([{"name": name, "value": value, "url": server.running.url}])
        page = within.new_page()
        page.goto(f"{server.running.url}{path}")
        return page

    yield _open
    for profile in open_ones:
        profile.__exit__(None, None, None)


def slip() -> dict[str, Any]:
    body = io.BytesIO()
    Image.new("RGB", (640, 400), "white").save(body, "PNG")
    return {"name": "slip.png", "mimeType": "image/png", "buffer": body.getvalue()}


def branching(session: Session) -> int:
    """Return a question of the nation whose answers branch."""
    source = get_type("case_set").examples()[1].source
    case = factories.make_question(session, "case_set", source=dict(source))
    begin_write(session)
    session.execute(update(Question).where(Question.id == case.question_id).values(use="practice"))
    session.commit()
    return case.question_id


def is_in_view(page: Page) -> bool:
    return bool(page.evaluate("() => document.activeElement.closest('[data-row]') !== null"))


def test_the_form_of_a_case_has_no_barrier(open_desk: OpenDesk) -> None:
    page = open_desk("/soal/baru?jenis=case_set")

    assert_no_barrier(page, "form of a case", widths=(320, 1280))
    for more in page.locator("#detail summary").all():
        more.click()
    assert_no_barrier(page, "form of a case, all open", widths=(320, 1280))


def test_a_case_that_branches_is_written_by_keyboard_and_drawn_as_a_map(
    open_desk: OpenDesk, session: Session
) -> None:
    page = open_desk("/soal/baru?jenis=case_set")
    count = page.locator("[data-row]").count()
    page.locator("#detail button[value=row-add]").press("Enter")
    expect(page.locator("[data-row]")).to_have_count(count + 1)
    assert is_in_view(page)
    page.locator("#stem").fill("Uang titipan")
    page.locator("#topic").fill("Iuran")
    parts = (
        {"name": "lapak", "text": "Bu Sumi menitipkan uang.", "choices": "bank | Menolak\nlaci | Menerima"},
        {"name": "bank", "text": "Bu Sumi membayar di bank.", "end": "good"},
        {"name": "laci", "text": "Uangnya menginap di laci.", "end": "bad"},
    )
    for number, part in enumerate(parts):
        page.locator(f"[data-row='{number}'] summary").press("Enter")
        for name, said in part.items():
            field = page.locator(f"#detail-parts-{number}-{name}")
            field.select_option(said) if name == "end" else field.fill(said)
    page.locator("#use input[value=practice]").press("Space")

    page.get_by_role("button", name="Simpan", exact=True).press("Enter")
    page.wait_for_url(re.compile(r"/soal/[0-9]+$"))

    version = session.scalars(select(QuestionVersion)).one()
    assert [part.get("end") for part in version.source["parts"]] == [None, "good", "bad"]


def test_the_map_of_a_case_has_no_barrier_and_names_every_way(open_desk: OpenDesk, session: Session) -> None:
    page = open_desk(f"/soal/{branching(session)}")

    for name in ("lapak", "loket", "tunda", "laci"):
        expect(page.get_by_text(name, exact=True).first).to_be_visible()
    assert_no_barrier(page, "map of a case", widths=(320, 1280))


def test_a_picture_is_sent_once_shown_at_its_field_and_saved(open_desk: OpenDesk, session: Session) -> None:
    page = open_desk("/soal/baru?jenis=hotspot")
    sent: list[int] = []
    page.on("request", lambda request: sent.append(len(request.post_data_buffer or b"")))
    page.locator("#stem").fill("Di mana potongan JHT?")
    page.locator("#topic").fill("Iuran")
    page.locator("#detail-alt").fill("Slip gaji")

    page.locator("#detail-upload").set_input_files([slip()])  # type: ignore[list-item]
    expect(page.locator("#detail figure img")).to_have_js_property("complete", value=True)
    assert page.locator("#detail figure img").evaluate("image => image.naturalWidth") == 640
    expect(page.locator("#pratinjau .drawing img")).to_be_visible()
    expect(page.locator("#detail-upload")).to_have_value("")
    assert_no_barrier(page, "form of a picture", widths=(320, 1280))
    for number, (text, area) in enumerate((("Potongan JHT", "40 40 200 60"), ("Upah", "400 100 60"))):
        page.locator(f"#detail-options-{number}-text").fill(text)
        page.locator(f"#detail-options-{number}-area").fill(area)
    page.locator("#detail-options-0-is_right").press("Space")
    page.get_by_role("button", name="Simpan", exact=True).click()
    page.wait_for_url(re.compile(r"/soal/[0-9]+$"))

    picture = session.scalars(select(QuestionPicture)).one()
    version = session.scalars(select(QuestionVersion)).one()
    assert version.source["picture"] == {"sha256": picture.sha256, "width": 640, "height": 400}
    assert_no_barrier(page, "a question on a picture", widths=(320, 1280))


def test_without_a_script_a_picture_is_sent_with_the_button_and_kept(
    open_desk: OpenDesk, session: Session
) -> None:
    page = open_desk("/soal/baru?jenis=hotspot", java_script_enabled=False)
    page.locator("#detail-upload").set_input_files([slip()])  # type: ignore[list-item]

    page.locator("button[value=look]").last.click()

    expect(page.locator("#detail figure img")).to_be_visible()
    assert session.scalars(select(QuestionPicture.sha256)).one() in (
        page.locator("#detail-picture").input_value()
    )


def test_a_file_that_is_no_picture_is_refused_at_its_field(open_desk: OpenDesk) -> None:
    page = open_desk("/soal/baru?jenis=hotspot")
    text = {"name": "slip.png", "mimeType": "image/png", "buffer": b"bukan gambar"}

    page.locator("#detail-upload").set_input_files([text])  # type: ignore[list-item]

    expect(page.locator("#detail .field-error")).to_contain_text("PNG")
