"""A report in a browser: what it says first, its drawings and numbers, in both colours and on a phone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.db import begin_write
from quizzes.statistics.cells import Cell, read_cell
from quizzes.statistics.models import PaperTally
from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.browser.test_live_page import (  # noqa: F401
    LAPTOP,
    OpenPage,
    let_in,
    open_page,
    trainer_of,
)
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.grading.desks import hand_in
from tests.race.conftest import server  # noqa: F401

pytestmark = pytest.mark.browser

UNIT = 10_000_000
BEST, WORST = [1, 0, 0, 0, 0], [0, 1, 1, 2, 1]


def take(desk: Desk, papers: list[list[int]]) -> None:
    """Let as many people hand in, and put what they chose on record: the first option is right."""
    for _paper in papers:
        enrolment = factories.make_enrolment(desk.session, cohort=desk.enrolment.cohort)
        hand_in(Desk(desk.session, enrolment, desk.step, desk.now), 0)
    begin_write(desk.session)
    tallies = desk.session.scalars(select(PaperTally).order_by(PaperTally.attempt_id)).all()
    for tally, chosen in zip(tallies, papers, strict=True):
        ids = sorted(read_cell(word).version_id for word in tally.cells.split())
        cells = [
            Cell(one, Decimal(pick == 0), Decimal(1), (pick,)) for one, pick in zip(ids, chosen, strict=True)
        ]
        tally.earned = UNIT * chosen.count(0)
        tally.cells = " ".join(cell.word() for cell in cells)
    desk.session.commit()


def test_a_report_says_what_to_check_before_it_shows_numbers(
    session: Session,
    open_page: OpenPage,  # noqa: F811
    tmp_path: Path,
) -> None:
    desk = make_desk(session)
    take(desk, [BEST] * 10 + [WORST] * 10 + [[0, 0, 1, 1, 0]] * 4)
    quiz_id = session.scalars(select(PaperTally.quiz_id)).first()
    trainer_id = trainer_of(desk)
    page = open_page(trainer_id, "/", **LAPTOP)
    let_in(desk, trainer_id)
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)

    page.goto(page.url.rstrip("/") + f"/angkatan/{desk.enrolment.cohort_id}/analisis")
    page.locator("main .card a").click()

    says = page.locator(".findings")
    expect(says).to_contain_text("Periksa soal 1: yang paling pandai memilih B")
    expect(says).to_contain_text("24 dari sekitar 100")
    assert says.bounding_box()["y"] < page.locator("svg[role=img]").first.bounding_box()["y"]  # type: ignore[index]
    says.get_by_role("link").first.click()
    fold = page.locator("#soal-1")
    expect(fold).to_have_attribute("open", "")
    expect(fold).to_contain_text("menarik yang pandai")
    expect(page.locator(".chart-dot.checked")).to_have_count(1)
    assert_no_barrier(page, "report", widths=(360, 1280))
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Excel").click()
    waiting.value.save_as(tmp_path / "report.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx").worksheets[0]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [1, 2, 3, 4, 5]
    page.goto(page.url.split("/angkatan")[0] + f"/kuis/{quiz_id}/analisis")
    page.get_by_label("Percobaan yang dihitung").select_option("semua")
    page.get_by_role("button", name="Tampilkan").click()
    expect(page.locator(".findings")).to_contain_text("Periksa soal 1")
    assert faults == []
