"""Numbers as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.types.base import FormatError
from quizzes.types.numbers import read_number, show


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5.000.000,50", "5000000.50"),
        ("5000000", "5000000"),
        ("Rp5.000.000", "5000000"),
        ("Rp 5.000.000,-", "5000000"),
        ("rp. 40.000,00", "40000"),
        ("0,24%", "0.24"),
        ("0,24 persen", "0.24"),
        ("0,125", "0.125"),
        ("15 hari kerja", "15"),
        ("15 hari", "15"),
        ("5 juta", "5000000"),
        ("2,5jt", "2500000"),
        ("1.500 ribu", "1500000"),
        ("40 ribu rupiah", "40000"),
        (" 007 ", "7"),
        ("-3", "-3"),
        ("\u22123,5", "-3.5"),
        ("\uff15\uff10", "50"),
    ],
)
def test_reads_what_people_write(text: str, value: str) -> None:
    assert read_number(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "proposal"),
    [
        ("5,000.00", "5.000,00"),
        ("1.00", "1,00"),
        ("5.00.000", "500.000"),
        ("5,000,000", "5.000.000"),
        ("0.24", "0,24"),
        ("0.125", "0,125"),
        ("1.5 juta", "1,5"),
        ("5 000", "5.000"),
        ("1.234.567.89", "1.234.567,89"),
        ("5.", "5"),
        ("-1.5", "-1,5"),
    ],
)
def test_proposes_instead_of_guessing(text: str, proposal: str) -> None:
    with pytest.raises(FormatError) as error:
        read_number(text)

    assert f"Did you mean {proposal}?" in str(error.value)


def test_asks_when_two_readers_would_differ() -> None:
    with pytest.raises(FormatError) as error:
        read_number("5,000")

    assert "5.000 or 5,0000" in str(error.value)


@pytest.mark.parametrize(
    "text", ["", "lima", "--5", "5e3", "NaN", "Infinity", "5/2", "½", "1 2 x", "\u0665", "9" * 31]
)
def test_refuses_what_is_no_number(text: str) -> None:
    with pytest.raises(FormatError):
        read_number(text)


@pytest.mark.parametrize(
    ("text", "unit"), [("5%", "rupiah"), ("Rp5", "persen"), ("5 bulan", "hari"), ("5 hari kerja", "hari")]
)
def test_refuses_another_unit(text: str, unit: str) -> None:
    with pytest.raises(FormatError, match=unit):
        read_number(text, unit=unit)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3, allow_nan=False))
def test_reads_back_what_it_shows(value: Decimal) -> None:
    assert read_number(show(value)) == value


@given(st.text(alphabet="0123456789.,- Rp%juta", max_size=15))
def test_reads_a_number_or_says_why_not(text: str) -> None:
    try:
        value = read_number(text)
    except FormatError:
        return

    assert value.is_finite()
