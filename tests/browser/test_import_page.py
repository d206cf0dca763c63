"""A file of questions comes in, an error is mended and all is stored: in a browser, and by plain forms."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes.bank.models import Question, QuestionVersion
from tests.browser.barriers import assert_no_barrier
from tests.browser.test_author_kinds_page import open_desk, trainer  # noqa: F401
from tests.quizzes.exchange.fixtures import FOLDER
from tests.quizzes.exchange.sheets.sheet_files import book
from tests.quizzes.exchange.word.word_files import a, made, q
from tests.race.conftest import Server, server  # noqa: F401

pytestmark = pytest.mark.browser

OpenDesk = Callable[..., Page]
ERRORS: FilePayload = {
    "name": "soal-pelatihan.txt",
    "mimeType": "text/plain",
    "buffer": (FOLDER / "aiken" / "errors.txt").read_bytes(),
}


def looked_at(page: Page, what: str) -> None:
    """See that nothing keeps anybody out; with LOOK set, keep pictures to judge."""
    folder = os.environ.get("LOOK")
    if folder:
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=Path(folder) / f"{what}-{width}.png", full_page=True)
    assert_no_barrier(page, what, widths=(320, 360, 1280))
    page.set_viewport_size({"width": 360, "height": 740})


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "plain"])
def test_a_file_comes_in_with_an_error_mended(
    open_desk: OpenDesk,  # noqa: F811
    session: Session,
    has_script: bool,
) -> None:
    page = open_desk("/soal", java_script_enabled=has_script)
    page.get_by_role("link", name="Impor", exact=True).click()
    page.locator("#file").set_input_files([ERRORS])
    page.locator("#topic").fill("Iuran")
    if has_script:
        looked_at(page, "send")
    page.get_by_role("button", name="Baca dan tunjukkan").click()

    expect(page.locator(".imported > li")).to_have_count(7)
    expect(page.locator(".imported > .faulty")).to_have_count(4)
    if has_script:
        looked_at(page, "review")
    page.locator(".imported > .faulty").first.get_by_role("button", name="Perbaiki").click()
    page.locator("#text").fill("Siapa yang mendaftarkan?\nA. Pemberi kerja\nB. Lurah")
    page.get_by_role("button", name="Baca lagi").click()
    expect(page.locator("#text-error")).to_contain_text("Kuncinya belum ada")
    expect(page.locator("#text")).to_have_value("Siapa yang mendaftarkan?\nA. Pemberi kerja\nB. Lurah")
    if has_script:
        looked_at(page, "write-anew")
    page.locator("#text").fill("Siapa yang mendaftarkan?\nA. Pemberi kerja\nB. Lurah\nKunci: A")
    page.get_by_role("button", name="Baca lagi").click()

    expect(page.locator(".imported > .faulty")).to_have_count(3)
    page.locator(".imported > li").first.get_by_role("button", name="Perbaiki").click()
    page.locator("#explanation").fill("Pendaftaran adalah tugas pemberi kerja.")
    if has_script:
        looked_at(page, "mend")
    page.get_by_role("button", name="Pakai dan centang").click()
    page.get_by_label("Simpan soal ini").nth(1).uncheck()
    page.get_by_role("button", name="Simpan soal yang dicentang").click()

    expect(page.get_by_text("3 soal disimpan sebagai draf.")).to_be_visible()
    expect(page.locator(".imported > .stored")).to_have_count(3)
    if has_script:
        looked_at(page, "stored")
    session.rollback()
    stored = session.scalars(select(Question).where(Question.topic == "iuran")).all()
    assert {question.status for question in stored} == {"draft"}
    assert len(stored) == 3


def file_of(name: str) -> FilePayload:
    """Return a file with at least one question that cannot be read, in the format the name says."""
    kind = "application/octet-stream"
    if name == "soal.docx":
        body = made(q("Apa itu JKM?"), a("Jaminan kematian", "b"), a("Jaminan makan"), q("Apa itu JP?"))
    elif name == "soal.xlsx":
        lines = (FOLDER / "xlsx" / "english.csv").read_text("utf-8").splitlines()
        body = book(*csv.reader(lines, delimiter=csv.Sniffer().sniff(lines[0]).delimiter))
    else:
        body = (FOLDER / name).read_bytes()
    return {"name": name.rpartition("/")[2], "mimeType": kind, "buffer": body}


FAULTY = (
    "soal.docx",
    "soal.xlsx",
    "xlsx/tanpa-jenis.tsv",
    "kahoot/aturan-di-atas.csv",
    "quizizz/segala-jenis.csv",
    "teks/faults.txt",
    "gift/errors.gift",
    "moodle_xml/single.xml",
    "qti/several-things.xml",
    "qti12/canvas-kinds.xml",
)


def test_an_error_in_each_kind_of_file_is_mended(
    open_desk: OpenDesk,  # noqa: F811
    session: Session,
) -> None:
    page = open_desk("/soal/impor")
    for name in FAULTY:
        page.goto(page.url.partition("/soal/impor")[0] + "/soal/impor")
        page.locator("#file").set_input_files([file_of(name)])
        page.locator("#topic").fill("Iuran")
        page.get_by_role("button", name="Baca dan tunjukkan").click()
        faulty = page.locator(".imported > .faulty")
        expect(faulty.first, name).to_be_visible()
        before = faulty.count()
        faulty.first.get_by_role("button", name="Perbaiki").click()
        page.locator("#text").fill(f"Apa kata {name}?\nA. Betul\nB. Keliru\nKunci: A")
        page.get_by_role("button", name="Baca lagi").click()
        expect(faulty, name).to_have_count(before - 1)
        page.get_by_role("button", name="Simpan soal yang dicentang").click()
        expect(page.get_by_text("disimpan sebagai draf"), name).to_be_visible()

    session.rollback()
    wording = select(QuestionVersion.summary).join(QuestionVersion.question).where(Question.status == "draft")
    assert {f"Apa kata {name}?" for name in FAULTY} <= set(session.scalars(wording))


def test_ticked_questions_are_looked_at_before_they_go_out(
    open_desk: OpenDesk,  # noqa: F811
) -> None:
    page = open_desk("/soal/impor")
    page.locator("#text").fill(
        "1. Siapa?\na. Saya\nb. Anda\nKunci: A\nPembahasan: Sebab.\n\n2. Berapa?\nKunci: 5"
    )
    page.locator("#topic").fill("Iuran")
    page.get_by_role("button", name="Baca dan tunjukkan").click()
    page.get_by_role("button", name="Simpan soal yang dicentang").click()
    page.goto(page.url.split("/soal")[0] + "/soal")
    for box in page.locator("input[name=soal]").all():
        box.check()
    page.get_by_role("button", name="Pilih format").click()
    page.get_by_role("link", name="Aiken").click()
    expect(page.locator(".imported > .faulty")).to_have_count(1)
    looked_at(page, "export")
    with page.expect_download() as download:
        page.get_by_role("button", name="Unduh sebagai Aiken").click()
    assert Path(download.value.path()).read_text().startswith("Siapa?\nA. Saya\n")
