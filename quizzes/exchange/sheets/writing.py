"""Tables as spreadsheets: every cell is text, none a formula, and the same table gives the same bytes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from quizzes.exchange.packages import write_package
from quizzes.exchange.sheets.cells import defuse

Table = Sequence[Sequence[str]]

MAX_LENGTH = 32_767
"""Characters a cell of Excel holds."""
MADE = datetime(2000, 1, 1)  # noqa: DTZ001  (a workbook says no zone)
_HEAD = PatternFill("solid", start_color="28348A")
_HEAD_FONT = Font(bold=True, color="FFFFFF")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_NO_TITLE = re.compile(r"[\[\]:*?/\\']")
_WIDE, _NARROW = 40, 18
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def as_csv(table: Table) -> bytes:
    """Return a table as Indonesian spreadsheets open it: semicolons, UTF-8 with a mark; no formulas."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([defuse(cell) for cell in row] for row in table)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(sheets: Mapping[str, Table]) -> bytes:
    """Return tables by title as one workbook, the first row of each its header."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, table in sheets.items():
        _fill(book.create_sheet(_NO_TITLE.sub(" ", title)[:31]), table)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """Return a workbook's bytes, which do not say when they were made."""
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    stamp = MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    core = "docProps/core.xml"
    files[core] = _STAMP.sub(rb"\g<1>" + stamp, files[core])
    return write_package(files, first=("[Content_Types].xml",))


def _fill(sheet: Worksheet, table: Table) -> None:
    for y, row in enumerate(table, 1):
        for x, value in enumerate(row, 1):
            cell = sheet.cell(y, x)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:MAX_LENGTH]
            cell.data_type, cell.number_format, cell.alignment = "s", "@", _WRAPPED
            if y == 1:
                cell.font, cell.fill = _HEAD_FONT, _HEAD
    for x in range(1, sheet.max_column + 1):
        longest = max((len(row[x - 1]) for row in table if x <= len(row)), default=0)
        sheet.column_dimensions[get_column_letter(x)].width = _WIDE if longest > _NARROW else _NARROW
    sheet.freeze_panes = "A2"
