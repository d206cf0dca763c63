"""Tables to take along: numbers are numbers, and no text is a formula."""

from __future__ import annotations

import io

import openpyxl
from flask import Flask

from quizzes.statistics.tables import as_csv, as_xlsx, table_of
from tests.quizzes.statistics.test_reports import report_of

TABLE = [["Soal", "Indeks"], ['=HYPERLINK("http://jahat")', -12.3456789], ["+62", None], ["@a\tb", 1000]]


def test_a_csv_is_opened_by_spreadsheets_of_the_language(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "id"}):
        lines = as_csv(TABLE).decode("utf-8-sig").splitlines()

    assert lines == ["Soal;Indeks", '"\'=HYPERLINK(""http://jahat"")";-12,3457', "'+62;", "'@a b;1000"]


def test_cells_of_an_excel_file_are_texts_or_numbers_never_formulas() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(TABLE, "Kuis: [A]/B?"))).worksheets[0]

    rows = [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()]
    assert sheet.title == "Kuis   A  B"
    assert rows[1] == [('=HYPERLINK("http://jahat")', "s"), (-12.3456789, "n")]
    assert rows[2][0] == ("+62", "s")
    assert rows[3] == [("@a b", "s"), (1000, "n")]


def test_each_question_has_a_row_with_as_many_cells_as_the_head(app: Flask) -> None:
    with app.test_request_context():
        table = table_of(report_of([[0, 1], [1, 0], [0, 0]] * 5))

    assert len(table) == 3
    assert {len(row) for row in table} == {len(table[0])}
    assert [row[0] for row in table[1:]] == [1, 2]
