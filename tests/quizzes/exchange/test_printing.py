from __future__ import annotations

import io

import docx
import pytest

from lms.core.errors import Invalid
from quizzes.exchange.contract import GivenQuestion, ReadQuestion
from quizzes.exchange.docx_writing import DocxWriter
from quizzes.exchange.pdf_writing import MAX_QUESTIONS, PdfWriter, paper_html
from quizzes.exchange.printed import list_printed
from quizzes.exchange.printing import BOTH, KEY, QUESTIONS
from quizzes.exchange.word import WordReader
from tests.quizzes.exchange.given import examples

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
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(body)).paragraphs)


@pytest.mark.parametrize(("part", "has_key"), [(QUESTIONS, False), (BOTH, True), (KEY, True)])
def test_the_key_is_in_a_document_only_where_it_was_asked_for(part: str, has_key: bool) -> None:
    text, html = words(DocxWriter(part).write([ASKED])), paper_html(list_printed([ASKED]), part)

    for shown in (text, html):
        assert (("RAHASIA" in shown), ("Kunci jawaban" in shown)) == (has_key, has_key)
        assert ("salah satu" in shown) is (part != KEY)


def test_every_type_but_three_is_printed_and_the_others_are_said() -> None:
    writer = DocxWriter()
    left = {question.kind for question in examples() if not writer.holds(question)}

    assert left == {"calculated", "hotspot", "case_set"}
    assert all(writer.losses(question) for question in examples() if question.kind in left)
    assert words(DocxWriter(BOTH).write(examples())).count("Kunci jawaban") == 1


def test_a_printed_document_is_read_again_with_its_key() -> None:
    bare = {name: value for name, value in ASKED.source.items() if name != "explanation"}
    given = GivenQuestion("single_choice", bare, "soal")

    (found,) = WordReader().read(DocxWriter(BOTH).write([given]), "x.docx")

    assert isinstance(found, ReadQuestion)
    assert [bool(option.get("correct")) for option in found.source["options"]] == [False, True]


def test_the_same_questions_are_the_same_bytes() -> None:
    assert DocxWriter(BOTH).write(examples()) == DocxWriter(BOTH).write(examples())


def test_a_pdf_holds_all_types_and_signs_no_face_has_do_not_break_it() -> None:
    body = PdfWriter(BOTH).write([ASKED, *examples()])

    assert body.startswith(b"%PDF-")
    with pytest.raises(Invalid, match=str(MAX_QUESTIONS)):
        PdfWriter().write([ASKED] * (MAX_QUESTIONS + 1))


def test_each_paper_has_a_key_of_its_own_in_the_register() -> None:
    assert [DocxWriter(part).key for part in (QUESTIONS, BOTH, KEY)] == ["docx", "docx-key", "docx-answers"]
    assert [PdfWriter(part).key for part in (QUESTIONS, BOTH, KEY)] == ["pdf", "pdf-key", "pdf-answers"]
