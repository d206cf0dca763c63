"""Worked examples in lessons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale

from courses.catalogue.markdown import MarkdownFault, Rendered, render_lesson
from courses.facts.book import FactBook, load_book
from courses.facts.calculators.scholarship import BY_YEAR
from courses.facts.fact import Fact
from courses.facts.models import UseKind

BOOK = load_book()
TRAINING = date(2016, 10, 19)
NOW = date(2026, 11, 22)
EXAMPLE = "::: hitung pu\nupah: 15.000.000\nrisiko: sedang\n:::\n"
CASES = {
    "pu": "upah: 15.000.000\nrisiko: sedang",
    "bpu": "dasar: 1.000.000\njht: ya",
    "jakon": "kontrak: 180.000.000",
    "jkk": "upah: 3.000.000\nakibat: meninggal\nbulan_stmb: 8\nangkutan: darat\nbiaya_angkutan: 200.000",
    "jkm": "segmen: bpu\nbulan_iur: 24",
    "jht": "upah: 2.000.000\nbulan: 3\nhasil_setahun: 5",
    "jp": "bulan_iur: 216\nrata_upah: 3.500.000",
    "jkp": "upah: 3.800.000\nbulan_iur: 14\nusia_daftar: 29",
}
ONLY_NOW = {"jkm": "\nbulan_peserta: 24"}


def lesson(text: str, as_of: date = NOW, book: FactBook = BOOK) -> Rendered:
    return render_lesson(text, book=book, as_of=as_of, check=lambda key: key)


def fault(text: str, as_of: date = NOW) -> MarkdownFault:
    with pytest.raises(MarkdownFault) as refused:
        lesson(text, as_of)
    return refused.value


def test_the_steps_follow_the_law_date(app: Flask) -> None:
    then, now = lesson(EXAMPLE, TRAINING).html, lesson(EXAMPLE).html

    # JP: 7.335.300 × 2% = 146.706 and 11.086.300 × 2% = 221.726.
    assert "Rp146.706" in then
    assert "Rp221.726" in now
    assert "JKP" not in then
    assert "JKP, dibayar pemerintah" in now


def test_it_is_indonesian_whatever_the_interface_speaks(app: Flask) -> None:
    with force_locale("en"):
        text = lesson(EXAMPLE).html

    assert "Iuran pekerja penerima upah" in text
    assert "JKK, dibayar pemberi kerja" in text
    assert "Rp15.000.000" in text
    assert "paid by" not in text


def test_every_number_leads_to_its_note(app: Flask) -> None:
    text = lesson(EXAMPLE).html

    assert '<span class="source">Dasar: <a class="fact-value" id="fakta_1_1" href="#dasar_1"' in text
    assert 'href="/fakta/jkk.rate.pu.medium"' in text
    assert (
        '<li class="sum"><p class="line"><span>Pemberi kerja membayar</span> <strong>Rp955.226</strong>'
        in text
    )


def test_what_was_put_in_is_said_and_can_be_tried_with_other_numbers(app: Flask) -> None:
    text = lesson(EXAMPLE, TRAINING).html

    assert "Upah: <strong>Rp15.000.000</strong>" in text
    assert "<strong>Sedang</strong> (diisi sendiri" in text
    assert 'href="/hitung/pu?upah=15.000.000&amp;risiko=sedang&amp;per=2016-10-19"' in text


def test_it_may_have_a_title_of_its_own(app: Flask) -> None:
    text = lesson("::: hitung pu Upah Bu Sari & suami\nupah: 2.000.000\n:::\n").html

    assert "</span> Upah Bu Sari &amp; suami</p>" in text


def test_it_stands_in_another_block(app: Flask) -> None:
    text = lesson(f"::: contoh Toko Bu Sari\nBu Sari bertanya.\n\n{EXAMPLE}:::\n").html

    assert text.index("box-contoh") < text.index("box-hitung")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("Kata.\n\n::: hitung zakat\n:::\n", 3, "zakat"),
        ("::: hitung\n:::\n", 1, ""),
        ("::: hitung pu\nupah: 2.000.000\nbonus: 5\n:::\n", 3, "bonus"),
        ("::: hitung pu\nrisiko: sedang\nupah: Rp 1,5 juta\n:::\n", 3, "1.500.000"),
        ("::: hitung pu\nupah: 0\n:::\n", 2, "0"),
        ("::: hitung pu\nupah: 2.000.000\nupah: 3.000.000\n:::\n", 3, "upah"),
        ("::: hitung pu\n\nupah 2.000.000\n:::\n", 3, "upah: 2.500.000"),
        ("::: hitung pu\nupah:\n:::\n", 2, "upah: 2.500.000"),
        ("::: hitung pu\nrisiko: sedang\n:::\n", 1, "upah"),
        ("::: hitung pu\nupah: 2.000.000\n", 1, ":::"),
    ],
)
def test_what_cannot_be_reckoned_with_is_a_fault_with_its_line(text: str, line: int, said: str) -> None:
    refused = fault(text)

    assert refused.line == line
    assert said in refused.message


def test_a_law_date_without_such_rules_is_a_fault() -> None:
    assert fault("::: hitung pu\nupah: 2.000.000\n:::\n", date(2010, 1, 1)).line == 1


def test_a_hidden_example_needs_a_known_calculator() -> None:
    hidden = "::: berlaku jkp\n::: hitung {}\nupah: 1\n:::\n:::\n"

    lesson(hidden.format("pu"), TRAINING)
    assert fault(hidden.format("zakat"), TRAINING).line == 2


# Uses


class Touched(dict[str, tuple[Fact, ...]]):
    """The values of a book, which remember whose were looked at."""

    def __init__(self, book: FactBook) -> None:
        super().__init__({key: tuple(history) for key, history in book.facts.items()})
        self.keys_seen: set[str] = set()

    def __getitem__(self, key: str) -> tuple[Fact, ...]:
        self.keys_seen.add(key)
        return super().__getitem__(key)


@pytest.mark.parametrize("as_of", [TRAINING, NOW])
@pytest.mark.parametrize("key", CASES)
def test_all_that_a_calculator_looks_at_is_used_by_the_lesson(key: str, as_of: date) -> None:
    touched = Touched(BOOK)
    more = ONLY_NOW.get(key, "") if as_of == NOW else ""

    uses = lesson(f"::: hitung {key}\n{CASES[key]}{more}\n:::\n", as_of, replace(BOOK, facts=touched)).uses

    # How many children there may be names fields; a lesson uses it once it fills one in.
    assert touched.keys_seen - {BY_YEAR} <= {use.key for use in uses}


def test_the_first_day_of_a_rule_is_used_where_a_sentence_names_it() -> None:
    uses = lesson(f"::: hitung jp\n{CASES['jp']}\n:::\n", TRAINING).uses

    assert [use.as_of for use in uses if use.key == "jp.rate.total"] == [date(2015, 7, 1)]


def test_a_field_nobody_is_asked_for_uses_only_the_condition_that_hides_it() -> None:
    uses = lesson(f"::: hitung jkm\n{CASES['jkm']}\n:::\n", TRAINING).uses

    assert {(use.kind, use.as_of) for use in uses if use.key == BY_YEAR} == {(UseKind.CONDITION, TRAINING)}
