"""Whatever people wrote stays text: on pages, in lists for scripts, in every spreadsheet that goes out.

All words of the small world are replaced by words that would like to be markup, a template and a formula;
then everybody opens everything.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

import html5lib
import openpyxl
import pytest
from werkzeug.test import TestResponse

from tests.pages import XHTML
from tests.security.conftest import Stage
from tests.security.hostile_words import spoil_words, written_columns

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
SPREADSHEETS = {"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@pytest.fixture
def spoiled(stage: Stage) -> Stage:
    """The small world with all its words replaced."""
    spoil_words()
    return stage


def test_there_are_many_such_columns() -> None:
    names = {str(column) for column in written_columns()}

    assert len(names) > 60
    assert {"enrolment.name", "cohort.name", "question_import.file_name", "lesson_report.text"} <= names
    assert {"question_report.answer", "imported_question.original", "answer_file.name"} <= names


@pytest.mark.parametrize("person", ["trainee", "trainer", "organiser", "admin"])
def test_words_are_never_markup_nor_template_nor_formula(
    spoiled: Stage, database_server: str, person: str
) -> None:
    if database_server:
        pytest.skip("what is shown of words does not depend on the database they come from")
    shown, tables = 0, list[tuple[str, TestResponse]]()
    for rule, side, response in spoiled.crawl(person, sides="a"):
        assert response.status_code < 500, f"{rule.endpoint} at {side}"
        if response.mimetype in {"text/html", "text/plain", "image/svg+xml"}:
            shown += _is_shown(response.get_data(as_text=True), rule.endpoint)
        elif response.mimetype in SPREADSHEETS:
            tables.append((rule.endpoint, response))
    assert shown > 10
    if person in {"trainer", "organiser"}:
        _check_tables([*tables, *_exported(spoiled, person)])


def _is_shown(text: str, endpoint: str) -> bool:
    """Assert that a page shows words as words, if it shows any; return whether it does."""
    assert "=1\"'>49" not in text
    assert "{{7*7}}" in text or "onerror" not in text, endpoint
    _check_no_markup(text, endpoint)
    return "onerror" in text


def _check_no_markup(text: str, endpoint: str) -> None:
    """Assert that nothing of the words became an element; also in parts of pages that scripts put in."""
    for element in html5lib.parseFragment(text).iter():
        if isinstance(element.tag, str):
            assert "onerror" not in element.attrib, endpoint
            assert element.tag != f"{XHTML}script" or "alert" not in "".join(element.itertext()), endpoint


def _check_tables(tables: Sequence[tuple[str, TestResponse]]) -> None:
    """Assert that words stand in spreadsheets of both kinds, and that none would be reckoned with."""
    hostile = 0
    for endpoint, response in tables:
        for cell in cells_of(response):
            assert not cell.startswith(FORMULA_STARTS), f"{endpoint}: {cell}"
            hostile += "onerror" in cell
    assert hostile > 2
    assert {response.mimetype for _endpoint, response in tables} == SPREADSHEETS


def _exported(stage: Stage, person: str) -> list[tuple[str, TestResponse]]:
    """Return what goes out of the bank as spreadsheets."""
    ids = str(stage.world.objects["question_id"]["a"])
    sent = [{"soal": ids, "format": kind} for kind in ("csv", "xlsx")]
    replies = [stage.browser(person).post("/soal/ekspor/unduh", data=data) for data in sent]
    return [("export.download", response) for response in replies if response.status_code == 200]


def cells_of(response: TestResponse) -> Iterator[str]:
    """Yield what each cell of a spreadsheet would be taken for; a formula begins with "="."""
    if response.mimetype == "text/csv":
        text = response.data.decode("utf-8-sig")
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
        yield from (cell.lstrip(" ") for row in rows for cell in row if not re.fullmatch(r"-?[\d.,]+", cell))
        return
    book = openpyxl.load_workbook(io.BytesIO(response.data))
    for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
        yield f"={cell.value}" if cell.data_type == "f" else f"'{cell.value}"
