"""Patterns of numbers: filled in rightly, and never two certificates with the same one."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from lms.core.accounts.serial_patterns import DEFAULT, fill_pattern, read_pattern
from lms.core.errors import Invalid

DAY = date(2016, 10, 20)


@pytest.mark.parametrize("text", ["", "  ", DEFAULT])
def test_without_a_pattern_an_office_numbers_as_all_do(text: str) -> None:
    assert read_pattern(text) == ""
    assert fill_pattern("", number=7, code="MDN", day=DAY, is_demo=False) == "00007/PK/MDN/X/2016"
    assert fill_pattern("", number=7, code="MDN", day=DAY, is_demo=True) == "00007/DEMO/MDN/X/2016"


def test_a_pattern_of_its_own_is_filled_in_and_a_sample_says_so() -> None:
    pattern = read_pattern(" SERT-{nomor}/{kode}/{bulan}.{tahun} ")

    assert pattern == "SERT-{nomor}/{kode}/{bulan}.{tahun}"
    number = fill_pattern(pattern, number=123456, code="MDN", day=DAY, is_demo=False)
    assert number == "SERT-123456/MDN/10.2016"
    sample = fill_pattern(pattern, number=1, code="MDN", day=DAY, is_demo=True)
    assert sample == "SERT-DEMO-00001/MDN/10.2016"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{nomor}/{kode}", "{tahun}"),
        ("{nomor}/{kode}/{kode}/{tahun}", "satu kali"),
        ("{nomor}-{kode}/{tahun}", "garis miring"),
        ("{nomor}/{kode}/{tahun}/{hari}", "{hari}"),
        ("{nomor}/{kode}/{tahun}/{", "huruf"),
        ("{nomor}/{kode}/{tahun}<b>", "huruf"),
        ("{nomor}/{kode}/{tahun}/" + "X" * 30, "panjang"),
        ("{nomor:09999d}/{kode}/{tahun}", "{nomor:09999d}"),
    ],
)
def test_a_pattern_that_cannot_keep_numbers_apart_is_refused_in_words(
    app: Flask, text: str, word: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read_pattern(text)
    assert refused.value.field == "serial_pattern"
    assert word in str(refused.value.message)
    assert refused.value.message
    assert word
