from __future__ import annotations

import io

import docx
import pytest
from flask import Flask
from PIL import Image

from courses.catalogue.drawings import read_drawing
from lms.core.errors import Invalid
from quizzes.exchange.contract import GivenQuestion, ReadQuestion
from quizzes.exchange.printing.docx import DocxWriter
from quizzes.exchange.printing.figures.canvas import draw
from quizzes.exchange.printing.figures.fitting import as_png, open_picture, size_of
from quizzes.exchange.printing.figures.lettered import draw_places
from quizzes.exchange.printing.pdf import MAX_QUESTIONS, PdfWriter, paper_html
from quizzes.exchange.printing.printed import find_variant, list_printed
from quizzes.exchange.printing.writer import BOTH, KEY, QUESTIONS
from quizzes.exchange.word.reader import WordReader
from quizzes.types.case_story import read_story
from tests.quizzes.exchange.given import examples
from tests.quizzes.exchange.printing.papers import CASE, SHOWING, example

ASKED = GivenQuestion(
    "single_choice",
    {
        "stem": "Apa **itu**?\\\nYa <b> 漢",
        "options": [{"text": "salah satu"}, {"text": "benar", "correct": True}],
        "explanation": "Karena RAHASIA.",
    },
    "soal",
)


def words(body: bytes) -> str:
    document = docx.Document(io.BytesIO(body))
    return "\n".join(paragraph.text for paragraph in document.element.body.iter() if _is_paragraph(paragraph))


def _is_paragraph(element: object) -> bool:
    return str(getattr(element, "tag", "")).endswith("}p")


@pytest.mark.parametrize(("part", "has_key"), [(QUESTIONS, False), (BOTH, True), (KEY, True)])
def test_the_key_is_in_a_document_only_where_it_was_asked_for(part: str, has_key: bool) -> None:
    text, html = words(DocxWriter(part).write([ASKED])), paper_html(list_printed([ASKED]), part)

    for shown in (text, html):
        assert (("RAHASIA" in shown), ("Kunci jawaban" in shown)) == (has_key, has_key)
        assert ("salah satu" in shown) is (part != KEY)


def test_all_but_what_only_a_screen_can_show_is_printed_and_the_rest_is_said(app: Flask) -> None:
    given = [*examples(), CASE, example("hotspot", 1, picture="slip.png")]
    with app.test_request_context():
        for writer in (DocxWriter(), PdfWriter()):
            left = [question for question in given if not writer.holds(question)]
            reasons = [str(writer.losses(question)[0]) for question in left]

            # A case with branches, and pictures that are missing.
            assert [question.kind for question in left] == ["hotspot", "hotspot", "case_set"]
            assert len(set(reasons)) == 2
    assert words(DocxWriter(BOTH).write(examples())).count("Kunci jawaban") == 1


def test_a_calculated_question_is_printed_with_one_variant_that_is_named() -> None:
    question = example("calculated", stem="Upah {nilai:upah} selama {nilai:bulan}: berapa?")
    variant = find_variant(question.source)
    assert variant is not None
    text = words(DocxWriter(BOTH).write([question]))

    assert variant.words == f"upah = {variant.shown['upah']}, bulan = {variant.shown['bulan']}"
    assert f"Upah {variant.shown['upah']} selama {variant.shown['bulan']}: berapa?" in text
    assert f"{variant.shown['jawaban']}\nVarian 1: {variant.words}" in text
    assert "{nilai" not in text
    assert variant.words in str(DocxWriter().losses(question)[0])


def test_a_case_is_its_story_and_then_its_questions_with_letters() -> None:
    (printed,) = list_printed([CASE])
    assert [part.number for part in printed.parts] == ["1a", "1b", "1c"]
    body = DocxWriter(BOTH).write([CASE])
    (table,) = docx.Document(io.BytesIO(body)).tables
    text, html = words(body), paper_html([printed], BOTH)

    assert [cell.text for cell in table.rows[1].cells] == ["Mei", "16.800"]
    assert '<th scope="col">Bulan</th>' in html
    for shown in (text, html):
        for wanted in ("Bu Sri mencatat iurannya:", "1a.", "Upah Rp2.000.000, berapa", "Rp40.000", "Tidak."):
            assert wanted in shown


def test_the_parts_of_a_story_are_paragraphs_and_rows() -> None:
    text = "Satu\nbaris\n\n| A | {gambar:x.png|y} |\n|---|---|\n| 1 | 2 |"
    assert read_story(text) == ["Satu baris", [["A", "{gambar:x.png|y}"], ["1", "2"]]]


def test_pictures_are_printed_and_said_in_words_for_those_who_do_not_see_them() -> None:
    body = DocxWriter().write([SHOWING])
    html = paper_html(list_printed([SHOWING]), QUESTIONS)

    shapes = docx.Document(io.BytesIO(body)).inline_shapes
    assert [shape._inline.docPr.get("descr") for shape in shapes] == ["Slip gaji Bu Sari", "Kartu"]
    assert html.count('src="data:image/png;base64,') == 2
    assert 'alt="Slip gaji Bu Sari"' in html
    assert not DocxWriter().losses(SHOWING)


def test_a_picture_that_is_missing_is_said_before_and_stands_as_words() -> None:
    bare = GivenQuestion(SHOWING.kind, SHOWING.source, SHOWING.name)

    assert len(PdfWriter().losses(bare)) == 1
    assert "(Slip gaji Bu Sari)" in words(DocxWriter().write([bare]))
    assert "(Slip gaji Bu Sari)" in paper_html(list_printed([bare]), QUESTIONS)


@pytest.mark.parametrize("question", [example("hotspot"), example("hotspot", 1, picture="slip.png")])
def test_places_have_letters_on_their_picture(question: GivenQuestion) -> None:
    lettered = draw_places(question.source, question.files)
    assert lettered is not None
    bare = draw_places({**question.source, "options": []}, question.files)
    assert bare is not None

    changed = [
        {lettered.getpixel((x + dx, y)) != bare.getpixel((x + dx, y)) for dx in range(-12, 13)}
        for x, y in _pins(question, lettered.width)
    ]
    assert changed == [{True, False}, {True, False}, {True, False}] or all(True in one for one in changed)
    text = words(DocxWriter(BOTH).write([question]))
    right = next(n for n, option in enumerate(question.source["options"]) if option.get("correct"))
    assert f"1.\t{'ABC'[right]}" in text
    assert len(docx.Document(io.BytesIO(DocxWriter().write([question]))).inline_shapes) == 1


def _pins(question: GivenQuestion, width: int) -> list[tuple[int, int]]:
    """Return the middles of the places in pixels."""
    at = {"40 50": (40, 50), "150 50": (150, 50), "260.5 50": (260.5, 50)}
    areas = {
        "40 40 200 60": (140, 70),
        "400 100 60": (400, 100),
        "300 300 560 300 560 380 300 380": (430, 340),
    }
    scale = width / (300 if "drawing" in question.source else 600)
    places = (at.get(one.get("at"), areas.get(one.get("area"))) for one in question.source["options"])
    return [(round(x * scale), round(y * scale)) for x, y in filter(None, places)]


def test_a_drawing_is_drawn_with_shapes_lines_tips_and_words() -> None:
    source = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><defs>'
        '<marker id="m" viewBox="0 0 4 4" refX="4" refY="2" markerWidth="4" markerHeight="4" orient="auto">'
        '<path class="d-bad" d="M0 0L4 2L0 4z"/></marker></defs>'
        '<g transform="translate(10 10)"><rect class="d-fill" width="20" height="20" rx="3"/></g>'
        '<circle class="d-accent" cx="70" cy="20" r="10"/>'
        '<path class="d-flow" d="M10 50h40" marker-end="url(#m)"/>'
        '<line class="d-line d-dash" x1="0" y1="70" x2="100" y2="70"/>'
        '<text x="50" y="95" text-anchor="middle">Kata <tspan class="d-bold">tebal</tspan></text>'
        '<text transform="rotate(90 90 40)" x="90" y="40">Naik</text></svg>'
    )
    shown = draw(read_drawing(source.encode()), width=400)

    assert shown.size == (400, 400)
    assert shown.getpixel((80, 80)) == (0x28, 0x34, 0x8A)
    assert shown.getpixel((280, 80)) == (0xFF, 0xC4, 0x45)
    assert shown.getpixel((2, 2)) == (255, 255, 255)
    # Dashes and gaps between them; words, the turned ones too.
    assert {shown.getpixel((x, 280))[0] > 200 for x in range(20, 380)} == {True, False}
    assert min(shown.crop((120, 350, 280, 390)).get_flattened_data())[0] < 80
    assert min(shown.crop((355, 160, 385, 260)).get_flattened_data())[0] < 120


def test_a_picture_is_made_as_small_as_wanted() -> None:
    noise = Image.effect_noise((1200, 900), 80).convert("RGB")

    large, small = as_png(noise, most_bytes=10**7), as_png(noise, most_bytes=40_000)

    assert size_of(large) == (1100, 825)
    assert len(small) <= 40_000
    assert open_picture(b"\x89PNG\r\n\x1a\n half a file") is None


def test_a_printed_document_is_read_again_with_its_key() -> None:
    bare = {name: value for name, value in ASKED.source.items() if name != "explanation"}
    given = GivenQuestion("single_choice", bare, "soal")

    (found,) = WordReader().read(DocxWriter(BOTH).write([given]), "x.docx")

    assert isinstance(found, ReadQuestion)
    assert [bool(option.get("correct")) for option in found.source["options"]] == [False, True]


def test_the_same_questions_are_the_same_bytes() -> None:
    given = [*examples(), CASE, SHOWING]
    assert DocxWriter(BOTH).write(given) == DocxWriter(BOTH).write(given)


def test_a_pdf_holds_all_types_and_signs_no_face_has_are_told_and_do_not_break_it(app: Flask) -> None:
    body = PdfWriter(BOTH).write([ASKED, *examples(), CASE, SHOWING])

    assert body.startswith(b"%PDF-")
    with app.test_request_context():
        assert "漢" in str(PdfWriter().losses(ASKED)[0])
    with pytest.raises(Invalid, match=str(MAX_QUESTIONS)):
        PdfWriter().write([ASKED] * (MAX_QUESTIONS + 1))


def test_more_pictures_than_a_pdf_takes_are_refused_and_many_are_made_smaller() -> None:
    noise = io.BytesIO()
    Image.effect_noise((900, 900), 90).convert("RGB").save(noise, "PNG")
    many = [GivenQuestion(SHOWING.kind, SHOWING.source, "x", files={"slip.png": noise.getvalue()})] * 12
    assert len(paper_html(list_printed(many), QUESTIONS)) < 4_000_000

    with pytest.raises(Invalid, match="200"):
        paper_html(list_printed([SHOWING]) * 101, QUESTIONS)


def test_each_paper_has_a_key_of_its_own_in_the_register() -> None:
    assert [DocxWriter(part).key for part in (QUESTIONS, BOTH, KEY)] == ["docx", "docx-key", "docx-answers"]
    assert [PdfWriter(part).key for part in (QUESTIONS, BOTH, KEY)] == ["pdf", "pdf-key", "pdf-answers"]
