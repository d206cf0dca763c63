from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.exchange.contract import GivenQuestion, ReadFault, ReadQuestion, Unreadable
from quizzes.exchange.sheets.rows import open_sheets
from quizzes.exchange.sheets.template import SHAPES, CsvWriter, SheetReader, XlsxWriter
from quizzes.types import get_type
from tests.quizzes.exchange.given import examples, questions, same_numbers
from tests.quizzes.exchange.sheets import sheet_files as files

HEADER = ["Jenis", "Soal", "Pilihan A", "Pilihan B", "Pilihan C", "Jawaban", "Penjelasan"]


def read(*rows: list[Any], header: list[str] = HEADER, **said: Any) -> list[Any]:
    return list(SheetReader().read(files.book(header, *rows, **said), "soal.xlsx"))


@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("writer", [XlsxWriter(), CsvWriter()], ids=lambda writer: writer.key)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_written_is_read_again(kind: str, writer: Any, data: st.DataObject) -> None:
    question = data.draw(questions(kind))
    assert get_type(kind).faults(question.source) == []

    (found,) = SheetReader().read(writer.write([question]), f"x{writer.ending}")

    assert isinstance(found, ReadQuestion), found
    assert found.kind == kind
    assert same_numbers(found.source) == same_numbers(question.source)
    assert (found.name, found.topic, found.tags) == (question.name, question.topic, question.tags)
    assert (found.guesses, found.losses) == ((), ())
    assert writer.losses(question) == []


def test_all_examples_of_all_types_go_out_together_and_come_back() -> None:
    given_, writer = examples(), XlsxWriter()
    held = [question for question in given_ if writer.holds(question)]

    found = list(SheetReader().read(writer.write(given_), "x.xlsx"))

    assert {question.kind for question in given_} - {question.kind for question in held} == {
        "calculated",
        "hotspot",
        "case_set",
    }
    assert [same_numbers(read.source) for read in found if isinstance(read, ReadQuestion)] == [
        same_numbers(question.source) for question in held
    ]
    assert not [loss for question in held for loss in writer.losses(question)]


@pytest.mark.parametrize("kind", ["calculated", "hotspot", "case_set"])
def test_what_does_not_fit_a_row_is_said_and_left_out(kind: str) -> None:
    question = next(question for question in examples() if question.kind == kind)

    assert not XlsxWriter().holds(question)
    assert "does not fit" in str(XlsxWriter().losses(question)[0])


def test_what_is_lost_is_said() -> None:
    options = [{"text": "{gambar:a.png|Sebuah kartu}", "correct": True}, {"text": "b", "group": "x"}]
    question = GivenQuestion("single_choice", {"stem": "?", "options": options, "cite": ["uu/1"]}, "x")

    said = " ".join(map(str, XlsxWriter().losses(question)))

    assert all(word in said for word in ("cite", "pictures", "beside"))
    (found,) = SheetReader().read(XlsxWriter().write([question]), "x.xlsx")
    assert isinstance(found, ReadQuestion)
    assert found.source["options"][0]["text"] == "Sebuah kartu"


FORMULAS = ["=1+1", "+62", "-5", "@SUM(A1)", "\t=1", " =1", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_that_goes_out_is_a_formula(formula: str) -> None:
    options = [{"text": formula, "correct": True}, {"text": "b", "why": formula}]
    source = {"stem": formula, "options": options, "explanation": formula}
    question = GivenQuestion("single_choice", source, name=formula, topic=formula, tags=(formula,))

    sheet = openpyxl.load_workbook(io.BytesIO(XlsxWriter().write([question]))).worksheets[0]
    text = CsvWriter().write([question]).decode("utf-8-sig")

    assert all(cell.data_type in {"s", "inlineStr", "n"} for row in sheet.iter_rows() for cell in row)
    assert all(cell.value is None for row in sheet.iter_rows() for cell in row if cell.data_type == "n")
    (rows,) = open_sheets(text.encode())[:1]
    assert rows.rows
    cells = [cell.strip('"') for line in text.splitlines() for cell in line.split(";")]
    assert not [cell for cell in cells if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t"))]


def test_the_same_questions_are_the_same_bytes() -> None:
    assert XlsxWriter().write(examples()) == XlsxWriter().write(examples())
    assert CsvWriter().write(examples()) == CsvWriter().write(examples())


def test_headers_are_english_for_who_reads_english_and_are_read_alike(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}, query_string={"lang": "en"}):
        written = XlsxWriter().write(examples())
    cells = [cell.text for cell in next(open_sheets(written)[0].rows()).cells]

    assert cells[:2] in (["Type", "Question"], ["Jenis", "Soal"])
    assert len(list(SheetReader().read(written, "x.xlsx"))) > 10


CONSTRUCTS: list[tuple[str, list[Any], str, Any]] = [
    # what it shows, the row, the kind, and what is in its source
    ("a letter", ["PG", "Apa?", "a", "b", "c", "B", ""], "single_choice", [False, True, False]),
    ("a small letter, a dot", ["", "Apa?", "a", "b", "c", "c.", ""], "single_choice", [False, False, True]),
    ("letters", ["", "Apa?", "a", "b", "c", "A dan C", ""], "multiple_response", [True, False, True]),
    ("words of the answer", ["", "Apa?", "a", "b", "c", "b", ""], "single_choice", [False, True, False]),
    ("a place", ["", "Apa?", "x", "y", "z", 3, ""], "single_choice", [False, False, True]),
    ("places Excel changed", ["", "Apa?", "x", "y", "z", 1.3, ""], "multiple_response", [True, False, True]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "kind", "right"), [one[1:] for one in CONSTRUCTS], ids=[one[0] for one in CONSTRUCTS]
)
def test_keys_of_a_choice(row: list[Any], kind: str, right: list[bool]) -> None:
    (question,) = read(row)

    assert question.kind == kind
    assert [bool(option.get("correct")) for option in question.source["options"]] == right


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("40.000", {"answer": 40000}),
        ("Rp40.000", {"answer": 40000, "unit": "rupiah"}),
        (40000, {"answer": 40000}),
        (5.125, {"answer": "5.125"}),
        ("0,24%", {"answer": "0.24", "unit": "persen"}),
        ("2,5 juta", {"answer": 2500000}),
        ("15 hari kerja", {"answer": 15, "unit": "hari kerja"}),
        ("-3", {"answer": -3}),
    ],
)
def test_numbers_are_read_as_they_are_meant(answer: Any, source: dict[str, Any]) -> None:
    (question,) = read(["Angka", "Berapa?", "", "", "", answer])

    assert same_numbers(question.source) == same_numbers({"stem": "Berapa?"} | source)


def test_a_cell_in_percent_is_a_number_of_percent() -> None:
    (question,) = read(["", "Berapa?", "", "", "", 0.057], formats={"F2": "0.0%"})

    assert question.kind == "number"
    assert same_numbers(question.source) == same_numbers(
        {"stem": "Berapa?", "answer": "5.7", "unit": "persen"}
    )


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (["", "Iuran wajib.", "", "", "", "Benar"], "true_false"),
        (["", "Iuran wajib.", "", "", "", "S"], "true_false"),
        (["", "Iuran wajib.", "", "", "", True], "true_false"),
        (["B/S", "Iuran wajib.", "Benar", "Salah", "", "A"], "true_false"),
        (["", "Sebutkan.", "", "", "", "BPJS; bpjs naker"], "short_answer"),
        (["", "Jelaskan.", "", "", "", ""], "essay"),
        (["", "Pasangkan.", "JKK → kerja", "JHT → tua", "→ lain", ""], "matching"),
        (["urutkan", "Urutkan.", "satu", "dua", "tiga", ""], "ordering"),
    ],
)
def test_a_row_that_names_no_type_is_guessed_and_that_is_told(row: list[Any], kind: str) -> None:
    (question,) = read(row)

    assert isinstance(question, ReadQuestion), question
    assert question.kind == kind
    assert bool(row[0]) or any("names no type" in str(guess) for guess in question.guesses)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["Tebakan", "Apa?", "a", "b", "", "A"], "Known are"),
        (["", "", "a", "b", "", "A"], "itself is missing"),
        (["PG", "Apa?", "a", "b", "", ""], "which answer is right"),
        (["PG", "Apa?", "a", "", "c", "A"], "Column B is empty"),
        (["PG", "Apa?", "a", "b", "", "D"], "Answer 4"),
        (["Angka", "Berapa?", "", "", "", "5,000"], "two ways"),
        (["Angka", "Berapa?", "", "", "", "lima"], "type a number"),
        (["Menjodohkan", "Apa?", "a b", "c → d", "", ""], "no arrow"),
        (["Teks rumpang", "Apa?", "entah", "", "", ""], "kind and a colon"),
        (["Esai", "Apa?", "Isi\n0: tidak\nentah", "", "", ""], "no level"),
        (["B/S", "Apa?", "", "", "", "mungkin"], "neither true nor false"),
        (["PG", "Apa?", "=A1", "b", "", "A"], "formula"),
    ],
)
def test_a_row_that_cannot_be_read_is_a_fault_and_the_next_one_is_read(row: list[Any], words: str) -> None:
    found = read(row, ["PG", "Apa?", "a", "b", "", "A"])

    assert isinstance(found[0], ReadFault)
    assert (found[0].line, words in str(found[0].message)) == (2, True), found[0].message
    assert isinstance(found[1], ReadQuestion)


def test_lines_stay_lines_markdown_stays_and_marks_of_ours_are_letters() -> None:
    stem = "Upah **dua** juta.\n{fakta:jht.rate.worker} ![x](y)\nPilih \\\nsatu."
    (question,) = read(["PG", stem, "a", "b", "", "A", "Karena."])

    assert question.source["stem"] == (
        "Upah **dua** juta.\\\n{fakta\\:jht.rate.worker} \\![x](y)\\\nPilih \\\\\\\nsatu."
    )
    assert question.source["explanation"] == "Karena."


def test_a_sheet_of_ones_own_is_read_in_its_order_and_a_title_above_it_does_not_matter() -> None:
    header = ["No", "Kunci", "Pertanyaan", "A", "B", "Pembahasan", "Bab", "Catatan"]
    rows = [[1, "B", "Apa?", "x", "y", "Karena.", "Klaim", "dari buku"], [2, "A", "Siapa?", "p", "q"]]
    data = files.book(["SOAL PELATIHAN"], [], header, *rows, joined=["G4:G5"])

    first, second = SheetReader().read(data, "x.xlsx")

    assert isinstance(first, ReadQuestion)
    assert isinstance(second, ReadQuestion)
    assert (first.line, first.topic, second.topic) == (4, "Klaim", "Klaim")
    assert [("No" in str(loss), "Catatan" in str(loss)) for loss in first.losses] == [
        (True, False),
        (False, True),
    ]


def test_files_without_our_header_or_without_rows_are_refused() -> None:
    with pytest.raises(Unreadable, match="No row with the headers"):
        read(header=["a", "b"])
    with pytest.raises(Unreadable, match="no row under it"):
        read()


def test_a_csv_file_says_how_its_letters_were_read() -> None:
    data = files.text(HEADER, ["PG", "Siapa – kapan?", "a", "b", "", "A", ""], encoding="cp1252")

    (question,) = SheetReader().read(data, "x.csv")

    assert isinstance(question, ReadQuestion)
    assert "Windows-1252" in str(question.guesses[0])


def test_workbooks_and_rows_of_text_are_recognised_and_nothing_else() -> None:
    reader = SheetReader()

    assert reader.recognises(files.book(["a"]), "x.xlsx")
    assert reader.recognises(b"a;b", "x.csv")
    assert reader.recognises(files.text(HEADER), "ditempel")
    assert not reader.recognises(b"1. Apa? A. x", "x.txt")
