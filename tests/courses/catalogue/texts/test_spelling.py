"""Words that are not in the list are found once, with the nearest that is."""

from __future__ import annotations

import pytest

from courses.catalogue.texts.passages import read_markdown
from courses.catalogue.texts.spelling import WordList, check_spelling, unknown_words

WORDS = WordList("# remark\nkepesertaan\nwarga\nmata\npeserta # a remark\nMadiun\nBPJS\njumlah\n")


@pytest.mark.parametrize(
    "word", ["warga", "Warga", "warganya", "mata-mata", "BPJS-nya", "Madiun", "a", "jumlahnya"]
)
def test_a_word_is_known_with_clitics_and_doubled(word: str) -> None:
    assert WORDS.knows(word)


@pytest.mark.parametrize("word", ["wrga", "madiun", "bpjs", "remark", "kepesertan", "mata-xx"])
def test_a_slip_is_not_known(word: str) -> None:
    assert not WORDS.knows(word)


def test_each_slip_is_named_once_with_its_line_and_the_nearest_word(app: object) -> None:
    passages = read_markdown("Warga\nkepesertan warga.\n\nKepesertan kepesertan.", "a.md")

    found = check_spelling(passages, WORDS)

    assert [(fault.line, "“kepesertaan”" in fault.message) for fault in found] == [(2, True), (4, True)]


def test_new_words_come_with_their_place() -> None:
    ((word, passage, position),) = unknown_words(read_markdown("Warga\ntaruna.", "a.md"), WORDS)

    assert (word, passage.line_at(position)) == ("taruna", 2)
