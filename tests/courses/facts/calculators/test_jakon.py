"""Contributions of a construction project, worked by hand at both law dates."""

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
    # 50 million × 0,21% = 105.000; × 0,03% = 15.000.
    (THEN, "50.000.000", "105000", "15000", "120000"),
    # 100 million × 0,21% = 210.000; × 0,03% = 30.000.
    (THEN, "100.000.000", "210000", "30000", "240000"),
    # One rupiah in the second slice: 210.000 + 0,0017; 30.000 + 0,0002.
    (THEN, "100.000.001", "210000", "30000", "240000"),
    # The official example: 210.000 + 80 million × 0,17% = 136.000; 30.000 + 80 million × 0,02% = 16.000.
    (THEN, "180.000.000", "346000", "46000", "392000"),
    # 210.000 + 23.456.789 × 0,17% = 39.876,5413; 30.000 + 4.691,3578.
    (THEN, "123.456.789", "249877", "34691", "284568"),
    # 210.000 + 400 million × 0,17% = 680.000; 30.000 + 400 million × 0,02% = 80.000.
    (THEN, "500.000.000", "890000", "110000", "1000000"),
    # 890.000 + 250 million × 0,13% = 325.000; 110.000 + 250 million × 0,02% = 50.000.
    (THEN, "750.000.000", "1215000", "160000", "1375000"),
    # 890.000 + 500 million × 0,13% = 650.000; 110.000 + 100.000.
    (THEN, "1.000.000.000", "1540000", "210000", "1750000"),
    # 1.540.000 + 2.000 million × 0,11% = 2.200.000; 210.000 + 2.000 million × 0,01% = 200.000.
    (THEN, "3.000.000.000", "3740000", "410000", "4150000"),
    # 1.540.000 + 4.000 million × 0,11% = 4.400.000; 210.000 + 400.000.
    (THEN, "5.000.000.000", "5940000", "610000", "6550000"),
    # 5.940.000 + 2.000 million × 0,09% = 1.800.000; 610.000 + 2.000 million × 0,01% = 200.000.
    (THEN, "7.000.000.000", "7740000", "810000", "8550000"),
    # A rupiah: 0,0021 and 0,0003.
    (THEN, "1", "0", "0", "0"),
    # As then: nothing we know of has changed these rates.
    (NOW, "180.000.000", "346000", "46000", "392000"),
    # 5.940.000 + 7.500 million × 0,09% = 6.750.000; 610.000 + 7.500 million × 0,01% = 750.000.
    (NOW, "12.500.000.000", "12690000", "1360000", "14050000"),
    # 210.000 + 250,50 × … : 100.000.250,50 → 0,42585 above 210.000; 0,0501 above 30.000.
    (NOW, "100.000.250,50", "210000", "30000", "240000"),
]


def results(as_of: date, **inputs: str) -> dict[str, Decimal]:
    return dict(calculate("jakon", inputs, book=load_book(), as_of=as_of).results)


@pytest.mark.parametrize(("as_of", "contract", "jkk", "jkm", "total"), CASES)
def test_a_contract_pays_slice_by_slice(as_of: date, contract: str, jkk: str, jkm: str, total: str) -> None:
    assert results(as_of, kontrak=contract) == {
        "jkk": Decimal(jkk),
        "jkm": Decimal(jkm),
        "total": Decimal(total),
    }


@pytest.mark.parametrize(
    ("as_of", "wages", "jkk", "jkm", "total"),
    [
        # 40 million × 1,74% = 696.000; × 0,30% = 120.000.
        (THEN, "40.000.000", "696000", "120000", "816000"),
        # 2.350.000 × 1,74% = 40.890; × 0,30% = 7.050.
        (NOW, "2.350.000", "40890", "7050", "47940"),
        # 1.234.567 × 1,74% = 21.481,4658; × 0,30% = 3.703,701.
        (NOW, "1.234.567", "21481", "3704", "25185"),
    ],
)
def test_known_wages_pay_a_share_of_the_wages(
    as_of: date, wages: str, jkk: str, jkm: str, total: str
) -> None:
    assert results(as_of, cara="upah", upah=wages) == {
        "jkk": Decimal(jkk),
        "jkm": Decimal(jkm),
        "total": Decimal(total),
    }


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({}, "kontrak"),
        ({"cara": "upah", "kontrak": "1.000.000"}, "upah"),
        ({"kontrak": "0"}, "kontrak"),
        ({"kontrak": "-180.000.000"}, "kontrak"),
        ({"kontrak": "1,8 miliar"}, "kontrak"),
        ({"kontrak": "999.999.999.999.999"}, "kontrak"),
    ],
)
def test_a_missing_or_senseless_value_gets_a_sentence(inputs: dict[str, str], field: str) -> None:
    with pytest.raises(InputFaults) as caught:
        results(NOW, **inputs)

    assert [fault.field for fault in caught.value.faults] == [field]


contracts = st.integers(min_value=1, max_value=10**13)
dates = st.sampled_from([THEN, NOW])


@given(contracts, contracts, dates)
def test_a_larger_contract_never_pays_less(one: int, other: int, as_of: date) -> None:
    low, high = (results(as_of, kontrak=str(contract)) for contract in sorted((one, other)))

    assert low["jkk"] <= high["jkk"]
    assert low["jkm"] <= high["jkm"]


@given(contracts, dates)
def test_the_parts_add_up_and_stay_below_the_first_rate(contract: int, as_of: date) -> None:
    found = results(as_of, kontrak=str(contract))

    assert found["total"] == found["jkk"] + found["jkm"]
    # Half a rupiah of rounding each.
    assert found["total"] <= contract * Decimal("0.0024") + 1
