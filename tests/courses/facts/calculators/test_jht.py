"""JHT worked by hand: contributions, the balance month by month, what may be taken early, at both dates."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.facts.book import load_book
from courses.facts.calculators.base import Outcome
from courses.facts.calculators.reading import InputFaults
from courses.facts.calculators.register import calculate

THEN = date(2016, 10, 19)
NOW = load_book().as_of

CASES = [
    # Worker 2 % × 2.000.000 = 40.000; employer 3,7 % × 2.000.000 = 74.000; together 114.000.
    # 114.000 × 12 = 1.368.000; no return.
    pytest.param(
        THEN,
        {"upah": "2.000.000", "bulan": "12", "hasil_setahun": "0"},
        {
            "iuran_pekerja": "40000",
            "iuran_pemberi_kerja": "74000",
            "iuran_sebulan": "114000",
            "iuran_seluruh": "1368000",
            "hasil": "0",
            "total": "1368000",
        },
        id="then, a year of contributions alone",
    ),
    # The rates are the same: 114.000 × 12 = 1.368.000.
    pytest.param(
        NOW,
        {"upah": "2.000.000", "bulan": "12", "hasil_setahun": "0"},
        {"iuran_sebulan": "114000", "total": "1368000"},
        id="now, a year of contributions alone",
    ),
    # 6 % ÷ 12 = 0,5 % a month.
    # Month 1: 114.000. Month 2: 114.000 × 0,5 % = 570; 114.000 + 570 + 114.000 = 228.570.
    # Month 3: 228.570 × 0,5 % = 1.142,85, rounded 1.143; 228.570 + 1.143 + 114.000 = 343.713.
    # Return 570 + 1.143 = 1.713; contributions 342.000.
    pytest.param(
        THEN,
        {"upah": "2.000.000", "bulan": "3", "hasil_setahun": "6"},
        {"iuran_seluruh": "342000", "hasil": "1713", "total": "343713"},
        id="then, three months with a return",
    ),
    pytest.param(
        NOW,
        {"upah": "2.000.000", "bulan": "3", "hasil_setahun": "6"},
        {"iuran_seluruh": "342000", "hasil": "1713", "total": "343713"},
        id="now, three months with a return",
    ),
    # Worker 2 % × 2.345.678 = 46.913,56, rounded 46.914.
    # Employer 3,7 % × 2.345.678 = 86.790,086, rounded 86.790; together 133.704. 3,6 % ÷ 12 = 0,3 % a month.
    # Month 1: 133.704. Month 2: return 401,112 → 401; 133.704 + 401 + 133.704 = 267.809.
    # Month 3: return 803,427 → 803; 267.809 + 803 + 133.704 = 402.316.
    # Month 4: return 1.206,948 → 1.207; 402.316 + 1.207 + 133.704 = 537.227.
    # Return 401 + 803 + 1.207 = 2.411.
    pytest.param(
        NOW,
        {"upah": "2.345.678", "bulan": "4", "hasil_setahun": "3,6"},
        {
            "iuran_pekerja": "46914",
            "iuran_pemberi_kerja": "86790",
            "iuran_sebulan": "133704",
            "hasil": "2411",
            "total": "537227",
        },
        id="now, every rounding to the nearest rupiah",
    ),
    # No cap on the wage: 2 % × 15.000.000 = 300.000; 3,7 % × 15.000.000 = 555.000; together 855.000.
    pytest.param(
        NOW,
        {"upah": "15.000.000", "bulan": "1", "hasil_setahun": "5"},
        {"iuran_pekerja": "300000", "iuran_pemberi_kerja": "555000", "total": "855000"},
        id="now, a high wage has no cap",
    ),
    # 200.000 + 370.000 = 570.000.
    pytest.param(
        THEN,
        {"upah": "10.000.000", "bulan": "1", "hasil_setahun": "5"},
        {"iuran_pekerja": "200000", "iuran_pemberi_kerja": "370000", "total": "570000"},
        id="then, a high wage has no cap",
    ),
    # The old balance earns in the first month: 10.000.000 × 0,5 % = 50.000;
    # 10.000.000 + 50.000 + 114.000 = 10.164.000.
    pytest.param(
        NOW,
        {"upah": "2.000.000", "bulan": "1", "hasil_setahun": "6", "saldo_awal": "10.000.000"},
        {"hasil": "50000", "total": "10164000"},
        id="now, going on from a balance",
    ),
    # A daily wage of 90.000 is 25 × 90.000 = 2.250.000 a month: 45.000 + 83.250 = 128.250; × 6 = 769.500.
    pytest.param(
        THEN,
        {"upah": "2.250.000", "bulan": "6", "hasil_setahun": "0"},
        {"iuran_pekerja": "45000", "iuran_pemberi_kerja": "83250", "total": "769500"},
        id="then, half a year of a seamstress",
    ),
    # The lowest row of the table: 20.000 × 12 = 240.000.
    pytest.param(
        THEN,
        {"segmen": "bpu", "iuran": "20.000", "bulan": "12", "hasil_setahun": "0"},
        {"iuran_sebulan": "20000", "total": "240000"},
        id="then, without an employer, the lowest row",
    ),
    # The highest row, 12 % ÷ 12 = 1 % a month. Month 1: 414.000. Month 2: return 4.140;
    # 414.000 + 4.140 + 414.000 = 832.140.
    pytest.param(
        NOW,
        {"segmen": "bpu", "iuran": "414.000", "bulan": "2", "hasil_setahun": "12"},
        {"iuran_sebulan": "414000", "hasil": "4140", "total": "832140"},
        id="now, without an employer, the highest row",
    ),
    # 114.000 × 120 = 13.680.000, ten years: for a house 30 % = 4.104.000, for other needs 10 % = 1.368.000.
    pytest.param(
        THEN,
        {"upah": "2.000.000", "bulan": "120", "hasil_setahun": "0"},
        {"total": "13680000", "sebagian_rumah": "4104000", "sebagian_lain": "1368000"},
        id="then, ten years allow a part early",
    ),
    # 114.000 × 119 = 13.566.000, a month short of ten years.
    pytest.param(
        NOW,
        {"upah": "2.000.000", "bulan": "119", "hasil_setahun": "0"},
        {"total": "13566000", "sebagian_rumah": "0", "sebagian_lain": "0"},
        id="now, a month short of ten years",
    ),
    # 57.000 a month (20.000 + 37.000) × 240 = 13.680.000; 30 % = 4.104.000; 10 % = 1.368.000.
    pytest.param(
        NOW,
        {"upah": "1.000.000", "bulan": "240", "hasil_setahun": "0"},
        {
            "iuran_sebulan": "57000",
            "total": "13680000",
            "sebagian_rumah": "4104000",
            "sebagian_lain": "1368000",
        },
        id="now, twenty years of a small wage",
    ),
]


def jht(day: date, inputs: dict[str, str]) -> Outcome:
    return calculate("jht", inputs, book=load_book(), as_of=day)


@pytest.mark.parametrize(("day", "inputs", "expected"), CASES)
def test_a_case_worked_by_hand(day: date, inputs: dict[str, str], expected: dict[str, str]) -> None:
    results = jht(day, inputs).results

    assert {name: results.get(name, 0) for name in expected} == {
        name: Decimal(amount) for name, amount in expected.items()
    }


def test_the_first_year_is_shown_month_by_month() -> None:
    outcome = jht(THEN, {"upah": "2.000.000", "bulan": "3", "hasil_setahun": "6"})

    balances = [step.amount for step in outcome.steps if str(step.label).startswith("After month")]

    # As worked above.
    assert balances == [Decimal(amount) for amount in (114_000, 228_570, 343_713)]


def test_forty_years_still_fit_on_a_page() -> None:
    outcome = jht(NOW, {"upah": "2.000.000", "bulan": "480", "hasil_setahun": "5"})

    assert len(outcome.steps) < 25


@pytest.mark.parametrize("iuran", ["19.999", "414.001"])
def test_a_sum_outside_the_table_is_answered_at_its_field(iuran: str) -> None:
    with pytest.raises(InputFaults) as caught:
        jht(NOW, {"segmen": "bpu", "iuran": iuran, "bulan": "12", "hasil_setahun": "5"})

    assert [fault.field for fault in caught.value.faults] == ["iuran"]


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({"bulan": "12", "hasil_setahun": "5"}, "upah"),
        ({"segmen": "bpu", "upah": "2.000.000", "bulan": "12", "hasil_setahun": "5"}, "iuran"),
        ({"upah": "2.000.000", "bulan": "0", "hasil_setahun": "5"}, "bulan"),
        ({"upah": "2.000.000", "bulan": "12"}, "hasil_setahun"),
        ({"upah": "2.000.000", "bulan": "12", "hasil_setahun": "-1"}, "hasil_setahun"),
        ({"upah": "2.000.000", "bulan": "12", "hasil_setahun": "31"}, "hasil_setahun"),
        ({"upah": "Rp 1,5 juta", "bulan": "12", "hasil_setahun": "5"}, "upah"),
    ],
)
def test_what_is_missing_or_makes_no_sense_is_answered_at_its_field(
    inputs: dict[str, str], field: str
) -> None:
    with pytest.raises(InputFaults) as caught:
        jht(NOW, inputs)

    assert [fault.field for fault in caught.value.faults] == [field]


def test_the_page_says_that_the_return_is_the_readers_and_tax_is_left_out() -> None:
    notes = " ".join(str(note) for note in jht(NOW, CASES[0].values[1]).notes)

    assert "entered by you" in notes
    assert "Tax" in notes


@settings(max_examples=50)
@given(
    lower=st.integers(1, 90_000_000),
    more=st.integers(0, 90_000_000),
    months=st.integers(1, 130),
    percent=st.integers(0, 30),
    day=st.sampled_from([THEN, NOW]),
)
def test_the_parts_add_up_and_a_higher_wage_never_brings_less(
    lower: int, more: int, months: int, percent: int, day: date
) -> None:
    base = {"bulan": str(months), "hasil_setahun": str(percent), "saldo_awal": "1.000"}

    poorer, richer = (jht(day, base | {"upah": str(wage)}).results for wage in (lower, lower + more))

    assert poorer["total"] <= richer["total"]
    assert richer["iuran_pekerja"] + richer["iuran_pemberi_kerja"] == richer["iuran_sebulan"]
    assert Decimal(1000) + richer["iuran_seluruh"] + richer["hasil"] == richer["total"]
    # At most 30 % for a house.
    assert richer.get("sebagian_rumah", 0) <= richer["total"] * Decimal("0.3") + 1


@given(day=st.dates(date(2015, 7, 1), NOW))
def test_every_law_date_since_the_programme_began_has_an_answer(day: date) -> None:
    inputs = {"upah": "2.000.000", "bulan": "120", "hasil_setahun": "0"}

    assert jht(day, inputs).results["total"] == 13_680_000
