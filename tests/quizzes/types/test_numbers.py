"""Numbers as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from lms.core.numbers import show
from quizzes.types.base import FormatError
from quizzes.types.numbers import read_number

READ = {
    # Digits alone.
    "0": "0", "7": "7", " 007 ": "7", "0001": "1", "42": "42", "999": "999", "1234": "1234",
    "5000000": "5000000", "12345678901": "12345678901", "-3": "-3", "\u22123": "-3", "\u20133": "-3",
    # Points group.
    "1.000": "1000", "10.000": "10000", "100.000": "100000", "1.000.000": "1000000",
    "5.000.000": "5000000", "12.345.678.901": "12345678901", "-1.000": "-1000", "999.999": "999999",
    # A comma begins decimals.
    "0,5": "0.5", "0,24": "0.24", "0,125": "0.125", "0,240": "0.24", "1,5": "1.5", "1,50": "1.5",
    "1,05": "1.05", "12,34": "12.34", "123,45": "123.45", "1,2345": "1.2345", "5,0000": "5",
    "1234,567": "1234.567", "00,5": "0.5", "\u22123,5": "-3.5", "-0,75": "-0.75",
    "5.000.000,50": "5000000.5", "1.000,5": "1000.5", "1.000,500": "1000.5", "1.234,567": "1234.567",
    "-1.000,5": "-1000.5", "12.345,00": "12345",
    # Rupiah.
    "Rp5.000.000": "5000000", "Rp 5.000.000": "5000000", "Rp.5.000.000": "5000000",
    "rp. 40.000,00": "40000", "RP 40.000": "40000", "rp5000000": "5000000", "Rp 5.000.000,-": "5000000",
    "Rp5.000.000,--": "5000000", "5.000.000,-": "5000000", "IDR 5.000.000": "5000000",
    "idr5000000": "5000000", "5.000.000 rupiah": "5000000", "Rp5.000.000 rupiah": "5000000",
    "Rp-500": "-500", "Rp0,50": "0.5",
    # Words of size, in either language.
    "5 juta": "5000000", "5juta": "5000000", "5 jt": "5000000", "2,5jt": "2500000", "2,5 juta": "2500000",
    "Rp2,5 juta": "2500000", "2,5 juta rupiah": "2500000", "1.500 ribu": "1500000", "750 ribu": "750000",
    "750rb": "750000", "40 ribu rupiah": "40000", "1,25 miliar": "1250000000", "1,25 milyar": "1250000000",
    "3 thousand": "3000", "5 million": "5000000", "2,5 million": "2500000", "1,5 billion": "1500000000",
    "5 JUTA": "5000000", "Rp5jt": "5000000", "-2 juta": "-2000000",
    # Units, in either language.
    "5%": "5", "5 %": "5", "0,24%": "0.24", "0,24 persen": "0.24", "0,24 percent": "0.24",
    "15 hari kerja": "15", "15 hari": "15", "15 days": "15", "1 day": "1", "15 working days": "15",
    "12 bulan": "12", "12 bln": "12", "12 months": "12", "1 month": "1", "2 tahun": "2", "2 thn": "2",
    "2 years": "2", "25 orang": "25", "25 people": "25", "1 person": "1", "5 juta orang": "5000000",
    "15 HARI": "15", "15hari": "15",
    # Wide digits of some keyboards, blanks of all kinds.
    "\uff15\uff10": "50", "\uff15\uff0e\uff10\uff10\uff10": "5000", "5\u00a0juta": "5000000", "\t8\n": "8",
}  # fmt: skip

QUESTIONED = {
    # English separators.
    "5,000.00": "5.000,00", "1,000.5": "1.000,5", "1,234.56": "1.234,56", "1,000,000.50": "1.000.000,50",
    "5,000,000": "5.000.000", "-5,000,000": "-5.000.000", "12,345,678": "12.345.678",
    # A point before decimals.
    "1.00": "1,00", "0.24": "0,24", "0.125": "0,125", "1.0": "1,0", "10.50": "10,50", "100.25": "100,25",
    "1.5": "1,5", "-1.5": "-1,5", "2.75%": "2,75", "Rp2.50": "2,50", "5.0000": "5,0000", "000.5": "0,5",
    "0.000": "0,000", "5.00000": "5,00000", "0.5 persen": "0,5", ".5": "0,5", ",5": "0,5", "-.5": "-0,5",
    # Groups that are none.
    "5.00.000": "500.000", "1.234.567.89": "1.234.567,89", "50.000.00": "50.000,00",
    "5.000.00": "5.000,00", "55.55.55": "5.555,55", "1.2.3": "12,3", "1,2,3": "12,3", "1,23,456": "123.456",
    "12,34,567": "1.234.567", "1000.000": "1.000.000", "1234.567": "1.234.567", "1.0000,5": "10.000,5",
    "12.34,5": "1.234,5", "1.000.0": "1.000,0", "1,234.567": "1.234.567", "Rp5.00.000": "500.000",
    # Signs too many.
    "5.": "5", "5,": "5", "5.000.": "5.000", "5.000,": "5.000", "1..000": "1.000", "1,,5": "1,5",
    # Blanks as separators.
    "5 000": "5.000", "5 000 000": "5.000.000", "5\u00a0000": "5.000", "1 234,5": "1.234,5", "- 5": "-5",
    "Rp 5 000 000": "5.000.000",
    # With words of size, which stay.
    "1.5 juta": "1,5 juta", "2.5 million": "2,5 million", "Rp1.5jt": "1,5 jt", "0.75 miliar": "0,75 miliar",
}  # fmt: skip

TWO_WAYS = {
    "5,000": ("5.000", "5,0000"), "1,500": ("1.500", "1,5000"), "12,345": ("12.345", "12,3450"),
    "100,000": ("100.000", "100,0000"), "-5,000": ("-5.000", "-5,0000"), "Rp5,000": ("5.000", "5,0000"),
    "999,999 rupiah": ("999.999", "999,9990"), "5,000 juta": ("5.000 juta", "5,0000 juta"),
}  # fmt: skip

REFUSED = [
    "", "-", ".", ",", "Rp", "rupiah", "%", "juta", "lima", "lima juta", "a5", "5a", "5x", "--5", "+5", "5-",
    "5e3", "1e2", "0x10", "NaN", "nan", "Infinity", "inf", "1/2", "\u00bd", "5\u00b2", "\u00b2", "\u2460",
    "1_000", "1'000", "5;5", "5:30", "(5)", "5+5", "5*2", "=5", "#5", "5!", "$5", "\u20ac5", "5 USD", "5 kg",
    "1 2 x", "\u0665", "\u096b", "5\u201a000", "5,-5", "5 juta juta", "5 hari bulan", "5 persen rupiah",
    "Rp5 persen", "Rp5 hari", "Rp Rp5", "9" * 31, "1,00 kg", "5 rupiah rupiah", "<b>5</b>", "5\x00",
]  # fmt: skip


def test_there_are_enough_cases() -> None:
    assert len(READ) + len(QUESTIONED) + len(TWO_WAYS) + len(REFUSED) >= 200


@pytest.mark.parametrize("text", READ)
def test_reads_what_people_write(text: str) -> None:
    assert read_number(text) == Decimal(READ[text])


@pytest.mark.parametrize("text", READ)
def test_what_was_read_is_shown_so_that_it_reads_the_same(text: str) -> None:
    assert read_number(show(read_number(text))) == Decimal(READ[text])


@pytest.mark.parametrize("text", QUESTIONED)
def test_proposes_instead_of_guessing(app: Flask, text: str) -> None:
    with pytest.raises(FormatError) as error:
        read_number(text)

    with app.test_request_context():
        assert f"Did you mean {QUESTIONED[text]}?" in said(error.value, "en")
        assert f"Maksud Anda {QUESTIONED[text]}?" in said(error.value, "id")


@pytest.mark.parametrize("text", QUESTIONED)
def test_what_is_proposed_can_be_read(text: str) -> None:
    assert read_number(QUESTIONED[text]).is_finite()


@pytest.mark.parametrize("text", TWO_WAYS)
def test_asks_when_two_readers_would_differ(app: Flask, text: str) -> None:
    with pytest.raises(FormatError) as error:
        read_number(text)

    thousands, decimal = TWO_WAYS[text]
    with app.test_request_context():
        assert f"Did you mean {thousands} or {decimal}?" in said(error.value, "en")
        assert f"Maksud Anda {thousands} atau {decimal}?" in said(error.value, "id")
    assert read_number(thousands) != read_number(decimal)


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_is_no_number(text: str) -> None:
    with pytest.raises(FormatError):
        read_number(text)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("5%", "rupiah"),
        ("Rp5", "persen"),
        ("5 bulan", "hari"),
        ("5 hari kerja", "hari"),
        ("5 months", "hari"),
        ("5 people", "rupiah"),
    ],
)
def test_refuses_another_unit(text: str, unit: str) -> None:
    with pytest.raises(FormatError, match=unit):
        read_number(text, unit=unit)


@pytest.mark.parametrize(("text", "unit"), [("15 hari", "hari kerja"), ("15 days", "hari kerja")])
def test_days_without_a_word_more_are_working_days_where_these_are_asked_for(text: str, unit: str) -> None:
    assert read_number(text, unit=unit) == 15


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3, allow_nan=False))
def test_reads_back_what_it_shows(value: Decimal) -> None:
    assert read_number(show(value)) == value


@given(st.integers(-(10**10), 10**10), st.integers(0, 8))
def test_reads_back_what_it_shows_with_any_decimals(number: int, decimals: int) -> None:
    value = Decimal(number).scaleb(-decimals)

    assert read_number(show(value)) == value


@given(st.text(alphabet="0123456789.,- Rp%juta", max_size=15))
def test_reads_a_number_or_says_why_not(text: str) -> None:
    try:
        value = read_number(text)
    except FormatError:
        return

    assert value.is_finite()


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_a_sentence(text: str) -> None:
    try:
        said_ = "" if read_number(text).is_finite() else "not finite"
    except FormatError as error:
        said_ = str(error)[-1:]

    assert said_ in {"", ".", "?"}


def said(error: FormatError, language: str) -> str:
    with force_locale(language):
        return str(error.message)
