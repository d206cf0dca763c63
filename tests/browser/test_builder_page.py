"""A trainer builds a quiz on a blueprint, tries it out and publishes it: with a script, and without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.models import User
from quizzes.attempts.models import Attempt
from quizzes.bank.models import QuizVersion
from tests.browser.barriers import assert_no_barrier
from tests.browser.test_author_kinds_page import open_desk, trainer  # noqa: F401
from tests.quizzes.bank.builds import make_workshop
from tests.race.conftest import Server, server  # noqa: F401

pytestmark = pytest.mark.browser

OpenDesk = Callable[..., Page]


def begin(page: Page, title: str) -> None:
    """Make a quiz from the list of quizzes."""
    page.get_by_role("link", name="Kuis baru").click()
    page.get_by_label("Judul").fill(title)
    page.get_by_role("button", name="Buat kuis").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def add_by_rule(page: Page, *, count: int, level: str) -> None:
    """Say a rule, look what it finds, add it."""
    page.locator("#banyak").fill(str(count))
    page.locator("#tingkat").select_option(level)
    page.get_by_role("button", name="Lihat persediaan").click()
    expect(page.get_by_text(f"{count} soal dari iuran, tingkat").last).to_be_visible()
    page.get_by_role("button", name="Tambahkan aturan ini").click()
    expect(page.locator("#isi [data-place]").last).to_contain_text(f"{count} soal dari iuran")


def try_it_out(page: Page, *, questions: int) -> None:
    """Take the quiz with no answer, to the result."""
    page.get_by_role("link", name="Coba sebagai peserta").click()
    assert_no_barrier(page, "before a trial")
    page.get_by_role("button", name="Mulai").click()
    assert_no_barrier(page, "a question of a trial")
    for place in range(1, questions + 1):
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"Soal {place} dari {questions}")
        page.locator("button.primary").click()
    assert_no_barrier(page, "the check of a trial")
    page.locator("button.primary").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"0 dari {questions} benar")
    assert_no_barrier(page, "the result of a trial")
    page.get_by_role("link", name="Kembali ke kuis").click()


def publish(page: Page) -> None:
    """Read what publishing means, and publish."""
    page.get_by_role("link", name="Periksa dan terbitkan").click()
    assert_no_barrier(page, "the page before publishing", widths=(320, 360, 1280))
    page.get_by_role("button", name="Terbitkan versi 1").click()
    expect(page.get_by_text("Terbit", exact=True).first).to_be_visible()


def test_a_quiz_is_built_on_a_blueprint_tried_and_published(
    open_desk: OpenDesk,  # noqa: F811
    session: Session,
    trainer: User,  # noqa: F811
    tmp_path: Path,
) -> None:
    make_workshop(session, tmp_path)
    page = open_desk("/kuis")
    begin(page, "Kuis iuran untuk kader")

    page.locator("#mau-0-remember").fill("1")
    page.locator("#mau-0-apply").fill("2")
    page.get_by_role("button", name="Simpan cetak biru").click()
    expect(page.locator("#cetak-biru")).to_contain_text("Diinginkan: 3 soal. Di setiap lembar saat ini: 0.")
    add_by_rule(page, count=2, level="apply")
    # Nothing was loaded anew: what stands there is drawn by the server all the same.
    expect(page.locator("#cetak-biru")).to_contain_text("Di setiap lembar saat ini: 2.")
    page.locator("#q").fill("nomor perkara")
    page.locator("#tambah button").first.click()
    page.get_by_role("button", name="Tambahkan: Soal sel nomor 0:").click()
    expect(page.locator("#cetak-biru")).to_contain_text("Semua sel sudah terisi")
    page.locator("#isi [data-place]").last.locator("button:enabled").first.focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#isi [data-place]").first).to_contain_text("sel nomor 0")
    assert_no_barrier(page, "the quiz builder", widths=(320, 360, 1280))

    try_it_out(page, questions=3)
    publish(page)
    version = session.scalars(select(QuizVersion).order_by(QuizVersion.id.desc())).first()
    assert version is not None
    assert (version.status, len(version.slots)) == ("published", 2)
    assert session.scalar(select(Attempt)) is None
    page.get_by_role("link", name="Bentuk setara").click()
    page.get_by_role("button", name="Buat bentuk setara").click()
    expect(page.get_by_role("heading", name="Seberapa setara")).to_be_visible()
    assert_no_barrier(page, "two parallel forms", widths=(320, 360, 1280))


def test_without_a_script_the_same_forms_do_the_same(
    open_desk: OpenDesk,  # noqa: F811
    session: Session,
    trainer: User,  # noqa: F811
    tmp_path: Path,
) -> None:
    make_workshop(session, tmp_path)
    page = open_desk("/kuis", java_script_enabled=False)
    begin(page, "Kuis tanpa skrip")

    add_by_rule(page, count=2, level="apply")
    page.get_by_role("link", name="Periksa dan terbitkan").click()
    page.get_by_role("button", name="Terbitkan versi 1").click()

    expect(page.get_by_text("Terbit", exact=True).first).to_be_visible()
