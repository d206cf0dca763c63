"""Contributions of the self-employed, worked by hand at both law dates and between them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.facts.book import load_book
from courses.facts.calculators.register import InputFaults, calculate

THEN = date(2016, 10, 19)
NOW = date(2026, 11, 22)

CASES = [
    # 1.000.000 × 1% = 10.000; + 6.800 = 16.800.
    pytest.param(
        THEN, {"dasar": "1.000.000"}, {"jkk": "10000", "jkm": "6800", "total": "16800"}, id="then, lowest row"
    ),
    # 16.800 + 1.000.000 × 2% = 16.800 + 20.000 = 36.800.
    pytest.param(
        THEN,
        {"dasar": "1.000.000", "jht": "ya"},
        {"jht": "20000", "total": "36800"},
        id="then, lowest with JHT",
    ),
    # 20.700.000 × 1% = 207.000; + 6.800 = 213.800.
    pytest.param(THEN, {"dasar": "20.700.000"}, {"jkk": "207000", "total": "213800"}, id="then, highest row"),
    # 213.800 + 20.700.000 × 2% = 213.800 + 414.000 = 627.800.
    pytest.param(
        THEN,
        {"dasar": "20.700.000", "jht": "ya"},
        {"jht": "414000", "total": "627800"},
        id="then, highest with JHT",
    ),
    # 24.000 + 6.800 + 48.000 = 78.800.
    pytest.param(
        THEN,
        {"dasar": "2.400.000", "jht": "ya"},
        {"jkk": "24000", "jht": "48000", "total": "78800"},
        id="then, a row between",
    ),
    # 1.255.050 × 1% = 12.550,5, upwards to 12.551; + 6.800 = 19.351.
    pytest.param(
        THEN, {"dasar": "1.255.050"}, {"jkk": "12551", "total": "19351"}, id="then, half a rupiah goes up"
    ),
    # 10.000 × (1 - 0,5) = 5.000; 6.800 × 0,5 = 3.400; together 8.400.
    pytest.param(
        NOW, {"dasar": "1.000.000"}, {"jkk": "5000", "jkm": "3400", "total": "8400"}, id="now, half price"
    ),
    # 8.400 + 20.000: JHT has no discount.
    pytest.param(
        NOW,
        {"dasar": "1.000.000", "jht": "ya"},
        {"jht": "20000", "total": "28400"},
        id="now, JHT at full price",
    ),
    # 20.000 × 0,5 = 10.000; + 3.400 = 13.400.
    pytest.param(
        NOW,
        {"dasar": "2.000.000", "sektor": "transportasi"},
        {"jkk": "10000", "total": "13400"},
        id="now, a driver",
    ),
    # Paid from a public budget: 10.000 + 6.800, no discount.
    pytest.param(
        NOW, {"dasar": "1.000.000", "dibayar_negara": "ya"}, {"total": "16800"}, id="now, paid by the state"
    ),
    # 207.000 × 0,5 = 103.500; + 3.400 + 414.000 = 520.900.
    pytest.param(
        NOW,
        {"dasar": "20.700.000", "jht": "ya"},
        {"jkk": "103500", "total": "520900"},
        id="now, highest with JHT",
    ),
    # 12.550,5 × 0,5 = 6.275,25, to 6.275; + 3.400 = 9.675.
    pytest.param(
        NOW, {"dasar": "1.255.050"}, {"jkk": "6275", "total": "9675"}, id="now, a quarter rupiah goes down"
    ),
    # In February 2026 only transport had the discount: 16.800 and 8.400.
    pytest.param(date(2026, 2, 1), {"dasar": "1.000.000"}, {"total": "16800"}, id="February 2026, a trader"),
    pytest.param(
        date(2026, 2, 1),
        {"dasar": "1.000.000", "sektor": "transportasi"},
        {"total": "8400"},
        id="February 2026, a driver",
    ),
    # From January 2027 again only transport, from April 2027 nobody.
    pytest.param(date(2027, 1, 1), {"dasar": "1.000.000"}, {"total": "16800"}, id="January 2027, a trader"),
    pytest.param(
        date(2027, 3, 31),
        {"dasar": "1.000.000", "sektor": "transportasi"},
        {"total": "8400"},
        id="March 2027, a driver",
    ),
    pytest.param(
        date(2027, 4, 1),
        {"dasar": "1.000.000", "sektor": "transportasi"},
        {"total": "16800"},
        id="April 2027, a driver",
    ),
    # 10.000 × (1 - 0,99) = 100; 6.800 × 0,01 = 68; together 168.
    pytest.param(
        date(2020, 10, 1),
        {"dasar": "1.000.000", "relaksasi": "ya"},
        {"jkk": "100", "jkm": "68", "total": "168"},
        id="2020, relief",
    ),
]


def results(as_of: date, **inputs: str) -> dict[str, Decimal]:
    return dict(calculate("bpu", inputs, book=load_book(), as_of=as_of).results)


@pytest.mark.parametrize(("as_of", "inputs", "expected"), CASES)
def test_the_sums_are_those_worked_by_hand(
    as_of: date, inputs: dict[str, str], expected: dict[str, str]
) -> None:
    found = results(as_of, **inputs)

    assert {name: found.get(name) for name in expected} == {
        name: Decimal(amount) for name, amount in expected.items()
    }


@pytest.mark.parametrize("typed", ["999.999", "20.700.001", "0", "-1", "1 juta", "1,000,000", ""])
def test_a_base_outside_the_annex_gets_a_sentence(typed: str) -> None:
    with pytest.raises(InputFaults) as caught:
        results(THEN, dasar=typed)

    assert [fault.field for fault in caught.value.faults] == ["dasar"]


def test_a_discount_nobody_read_in_the_text_says_so() -> None:
    notes = [
        str(note) for note in calculate("bpu", {"dasar": "1.000.000"}, book=load_book(), as_of=NOW).notes
    ]

    assert any("was not read" in note for note in notes)


bases = st.integers(min_value=1_000_000, max_value=20_700_000)
dates = st.sampled_from([THEN, NOW])
answers = st.sampled_from(["ya", "tidak"])


@given(bases, bases, dates, answers)
def test_a_higher_income_never_pays_less(one: int, other: int, as_of: date, jht: str) -> None:
    low, high = (results(as_of, dasar=str(base), jht=jht)["total"] for base in sorted((one, other)))

    assert low <= high


@given(bases, dates, answers)
def test_the_parts_add_up_between_lowest_and_highest(base: int, as_of: date, jht: str) -> None:
    found = results(as_of, dasar=str(base), jht=jht)

    assert found["total"] == found["jkk"] + found["jkm"] + found.get("jht", Decimal(0))
    assert 8_400 <= found["total"] <= 627_800


@given(bases)
def test_the_discount_never_makes_it_dearer(base: int) -> None:
    full = results(NOW, dasar=str(base), dibayar_negara="ya")

    assert results(NOW, dasar=str(base))["total"] < full["total"]
