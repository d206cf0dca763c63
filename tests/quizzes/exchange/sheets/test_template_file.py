from __future__ import annotations

import io

import openpyxl
import pytest
from flask import Flask

from quizzes.exchange.contract import ReadQuestion, Unreadable
from quizzes.exchange.sheets.template import SHAPES, SheetReader
from quizzes.exchange.sheets.template_file import template_xlsx
from quizzes.exchange.sheets.writing import as_xlsx


def test_the_template_is_empty_and_its_examples_can_be_read(app: Flask) -> None:
    with app.test_request_context():
        body = template_xlsx()
    book = openpyxl.load_workbook(io.BytesIO(body))
    example = [[str(cell.value or "") for cell in row] for row in book.worksheets[1].iter_rows()]

    with pytest.raises(Unreadable, match=r"no row|belum ada|baris"):
        list(SheetReader().read(body, "x.xlsx"))
    found = list(SheetReader().read(as_xlsx({"x": example}), "x.xlsx"))
    assert [read.kind for read in found if isinstance(read, ReadQuestion)] == list(SHAPES)
    assert len(book.worksheets) == 3
