"""Words are read back from the glyphs of a page."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.checking.file_lines import check_page
from certificates.checking.inspection import Inspection
from certificates.checking.pdf_contents import open_pdf, read_contents
from certificates.checking.pdf_text import read_letters
from certificates.paper import render_paper
from tests.certificates.conftest import SealedSample
from tests.certificates.samples import make_record

NUMBER = "00001/PK/K1/X/2016"


def word(text: str, *, name: str = "Siti Aminah", number: str = NUMBER) -> str:
    return check_page(Inspection("", text=text), name=name, number=number).word


def test_maps_of_letters_are_read_in_all_their_forms() -> None:
    text = (
        b"2 beginbfchar <0003> <0020> <0010> <00660066> endbfchar "
        b"2 beginbfrange <0020> <0022> <0041> <0030> <0031> [<0061> <1e25>] endbfrange"
    )
    assert read_letters(text) == {3: " ", 0x10: "ff", 0x20: "A", 0x21: "B", 0x22: "C", 0x30: "a", 0x31: "ḥ"}


def test_a_range_that_never_ends_is_cut() -> None:
    assert len(read_letters(b"1 beginbfrange <0000> <ffffffff> <0041> endbfrange")) == 256


@given(
    st.lists(st.from_regex(r"\A<[0-9a-f]{1,10}>\Z") | st.sampled_from(["[", "]", "<", ">", "x"])).map(
        " ".join
    )
)
def test_a_map_of_anything_is_read_in_bounds_or_is_a_value_error(text: str) -> None:
    letters: dict[int, str] = {}
    with contextlib.suppress(ValueError, OverflowError):
        letters = read_letters(f"1 beginbfchar {text} endbfchar 1 beginbfrange {text} endbfrange".encode())
    # As many as codes are listed one by one, and those of each range.
    assert len(letters) <= text.count("<") * 257
    assert all(isinstance(letter, str) for letter in letters.values())


def test_the_page_of_a_certificate_reads_as_it_is_printed(sealed_sample: SealedSample) -> None:
    lines = read_contents(open_pdf(sealed_sample.unsigned)).text.split("\n")
    assert "Siti Aminah" in lines
    assert f"Nomor: {NUMBER}" in lines


@pytest.mark.parametrize(
    "name",
    [
        "Aḥmad Ḥasan aṣ-Ṣiddīq bin Raḥmān aṭ-Ṭabarī",
        "Nguyễn Thị Hồng Ánh",
        "I Gusti Ayu Fitri Affandi Offling",
        "Prof. Dr. (H.C.) R. Ay. Kusumaningtyas Dewi Sekar binti R. M. Haryo Suryodiningrat, S.Pd., M.Si.",
    ],
)
def test_any_name_is_found_on_its_page(name: str) -> None:
    body = render_paper(make_record(name), base_url="https://belajar.example.id")
    assert word(read_contents(open_pdf(body)).text, name=name) == "same"


def test_a_name_counts_only_by_itself() -> None:
    page = f"SERTIFIKAT\nNomor: {NUMBER}\nSiti Aminah\nbinti Umar\nKarang Taruna"
    assert word(page) == "same"
    assert word(page, name="Siti Aminah binti Umar") == "same"
    assert word(page, name="SITI  AMINAH") == "same"
    assert word(page, name="Aminah") == "name"
    assert word(page, name="Siti") == "name"
    assert word(page.replace("Aminah", "Aminahwati")) == "name"
    assert word(page, number="0001/PK/K1/X/2016") == "number"
    assert word(" \n ") == "empty"
