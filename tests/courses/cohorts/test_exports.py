"""Rosters going out: no cell is a formula, and the template comes back in."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from flask import Flask
from flask_babel import force_locale

from courses.cohorts import exports
from courses.cohorts.roster import check_row, read_roster
from lms.core.errors import Invalid

HOSTILE = ["=1+1", "@SUM(A1)", "+62 812", "-5", "\t=1", " =1", "\r=1", '=HYPERLINK("http://evil.test")']


def test_no_cell_of_a_csv_begins_like_a_formula() -> None:
    body = exports.as_csv([HOSTILE])

    (row,) = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";")
    assert [cell for cell in row if cell.lstrip(" ")[:1] in {"=", "+", "-", "@", "\t", "\r"}] == []
    assert row[0] == "'=1+1"


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(exports.as_xlsx([HOSTILE], "=x[]:*?/\\'" * 9)))

    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells] == ["s"] * len(HOSTILE)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_filled_in_template_is_read_in_both_languages(app: Flask, language: str) -> None:
    with app.test_request_context(), force_locale(language):
        book = openpyxl.load_workbook(io.BytesIO(exports.template_xlsx()))
    example = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows(min_row=2)]
    for row in example:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)

    rows = read_roster(out.getvalue(), "a.xlsx").rows

    assert [check_row(row).faults for row in rows] == [{}, {}]


def test_the_empty_template_holds_nobody(app: Flask) -> None:
    with app.test_request_context():
        body = exports.template_xlsx()

    with pytest.raises(Invalid):
        read_roster(body, "templat.xlsx")
