"""Tables to take along: numbers stay numbers, and no text is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import openpyxl
from flask import make_response
from flask_babel import gettext as _
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from werkzeug.wrappers import Response

from courses.cohorts.exports import defuse
from lms.core.i18n import language
from lms.core.text import tidy
from quizzes.statistics.reports import QuizReport
from quizzes.statistics.verdicts import FINDINGS

Cell = str | float | int | None
Table = Sequence[Sequence[Cell]]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DIGITS = 4


def as_csv(table: Table) -> bytes:
    """Return a table as spreadsheets of the reader's language open it: semicolons, UTF-8 with a mark."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([_written(cell) for cell in row] for row in table)
    return text.getvalue().encode("utf-8-sig")


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return defuse(tidy(cell) or "")
    text = str(cell) if isinstance(cell, int) else f"{cell:.{DIGITS}f}".rstrip("0").rstrip(".")
    return text if language() == "en" else text.replace(".", ",")


def as_xlsx(table: Table, title: str) -> bytes:
    """Return a table as an Excel file; its texts are texts, whatever they begin with."""
    book = openpyxl.Workbook(write_only=True)
    name = str(tidy(title)).translate({ord(sign): " " for sign in "[]:*?/\\'"})[:31].strip()
    sheet = book.create_sheet(name or "1")
    for number, row in enumerate(table):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=tidy(value) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def download(body: bytes, name: str) -> Response:
    """Return a file to keep; its name holds nothing a person typed."""
    response = make_response(body)
    response.content_type = XLSX if name.endswith(".xlsx") else "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def table_of(report: QuizReport) -> Table:
    """Return the statistics of every question, one row each, all percentages 0–100."""
    head = [
        _("Number"),
        _("Question"),
        _("What it says"),
        _("Papers"),
        _("Facility (%)"),
        _("Facility from (%)"),
        _("Facility to (%)"),
        _("Facility, drawn towards the bank (%)"),
        _("Standard deviation (%)"),
        _("Guess score (%)"),
        _("Intended weight (%)"),
        _("Effective weight (%)"),
        _("Discrimination index"),
        _("Discriminative efficiency"),
        _("Left out on papers"),
    ]
    return [head, *_rows(report)]


def _rows(report: QuizReport) -> Iterable[Sequence[Cell]]:
    for row in report.rows:
        found, facility = row.statistics, row.analysis.facility
        yield [
            row.place.number,
            " / ".join(asked.summary for asked in row.place.versions[:3]),
            str(FINDINGS[row.finding]),
            found.papers,
            found.facility,
            100 * facility.interval.low if facility else None,
            100 * facility.interval.high if facility else None,
            None if row.shrunk is None else 100 * row.shrunk,
            found.sd,
            found.guess,
            found.intended_weight,
            found.effective_weight,
            found.discrimination_index,
            found.discriminative_efficiency,
            row.left_out,
        ]
