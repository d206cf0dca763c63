"""Numbers as people write them, on the ground floor; the readings themselves are tested with the answers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lms.core.numbers import NumberFault, read_number, show


@pytest.mark.parametrize(
    ("text", "proposal"),
    [
        ("Rp 1,5 juta", "1.500.000"),
        ("2,5jt", "2.500.000"),
        ("40 ribu rupiah", "40.000"),
        ("1,2345 ribu", "1.234,5"),
    ],
)
def test_where_figures_are_wanted_words_for_thousands_are_answered_with_figures(
    text: str, proposal: str
) -> None:
    with pytest.raises(NumberFault, match=proposal):
        read_number(text, scales=False)


def test_figures_are_read_in_either_case() -> None:
    assert read_number("Rp1.500.000,50", unit="rupiah", scales=False) == Decimal("1500000.50")


def test_a_number_reads_back_as_it_was_shown() -> None:
    assert read_number(show(Decimal("1234.567"))) == Decimal("1234.567")
