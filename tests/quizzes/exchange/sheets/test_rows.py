from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Callable
from datetime import date, datetime

import pytest

from quizzes.exchange.contract import Unreadable
from quizzes.exchange.limits import MAX_QUESTIONS
from quizzes.exchange.sheets.cells import arm, defuse
from quizzes.exchange.sheets.rows import Row, is_workbook, open_sheets, peek
from tests.quizzes.exchange.sheets import sheet_files as files

DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><sst>&a;</sst>'


def rows_of(data: bytes, sheet: int = 0) -> list[Row]:
    return list(open_sheets(data)[sheet].rows())


def texts_of(data: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in rows_of(data)]


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (0.25, "0%", "25%"),
        (0.0024, "0.00%", "0,24%"),
        (2500000, "#,##0", "2.500.000"),
        (2500000, "General", "2500000"),
        (1234.5, "#,##0.00", "1.234,50"),
        (0.1 + 0.2, "General", "0,3"),
        (5000, '"Rp"#,##0', "Rp5.000"),
        (5000, "[$Rp-421]#,##0", "Rp5.000"),
        (True, "General", "Benar"),
        (date(2016, 10, 19), "dd/mm/yyyy", "19/10/2016"),
        (datetime(2016, 10, 19, 8, 30), "d mmmm yyyy hh:mm", "19 Oktober 2016 08.30"),  # noqa: DTZ001
        ("dua\r\nbaris  saja ", "General", "dua\nbaris saja"),
    ],
)
def test_a_cell_reads_as_people_see_it(value: object, number_format: str, shown: str) -> None:
    data = files.book([value], formats={"A1": number_format})

    assert texts_of(data) == [[shown]]


def test_rows_keep_their_numbers_and_empty_ones_are_passed_over() -> None:
    data = files.book(["a"], [], ["", "b"], above=3)

    assert [(row.number, row.shown()) for row in rows_of(data)] == [(4, "a"), (6, " | b")]


def test_cells_joined_downwards_say_the_same_in_each_row() -> None:
    data = files.book(
        ["Topik", "Soal"], ["JHT", "satu"], ["", "dua"], ["", "tiga"], joined=["A2:A3", "B1:C1"]
    )

    assert texts_of(data) == [["Topik", "Soal"], ["JHT", "satu"], ["JHT", "dua"], ["", "tiga"]]


def test_a_formula_without_a_result_and_an_error_are_said_in_their_cells() -> None:
    data = files.book(["=1+1", "#N/A", "x"])

    cells = rows_of(data)[0].cells

    assert [bool(cell.fault) for cell in cells] == [True, True, False]
    assert "formula" in str(cells[0].fault)


def test_a_formula_shows_the_result_the_file_holds() -> None:
    data = files.book(["=1+1", "x"])
    sheet = "xl/worksheets/sheet1.xml"
    solved = files.part(data, sheet).replace(b"<v></v>", b"<v>2</v>")

    assert texts_of(files.with_parts(data, {sheet: solved})) == [["2", "x"]]


def test_hidden_sheets_are_not_read() -> None:
    data = files.book(["rahasia"], state="hidden")

    assert [sheet.title for sheet in open_sheets(data)] == ["Kosong"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_text_file_is_split_by_what_it_is_split_by(encoding: str, delimiter: str) -> None:
    data = files.text(["Soal", "Iuran – é"], ["satu", "dua"], delimiter=delimiter, encoding=encoding)

    assert texts_of(data) == [["Soal", "Iuran – é"], ["satu", "dua"]]


def test_lines_within_quotes_are_one_cell_and_count_as_one_row() -> None:
    data = b'sep=,\n"dua\nbaris, ""ya""",b\nc,d'

    assert [(row.number, row.cells[0].text) for row in rows_of(data)] == [(2, 'dua\nbaris, "ya"'), (3, "c")]


@pytest.mark.parametrize("cell", ["=1+1", "+62", "-5", "@a", " =1", "'=1", "'biasa", "biasa", ""])
def test_what_is_defused_is_armed_again(cell: str) -> None:
    assert arm(defuse(cell)) == cell
    assert not defuse(cell).lstrip(" ").startswith(("=", "+", "-", "@"))


def bomb() -> bytes:
    return files.with_parts(files.book(["a"]), {"xl/media/huge.xml": b"0" * 150_000_000})


def entities() -> bytes:
    return files.with_parts(files.book(["a"]), {"xl/sharedStrings.xml": DOCTYPE})


def entities_elsewhere() -> bytes:
    """A workbook whose sheet lies in a part that is called a picture."""
    made, sheet = files.book(["a"]), "xl/worksheets/sheet1.xml"
    renamed = {
        name: files.part(made, name).replace(b"worksheets/sheet1.xml", b"media/a.png")
        for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels")
    }
    doctype = b'<!DOCTYPE worksheet [<!ENTITY a "ha">]>' + files.part(made, sheet).replace(b">a<", b">&a;<")
    return files.with_parts(made, renamed | {"xl/media/a.png": doctype})


def traversal() -> bytes:
    return files.with_parts(files.book(["a"]), {"../../etc/passwd": b"x"})


def too_many_rows() -> bytes:
    row = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>Soal nomor %d</t></is></c></row>'
    body = b"".join(row % (number, number, number * 7919) for number in range(1, 100_001))
    xml = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData>'
    return files.with_parts(files.book(["a"]), {"xl/worksheets/sheet1.xml": xml % body + b"</worksheet>"})


def half() -> bytes:
    whole = files.book(*([f"Soal {number}"] for number in range(500)))
    return whole[: len(whole) // 2]


def broken_sheet() -> bytes:
    return files.with_parts(files.book(["a"]), {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row>"})


def long_line() -> bytes:
    return b'"' + b"x" * 10_000_000


def long_cell() -> bytes:
    return b'"' + b"xxxxxxxx\n" * 1_000_000


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb": (bomb, "unpacks to more than"),
    "entities": (entities, "DOCTYPE"),
    "entities elsewhere": (entities_elsewhere, "DOCTYPE"),
    "traversal": (traversal, "leads out"),
    "100,000 rows": (too_many_rows, str(MAX_QUESTIONS)),
    "half": (half, "damaged"),
    "broken": (broken_sheet, "damaged"),
    "long line": (long_line, "characters"),
    "long cell": (long_cell, "too long"),
    "old": (lambda: b"\xd0\xcf\x11\xe0" + b"x" * 600, "old or password"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n\x00\x00", "no text"),
    "empty": (lambda: b"  \n", "empty"),
    "another zip": (lambda: files.with_parts(files.book(["a"]), {})[:30] + b"\0" * 99, "neither"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_in_a_second_and_little_memory(kind: str) -> None:
    make, words = HOSTILE[kind]
    data = make()
    tracemalloc.start()
    started = time.process_time()

    with pytest.raises(Unreadable) as refused:
        rows_of(data)

    spent, (_now, most) = time.process_time() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert words in str(refused.value)
    assert most < 100_000_000
    assert spent < 10, "a runaway; in quiet it is far below a second, see the bench"


def test_looking_at_the_first_words_unpacks_little() -> None:
    many = {f"xl/sharedStrings{number}.xml": b"\0" * 300_000 for number in range(200)}
    data = files.with_parts(files.book(["Soal"]), many)
    tracemalloc.start()

    peek(data, "x.xlsx")

    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_a_cell_of_ten_megabytes_is_a_fault_of_its_row_alone() -> None:
    letters = random.Random(8)
    long = "".join(letters.choices("abcdefghij klmnop", k=10_000_000))
    data, sheet = files.book(["pendek"], ["panjang"]), "xl/worksheets/sheet1.xml"
    filled = files.part(data, sheet).replace(b"panjang", long.encode())

    rows = rows_of(files.with_parts(data, {sheet: filled}))

    assert rows[0].cells[0].text == "pendek"
    assert "characters" in str(rows[1].cells[0].fault)


def test_a_sheet_that_claims_a_million_rows_is_read_to_its_end() -> None:
    data = files.book(["a"], ["b"])
    sheet = "xl/worksheets/sheet1.xml"
    vast = files.part(data, sheet).replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')

    assert texts_of(files.with_parts(data, {sheet: vast})) == [["a"], ["b"]]


def test_only_a_workbook_is_one() -> None:
    assert is_workbook(files.book(["a"]))
    assert not is_workbook(b"PK\x03\x04 word/document.xml xl/workbook.xml")
    assert not is_workbook(b"a;b")
