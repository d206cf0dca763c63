"""The editor as trainers use it: by keyboard alone, two at one question, signed out or without a line."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lms.core.accounts.models import Branch, User, UserSession
from lms.core.clock import utc_now
from lms.core.db import begin_write
from quizzes.bank.editor.models import QuestionDraft
from quizzes.bank.models import Question, QuestionPicture, QuestionVersion
from quizzes.types import TYPES
from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.browser.test_author_kinds_page import open_desk, trainer  # noqa: F401
from tests.browser.test_every_type import tab_to
from tests.race.conftest import Server, server  # noqa: F401

pytestmark = pytest.mark.browser

OpenDesk = Callable[..., Page]


def write(page: Page, selector: str, text: str) -> None:
    """Reach a field by Tab and type into it."""
    tab_to(page, selector, most=120)
    page.keyboard.type(text)


def rows(page: Page) -> int:
    return page.locator("[data-row]").count()


def begin(page: Page, kind: str, stem: str) -> None:
    """Choose the type in the row of types, then write the question."""
    if f"jenis={kind}" not in page.url:
        # Folded once a type was chosen.
        tab_to(page, "details.fold > summary", most=120)
        page.keyboard.press("Enter")
        tab_to(page, f"nav.filters a[href*='jenis={kind}']", most=120)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**jenis={kind}**")
    page.wait_for_load_state()
    if not page.evaluate("document.activeElement.id === 'stem'"):
        tab_to(page, "#stem", most=120)
    page.keyboard.type(stem)


def finish(page: Page, keys: str = "Control+Enter") -> None:
    """Give the first question its topic, save, and wait for the next."""
    if not page.locator("#topic").input_value():
        write(page, "#topic", "Iuran")
    with page.expect_navigation():
        page.keyboard.press(keys)


def choices(page: Page, *texts: str) -> None:
    tab_to(page, "#detail-options-0-text")
    for place, text in enumerate(texts):
        page.keyboard.type(text)
        if place < len(texts) - 1:
            page.keyboard.press("Enter")


def single(page: Page) -> None:
    choices(page, "Pemberi kerja", "Ketua RT", "Camat", "Lurah", "Bupati")
    expect(page.locator("#detail-options-4-text")).to_have_value("Bupati")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#detail-options-3-text")).to_have_value("Bupati")
    page.keyboard.press("Alt+Delete")
    expect(page.locator("[data-row]")).to_have_count(4)
    page.keyboard.press("Control+Alt+z")
    expect(page.locator("#detail-options-3-text")).to_have_value("Bupati")
    page.keyboard.press("Alt+Enter")
    expect(page.locator("#detail-options-0-right")).to_be_checked()


def two(page: Page) -> None:
    choices(page, "Pekerja", "Pemberi kerja")
    page.keyboard.press("Alt+Enter")


def several(page: Page) -> None:
    choices(page, "Jaminan hari tua", "Jaminan kematian", "Pajak bumi", "Retribusi pasar")
    for right in (0, 1):
        tab_to(page, f"#detail-options-{right}-text", most=120)
        page.keyboard.press("Alt+Enter")


def true_false(page: Page) -> None:
    tab_to(page, "#detail-answer input")
    page.keyboard.press("Space")


def number(page: Page) -> None:
    write(page, "#detail-answer", "{fakta:jht.rate.worker} × 2.000.000")


def short(page: Page) -> None:
    write(page, "#detail-answers-0-accept", "BPJS Ketenagakerjaan")


def pairs(page: Page) -> None:
    lines = (("JHT", "hari tua"), ("JKM", "kematian"), ("JKK", "kecelakaan kerja"), ("JP", "pensiun"))
    tab_to(page, "#detail-pairs-0-text")
    for place, line in enumerate(lines):
        for text in line:
            page.keyboard.type(text)
            if text != "pensiun":
                page.keyboard.press("Enter")
        assert place < 3 or rows(page) >= 4


def order(page: Page) -> None:
    tab_to(page, "#detail-items-0-text")
    for text in ("Mendaftar", "Membayar iuran", "Mengajukan klaim"):
        page.keyboard.type(text)
        if text != "Mengajukan klaim":
            page.keyboard.press("Enter")


def essay(page: Page) -> None:
    for name, text in (("detail-rubric-0-name", "Isi"),):
        if page.locator(f"#{name}").count():
            write(page, f"#{name}", text)


def calculated(page: Page) -> None:
    write(page, "#detail-variables", "upah: 2.000.000 | 3.000.000 | 4.000.000 rupiah")
    write(page, "#detail-answer", "upah × {fakta:jht.rate.worker}")
    expect(page.locator(".samples li")).to_have_count(3)


JOURNEY = (
    ("single_choice", "Siapa memotong iuran JHT bagian pekerja?", single),
    ("single_choice", "Siapa membayar iuran JKK?", two),
    ("multiple_response", "Mana yang merupakan program jaminan sosial?", several),
    ("true_false", "Pekerja ikut membayar iuran JHT.", true_false),
    ("number", "Berapa rupiah iuran JHT bagian pekerja dari upah Rp2.000.000?", number),
    ("short_answer", "Lembaga apa yang menyelenggarakan JHT?", short),
    ("matching", "Pasangkan program dengan risikonya.", pairs),
    ("ordering", "Urutkan langkah seorang peserta baru.", order),
    ("essay", "Jelaskan mengapa pekerja perlu jaminan hari tua.", essay),
    ("calculated", "Upahnya {nilai:upah}. Berapa iuran JHT bagian pekerja?", calculated),
)


def test_ten_questions_of_nine_types_by_keyboard_alone(open_desk: OpenDesk, session: Session) -> None:  # noqa: F811
    page = open_desk("/soal/baru?jenis=single_choice")

    for kind, stem, answer in JOURNEY:
        begin(page, kind, stem)
        answer(page)
        finish(page)

    stored = list(session.scalars(select(QuestionVersion).order_by(QuestionVersion.id)))
    assert [(version.type, version.source["stem"]) for version in stored] == [row[:2] for row in JOURNEY]
    assert [option["text"] for option in stored[0].source["options"]] == [
        "Pemberi kerja",
        "Ketua RT",
        "Camat",
        "Bupati",
        "Lurah",
    ]
    assert len(stored[6].source["pairs"]) == 4
    assert session.scalars(select(QuestionDraft)).all() == []


def told(page: Page, text: str) -> None:
    expect(page.locator("[data-kept]")).to_contain_text(text, timeout=10_000)


def test_signed_out_in_mid_edit_keeps_the_text_and_goes_on_after_signing_in(
    open_desk: OpenDesk,  # noqa: F811
    session: Session,
    server: Server,  # noqa: F811
    trainer: User,  # noqa: F811
) -> None:
    page = open_desk("/soal/baru?jenis=single_choice")
    begin_write(session)
    session.execute(delete(UserSession))
    session.commit()

    page.locator("#stem").press_sequentially("Siapa menyetor iuran?")
    told(page, "Anda sudah keluar")
    expect(page.get_by_role("link", name="Masuk (di tab baru)")).to_be_visible()
    page.keyboard.press("Control+s")
    told(page, "Anda sudah keluar")
    expect(page.locator("#stem")).to_have_value("Siapa menyetor iuran?")
    assert_no_barrier(page, "signed out in mid-edit", widths=(360, 1280))

    name, value = server.phone(trainer.id).holder.cookie.split("=", 1)
    begin_write(session)
    session.execute(update(UserSession).values(second_factor_at=utc_now()))
    session.commit()
    page.context.add_cookies([{"name": name, "value": value, "url": server.running.url}])
    page.evaluate("window.dispatchEvent(new Event('online'))")
    told(page, "Draf tersimpan pukul")
    assert session.scalars(select(QuestionDraft.summary)).one() == "Siapa menyetor iuran?"

    page.goto(f"{server.running.url}/soal/baru?jenis=single_choice")
    assert_no_barrier(page, "a draft is offered", widths=(360, 1280))
    page.get_by_role("link", name="Pakai").click()
    expect(page.locator("#stem")).to_have_value("Siapa menyetor iuran?")


def test_without_a_line_the_text_stays_on_the_device_and_is_offered_again(open_desk: OpenDesk) -> None:  # noqa: F811
    page = open_desk("/soal/baru?jenis=ordering")
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")
    page.locator("#stem").fill("Urutkan.")
    page.locator("#detail-items-0-text").fill("Mendaftar")
    told(page, "Tidak ada sambungan")
    page.keyboard.press("Control+s")
    told(page, "Tidak ada sambungan")

    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("[data-brought]")).to_be_visible()
    assert_no_barrier(page, "a text of this device is offered", widths=(360, 1280))
    page.locator("[data-use]").click()
    expect(page.locator("#detail-items-0-text")).to_have_value("Mendaftar")
    expect(page.locator("#stem")).to_have_value("Urutkan.")
    expect(page.locator("[data-brought]")).to_be_hidden()


def test_two_windows_at_one_question_show_both_texts_and_lose_none(
    open_desk: OpenDesk,  # noqa: F811
    session: Session,
    trainer: User,  # noqa: F811
) -> None:
    question = factories.make_question(session)
    begin_write(session)
    branch_id = session.scalars(select(Branch.id).order_by(Branch.id)).first()
    session.execute(update(Question).values(branch_id=branch_id))
    session.commit()
    first, second = (open_desk(f"/soal/{question.question_id}/ubah") for _ in range(2))
    first.locator("#stem").fill("Siapa yang membayar iuran JKK?")
    with first.expect_navigation():
        first.keyboard.press("Control+s")
    expect(first.get_by_role("button", name=re.compile("Urungkan"))).to_be_visible()
    second.locator("#stem").fill("Siapa yang menanggung iuran JKK?")
    with second.expect_navigation():
        second.keyboard.press("Control+s")

    expect(second.locator(".clash del").first).to_contain_text("membayar")
    expect(second.locator(".clash ins").first).to_contain_text("menanggung")
    assert_no_barrier(second, "two texts of one question", widths=(320, 1280))
    with second.expect_navigation():
        second.get_by_role("button", name="Simpan tulisan saya sebagai versi baru").click()
    with first.expect_navigation():
        first.get_by_role("button", name=re.compile("Urungkan")).click()

    session.rollback()
    stems = [
        v.source.get("stem")
        for v in session.scalars(select(QuestionVersion).order_by(QuestionVersion.number))
    ]
    assert stems[1:] == ["Siapa yang membayar iuran JKK?", "Siapa yang menanggung iuran JKK?"]


PASTE = """([selector, bytes, type]) => {
  const field = document.querySelector(selector);
  const files = new DataTransfer();
  files.items.add(new File([new Uint8Array(bytes)], "slip", { type }));
  field.focus();
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: files, bubbles: true, cancelable: true }));
}"""


def test_a_picture_is_pasted_and_a_number_of_the_law_picked_where_the_cursor_is(
    open_desk: OpenDesk,  # noqa: F811
    session: Session,
) -> None:
    page = open_desk("/soal/baru?jenis=single_choice")
    body = io.BytesIO()
    Image.new("RGB", (2000, 1000), "navy").save(body, "PNG")
    page.locator("#stem").fill("Lihat slip. ")
    page.evaluate(PASTE, ["#detail-options-0-text", list(b"bukan gambar"), "image/png"])
    page.locator("#gambar-alt").fill("Slip")
    page.keyboard.press("Enter")
    expect(page.locator("#gambar-teks [data-fault]")).to_contain_text("PNG")
    assert_no_barrier(page, "asked what a picture shows", widths=(360, 1280))
    page.keyboard.press("Escape")
    page.evaluate(PASTE, ["#detail-options-0-text", list(body.getvalue()), "image/png"])
    page.locator("#gambar-alt").fill("Slip gaji")
    page.keyboard.press("Enter")
    expect(page.locator("#detail-options-0-text")).to_have_value(
        re.compile(r"\{gambar:[0-9a-f]{64} 1200x600\|Slip gaji\}")
    )
    expect(page.locator("#pratinjau img[alt='Slip gaji']")).to_be_visible()
    assert session.scalars(select(QuestionPicture.media_type)).one() == "image/webp"

    page.locator("#stem").press("End")
    page.keyboard.press("Control+k")
    page.keyboard.type("jht pekerja")
    expect(page.locator("#pemilih [data-mark]").first).to_be_visible()
    assert_no_barrier(page, "picking a number", widths=(360, 1280))
    tab_to(page, "#pemilih [data-mark='{fakta:jht.rate.worker}'] button")
    page.keyboard.press("Enter")
    expect(page.locator("#stem")).to_have_value("Lihat slip. {fakta:jht.rate.worker}")
    expect(page.locator("#pratinjau .phone-stem")).to_contain_text("2%")


def test_the_editor_of_every_type_keeps_nobody_out(open_desk: OpenDesk) -> None:  # noqa: F811
    page = open_desk("/soal/gambar")
    assert_no_barrier(page, "a picture for a question", widths=(320,))
    for kind in TYPES:
        page.goto(page.url.split("/soal")[0] + f"/soal/baru?jenis={kind.key}")
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        assert_no_barrier(page, f"editor of {kind.key}", widths=(320, 1280))
