"""Rosters going out: the list of a cohort, and the empty template file. No cell is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import openpyxl
from flask_babel import gettext as _
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from courses.cohorts.elements import LABELS
from courses.cohorts.models import Enrolment
from courses.cohorts.phones import show_phone
from courses.cohorts.regions import load_regions, show_region
from lms.core.text import tidy

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_HEAD = PatternFill("solid", start_color="28348A")
_HEAD_FONT = Font(bold=True, color="FFFFFF")
TEMPLATE_ROWS = 500
"""Rows of the template that have lists to choose from."""


def roster_table(enrolments: Iterable[Enrolment]) -> Iterator[list[str]]:
    """Yield the header and one row for each person, in the language of the request."""
    yield [
        _("Row number"),
        _("Name"),
        _("Element (unsur)"),
        _("Organisation"),
        _("Region (kabupaten or kota)"),
        _("Region code"),
        _("Telephone"),
        _("Card number"),
        _("Participation"),
    ]
    for number, enrolment in enumerate(enrolments, 1):
        yield [
            str(number),
            enrolment.name,
            str(LABELS.get(enrolment.element, enrolment.element)),  # type: ignore[call-overload]
            enrolment.organisation,
            show_region(enrolment.region_code),
            enrolment.region_code,
            show_phone(enrolment.user.phone),
            enrolment.card.number if enrolment.card else "",
            _("Taking part") if enrolment.status == "active" else _("Withdrawn"),
        ]


def as_csv(table: Iterable[Sequence[str]]) -> bytes:
    """Return a table as Indonesian spreadsheets open it: semicolons, UTF-8 with a mark; no formulas."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([defuse(cell) for cell in row] for row in table)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(table: Iterable[Sequence[str]], title: str) -> bytes:
    """Return a table as an Excel file whose cells are all text."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    _fill(sheet, title, table)
    return _bytes(book)


def template_xlsx() -> bytes:
    """Return the empty roster: headers with lists to choose from, an example, the words and codes we know."""
    book = openpyxl.Workbook()
    headers = [
        _("Name"),
        _("Element (unsur)"),
        _("Organisation"),
        _("Region"),
        _("Telephone (optional)"),
    ]
    sheet = book.worksheets[0]
    _fill(sheet, _("Participants"), [headers])
    _fill(book.create_sheet(), _("Example"), [headers, *_examples()])
    elements, regions = [str(label) for label in LABELS.values()], load_regions()
    lists = [[_("Element (unsur)"), _("Region"), _("Region code")]]
    for place in range(max(len(elements), len(regions))):
        code = list(regions)[place] if place < len(regions) else ""
        lists.append(
            [elements[place] if place < len(elements) else "", show_region(code) if code else "", code]
        )
    _fill(book.create_sheet(), _("Lists"), lists)
    _offer_lists(book, len(elements), len(regions))
    return _bytes(book)


def defuse(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell


def _examples() -> list[list[str]]:
    return [
        ["Siti Contoh, S.Pd.", str(LABELS["academic"]), "SMK Contoh", "Kota Madiun", "0812-0000-0001"],  # type: ignore[index]
        ["Budi Contoh", str(LABELS["village_official"]), "Desa Contoh", "Kab. Ngawi", ""],  # type: ignore[index]
    ]


def _fill(sheet: Worksheet, title: str, table: Iterable[Sequence[str]]) -> None:
    sheet.title = str(tidy(title)).translate({ord(c): " " for c in "[]:*?/\\'"})[:31] or "1"
    for y, row in enumerate(table, 1):
        for x, value in enumerate(row, 1):
            cell = sheet.cell(y, x)
            cell.value = str(tidy(value))
            cell.data_type, cell.number_format = "s", "@"
            if y == 1:
                cell.font, cell.fill = _HEAD_FONT, _HEAD
    for x in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(x)].width = 28
    sheet.freeze_panes = "A2"


def _offer_lists(book: openpyxl.Workbook, element_count: int, region_count: int) -> None:
    sheet, lists = book.worksheets[0], book.worksheets[2].title
    for column, source, count in (("B", "A", element_count), ("D", "B", region_count)):
        offer = DataValidation(
            "list", formula1=f"'{lists}'!${source}$2:${source}${count + 1}", allow_blank=True
        )
        offer.add(f"{column}2:{column}{TEMPLATE_ROWS}")
        sheet.add_data_validation(offer)
    for row in range(2, TEMPLATE_ROWS + 1):
        sheet.cell(row, 5).number_format = "@"


def _bytes(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
