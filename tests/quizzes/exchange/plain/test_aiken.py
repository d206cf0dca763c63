"""Aiken out, and in again."""

from __future__ import annotations

import pytest

from quizzes.exchange.contract import GivenQuestion, ReadQuestion
from quizzes.exchange.plain.aiken import AikenReader, AikenWriter

CHOICE = GivenQuestion(
    "single_choice",
    {
        "stem": "Apa **itu** {gambar:a.png|pintu}?\\\nSebutkan.",
        "options": [{"text": "A. satu", "why": "Bukan."}, {"text": "dua", "correct": True}],
        "explanation": "Karena.",
    },
    "satu",
)
TRUE_FALSE = GivenQuestion("true_false", {"stem": "Benarkah?", "answer": False}, "dua")
ESSAY = GivenQuestion("essay", {"stem": "Tulislah."}, "tiga")


def test_what_is_written_is_read_again() -> None:
    written = AikenWriter().write([CHOICE, ESSAY, TRUE_FALSE])
    first_part = "Apa itu pintu? Sebutkan.\nA. – A. satu\nB. dua\nANSWER: B\n"
    assert written.decode() == f"{first_part}\nBenarkah?\nA. Benar\nB. Salah\nANSWER: B\n"
    first, second = AikenReader().read(written, "x.txt")
    assert isinstance(first, ReadQuestion)
    assert first.source["options"][1] == {"text": "dua", "correct": True}
    assert isinstance(second, ReadQuestion)


@pytest.mark.parametrize(("question", "count"), [(CHOICE, 4), (TRUE_FALSE, 1), (ESSAY, 1)])
def test_what_is_lost_is_said_before(question: GivenQuestion, count: int) -> None:
    assert len(AikenWriter().losses(question)) == count


def test_an_essay_has_no_place_in_it() -> None:
    assert not AikenWriter().holds(ESSAY)
