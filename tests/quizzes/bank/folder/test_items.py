"""Item-writing faults of shipped questions."""

from __future__ import annotations

import pytest

from courses.catalogue.sources import QuestionSource
from courses.facts.documents import read_document
from quizzes.bank.folder.items import advise_on_item, check_item, is_negative

RIGHT = """\
- id: jkm-01
  type: single_choice
  use: graded
  stem: "Siapa yang membayar?"
  options:
    - {text: "Pemberi kerja", correct: true, why: "Tepat."}
    - {text: "Pekerja sendiri", why: "Bukan."}
  explanation: "Begitulah."
"""


def question(text: str = RIGHT) -> QuestionSource:
    (data,) = read_document(text, file="questions/jkm.yaml")
    return QuestionSource(data["id"], "jkm", "questions/jkm.yaml", data.line, data)


def found(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.message) for fault in check_item(question(text))]


def test_a_good_question_has_no_faults(app: object) -> None:
    assert found(RIGHT) == []


@pytest.mark.parametrize(
    ("before", "after", "line", "word"),
    [
        ("Siapa yang membayar?", "Mana yang tidak membayar?", 4, "*bukan*"),
        ("Pekerja sendiri", "Semua benar", 7, "semua benar"),
        ("Pekerja sendiri", "pemberi  kerja", 7, "tumpang tindih"),
        ('"Pemberi kerja"', '"Pemberi kerja, karena undang-undang mewajibkannya begitu"', 6, "panjang"),
        (', why: "Bukan."', "", 7, "jawaban 2"),
        ('  explanation: "Begitulah."\n', "", 1, "explanation"),
    ],
)
def test_each_fault_has_its_line(app: object, before: str, after: str, line: int, word: str) -> None:
    ((where, message),) = found(RIGHT.replace(before, after))

    assert where == line
    assert message.startswith("jkm-01: ")
    assert word in message


def test_a_statement_needs_a_reason_for_both_sides(app: object) -> None:
    text = '- id: jkm-02\n  type: true_false\n  stem: Betul.\n  why: {"true": Ya.}\n  explanation: Ya.\n'

    assert [line for line, _message in found(text)] == [4]


def test_ranges_that_share_a_number_overlap(app: object) -> None:
    text = RIGHT.replace("Pemberi kerja", "1–5 tahun").replace("Pekerja sendiri", "5–10 tahun")

    assert len(found(text)) == 1
    assert found(text.replace("5–10", "6–10")) == []


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("Mana yang bukan tugas kader?", True),
        ("Mana yang *bukan* tugas kader?", False),
        ("Semua ini tugas kader, kecuali", True),
        ("Siapa saja yang bukan penerima upah?", False),
        ('Pak Suro berkata, "Itu yang tidak perlu." Apa jawab Anda?', False),
        ("Ia tidak mendaftar. Apa akibatnya?", False),
    ],
)
def test_only_what_is_asked_counts_as_negative(stem: str, expected: bool) -> None:
    assert is_negative(stem) is expected


def test_what_a_graded_question_does_not_say_about_itself_is_advice(app: object) -> None:
    (advice,) = advise_on_item(question())

    assert "level" in advice.message
    assert list(advise_on_item(question(RIGHT.replace("use: graded", "use: practice")))) == []
