"""Long sentences and words of the office."""

from __future__ import annotations

from courses.catalogue.texts.passages import read_markdown
from courses.catalogue.texts.sentences import (
    FEW,
    LONG,
    TOO_LONG,
    advise_on_lengths,
    advise_on_words,
    check_lengths,
    list_sentences,
)


def sentence(words: int) -> str:
    return " ".join(["Kata", *["kata"] * (words - 1)]) + "."


def test_sentences_end_at_their_marks_not_at_numbers() -> None:
    text = "Upah Rp2.500.000 dibayar.\nApa lagi? “Belum.” Lalu {fakta:jkm.rate.pu} dibayar!"

    found = [(one.line, one.word_count) for one in list_sentences(read_markdown(text, "a.md"))]

    assert found == [(1, 3), (2, 2), (2, 1), (2, 3)]


def test_a_sentence_of_too_many_words_is_a_fault_with_its_line(app: object) -> None:
    passages = read_markdown(f"Pendek.\n{sentence(TOO_LONG + 1)} {sentence(TOO_LONG)}", "a.md")

    assert [fault.line for fault in check_lengths(list_sentences(passages))] == [2]


def test_a_page_of_many_long_sentences_gets_advice(app: object) -> None:
    text = " ".join([sentence(LONG + 1)] + [sentence(5)] * FEW)

    (advice,) = advise_on_lengths(list_sentences(read_markdown(text, "a.md")))

    assert (advice.file, advice.line) == ("a.md", 1)


def test_words_of_the_office_come_with_a_plainer_one(app: object) -> None:
    (advice,) = advise_on_words(read_markdown("Datang dalam\nrangka klaim.", "a.md"))

    assert advice.line == 1
    assert "untuk" in advice.message
