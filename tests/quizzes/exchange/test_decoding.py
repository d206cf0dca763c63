"""Bytes as text."""

from __future__ import annotations

import pytest

from quizzes.exchange.contract import Unreadable
from quizzes.exchange.decoding import MAX_LINE, decode
from quizzes.exchange.limits import MAX_BYTES


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_without_a_guess(code: str) -> None:
    assert decode("é “a”\r\nb\rc".encode(code)) == ("é “a”\nb\nc", ())


def test_windows_letters_are_a_guess_that_is_told() -> None:
    text, guesses = decode("é “a” –".encode("cp1252"))
    assert text == "é “a” –"
    assert len(guesses) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n ",
        b"a\0b",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xfea",
        b"%PDF-1.7\n\x01",
        "a".encode("utf-16-le") * 10,
        b"\x81\x8d",
        b"x" * (MAX_LINE + 1),
    ],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(data)


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(Unreadable):
        decode(b"x\n" * (MAX_BYTES // 2 + 1))
