"""What people read, cut into passages with their lines; marks and fences gone."""

from __future__ import annotations

from courses.catalogue.texts.passages import VALUE, Kind, read_markdown


def test_a_passage_knows_the_line_of_each_word() -> None:
    (passage,) = read_markdown("\n\nSatu baris,\nlalu baris kedua.\n", "a.md")

    assert (passage.line, passage.kind) == (3, Kind.PARAGRAPH)
    assert passage.line_at(passage.text.index("kedua")) == 4


def test_a_mark_is_one_sign_and_a_term_its_words() -> None:
    (passage,) = read_markdown("Bayar {fakta:jkm.rate.pu} untuk {istilah:bpu|pekerja mandiri}.", "a.md")

    assert passage.text == f"Bayar {VALUE} untuk pekerja mandiri."


def test_headings_cells_and_list_items_are_passages_of_their_own() -> None:
    text = "## Judul\n\n| A | B |\n|---|---|\n| satu | {pasal:uu-24-2011/15} |\n\n- butir\n- *lain*\n"

    found = [(passage.line, passage.kind, passage.text) for passage in read_markdown(text, "a.md")]

    assert found == [
        (1, Kind.HEADING, "Judul"),
        (3, Kind.CELL, "A"),
        (3, Kind.CELL, "B"),
        (5, Kind.CELL, "satu"),
        (5, Kind.CELL, VALUE),
        (7, Kind.PARAGRAPH, "butir"),
        (8, Kind.PARAGRAPH, "lain"),
    ]


def test_only_boxes_of_cases_are_stories() -> None:
    story = "::: contoh Bu Sri\nUpahnya kecil.\n\n::: berlaku jkp\nDalam.\n:::\n:::\n"
    text = f"{story}::: ingat Catat\nLuar.\n:::\n"

    found = {passage.text: passage.is_story for passage in read_markdown(text, "a.md")}

    assert found == {"Bu Sri": True, "Upahnya kecil.": True, "Dalam.": True, "Catat": False, "Luar.": False}


def test_inputs_of_a_calculator_are_no_words() -> None:
    assert read_markdown("::: hitung pu\nupah: 2.500.000\n:::\n", "a.md") == []
