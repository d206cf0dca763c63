"""A typed number of the law is found; numbers of a story, places and days are left alone."""

from __future__ import annotations

import pytest

from courses.catalogue.texts.numbers_in_text import (
    NUMBERS_FILE,
    Plain,
    check_numbers,
    find_numbers,
    read_plain_numbers,
)
from courses.catalogue.texts.passages import Kind, Passage, read_markdown
from courses.facts.book import load_book
from courses.facts.documents import Fault, read_document


def faults(text: str, *plain: Plain) -> list[tuple[int, str]]:
    found = check_numbers(read_markdown(text, "a.md"), plain, load_book())
    return [(fault.line, fault.message.partition("”")[0].removeprefix("“")) for fault in found]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Santunannya Rp42.000.000.", "Rp42.000.000"),
        ("Iurannya 0,24% dari upah.", "0,24%"),
        ("Laporkan dalam 2 × 24 jam.", "2"),
        ("Paling lama 15 hari kerja.", "15 hari kerja"),
        ("Haknya gugur setelah dua tahun.", "dua tahun"),
        ("Dendanya dua persen.", "dua persen"),
        ("Batasnya Rp 10 juta.", "Rp 10 juta"),
    ],
)
def test_a_typed_number_outside_a_story_is_a_fault(app: object, text: str, number: str) -> None:
    assert (1, number) in faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "Menurut UU 24/2011 dan PP 44/2015, Pasal 15 ayat (2) angka 14.",
        "Pelatihan berlangsung 19 dan 20 Oktober 2016, pukul 08.00.",
        "Sejak 2019 aturannya berbeda.",
        "Isi formulir F1 di kertas A4.",
        "Modul ini 60 menit.",
        "Angkanya {fakta:jkm.rate.pu}, bukan {keliru:Rp20.000.000|angka lama}.",
        "Dua orang datang bersama.",
    ],
)
def test_names_days_and_marks_are_no_numbers_of_the_law(app: object, text: str) -> None:
    assert faults(text) == []


def test_wages_and_months_of_a_story_may_be_typed(app: object) -> None:
    assert faults("::: contoh Bu Sri\nUpahnya Rp2.500.000 selama dua tahun, 3 anak.\n:::\n") == []


def test_a_lump_sum_of_the_law_is_found_in_a_story_too(app: object) -> None:
    assert faults("::: contoh Bu Sri\nIa menerima Rp42.000.000.\n:::\n") == [(2, "Rp42.000.000")]


def test_a_share_of_the_law_is_found_in_a_story_too(app: object) -> None:
    assert faults("::: contoh Bu Sri\nRp2.500.000 × 0,3% = Rp7.500.\n:::\n") == [(2, "0,3%")]


def test_an_answer_may_repeat_numbers_of_its_stem(app: object) -> None:
    case = "Upah Bu Sri Rp3.000.000. Ia menunggak lima bulan."
    said = [Passage("q.yaml", 2, Kind.REASON, "Lima bulan sudah lewat.", case=case)]

    assert check_numbers(said, [], load_book()) == []
    assert (
        len(check_numbers([Passage("q.yaml", 2, Kind.REASON, "Enam bulan.", case=case)], [], load_book()))
        == 1
    )


def test_a_number_with_a_reason_is_left_alone_and_an_idle_reason_is_a_fault(app: object) -> None:
    text = "Berita itu menulis 147 surat."

    assert faults(text, Plain("a.md", "147 surat", 4)) == []
    assert faults(text, Plain("*", "147 surat", 4)) == []
    assert faults(text, Plain("b.md", "147 surat", 4)) == [(1, "147"), (4, "147 surat")]


def test_the_message_names_a_fact_of_that_value(app: object) -> None:
    (fault,) = check_numbers(read_markdown("Santunannya Rp42.000.000.", "a.md"), [], load_book())

    assert "jkm." in fault.message
    assert NUMBERS_FILE in fault.message


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Rp1,2 miliar", [("1200000000", "rupiah")]),
        ("dua puluh lima tahun", [("25", "tahun")]),
        ("sebelas hari", [("11", "hari")]),
        ("2,5 %", [("2.5", "persen")]),
        ("1.500.000", [("1500000", "")]),
    ],
)
def test_numbers_are_read_as_indonesians_write_them(text: str, values: list[tuple[str, str]]) -> None:
    assert [(f"{number.value:f}", number.unit) for number in find_numbers(text)] == values


def test_a_broken_list_is_named_with_its_line(app: object) -> None:
    faults: list[Fault] = []

    read_plain_numbers(read_document("- file: a.md\n  text: x\n- {}\n", file=NUMBERS_FILE), faults)

    assert [(fault.file, fault.line) for fault in faults] == [(NUMBERS_FILE, 1), (NUMBERS_FILE, 3)]
