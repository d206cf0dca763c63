"""Words are the same whatever somebody types: small letters, accents gone, signs between them."""

from __future__ import annotations

import pytest

from quizzes.bank.search.words import MAX_ASKED, asked_words, list_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Iuran JHT Bagian Pekerja", ["iuran", "jht", "bagian", "pekerja"]),
        ("Rp42.000.000 (0,24%)", ["rp42", "000", "000", "0", "24"]),
        ("{fakta:jkk.rate.pu.very_low}", ["fakta", "jkk", "rate", "pu", "very", "low"]),
        ("Pasal 10 UU 24/2011", ["pasal", "10", "uu", "24", "2011"]),
        ("Café, ﬁrma, ＪＫＫ", ["cafe", "firma", "jkk"]),
        ("'); DROP TABLE question; --\" OR *", ["drop", "table", "question", "or"]),
        ("工伤 ???", []),
    ],
)
def test_words_are_letters_and_digits(text: str, words: list[str]) -> None:
    assert list_words(text) == words


def test_a_search_asks_for_few_words_of_few_letters() -> None:
    asked = asked_words("panjang" * 40 + " kata" * 40)

    assert (len(asked), len(asked[0])) == (MAX_ASKED, 40)
