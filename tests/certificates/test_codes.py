"""Codes: what is made, what is read, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.codes import ALPHABET, LENGTH, check_character, new_code, read_code, show_code

BODIES = st.text(ALPHABET, min_size=16, max_size=16)


def test_a_new_code_has_17_characters_and_reads_as_itself() -> None:
    code = new_code()
    assert len(code) == LENGTH
    assert read_code(code) == code


def test_codes_do_not_repeat_and_use_every_character() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert set("".join(code[:-1] for code in codes)) == set(ALPHABET)


@given(BODIES)
def test_a_code_is_read_however_it_is_typed(body: str) -> None:
    code = body + check_character(body)
    typed = show_code(code)
    for variant in (
        typed,
        typed.lower(),
        typed.replace("-", " "),
        typed.replace("-", "–"),
        f"  {code}\n",
        typed.replace("0", "O").replace("1", "I"),
        typed.replace("0", "o").replace("1", "l"),
        typed.replace("-", "\u200b-\u00a0"),
    ):
        assert read_code(variant) == code


@given(BODIES, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(body: str, place: int, other: str) -> None:
    code = body + check_character(body)
    if code[place] != other:
        assert read_code(code[:place] + other + code[place + 1 :]) is None


@given(BODIES, st.integers(0, 15))
def test_swapped_neighbours_are_noticed_but_for_the_pair_the_method_cannot_tell(
    body: str, place: int
) -> None:
    code = body + check_character(body)
    a, b = code[place], code[place + 1]
    swapped = code[:place] + b + a + code[place + 2 :]
    if a != b and {a, b} != {"0", "Z"}:
        assert read_code(swapped) is None


@pytest.mark.parametrize(
    "text", ["", "-", "ABCD", "U" * 17, "0" * 16, "0" * 18, "é" * 17, "0" * 5000, "\0" * 17]
)
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    assert read_code(text) is None


def test_a_code_is_printed_4_4_4_5() -> None:
    assert show_code("0123456789ABCDEFG") == "0123-4567-89AB-CDEFG"
