"""JP worked by hand: waiting, formula, least and most of the year, or all at once, at both law dates."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.facts.book import load_book
from courses.facts.calculators.base import Outcome
from courses.facts.calculators.reading import InputFaults
from courses.facts.calculators.register import calculate

THEN = date(2016, 10, 19)
NOW = load_book().as_of
# Least and most of this year were worked out, not read.
UNCHECKED_YEAR = date(2018, 6, 1)

CASES = [
    # 180 ÷ 12 = 15 years; 15 × 1 % = 15 %; 15 % × 3.000.000 = 450.000, between 310.050 and 3.720.600.
    pytest.param(
        THEN,
        {"bulan_iur": "180", "rata_upah": "3.000.000"},
        {"bulanan": "450000"},
        id="then, fifteen years",
    ),
    # The same 450.000, between 411.400 and 4.932.300.
    pytest.param(
        NOW,
        {"bulan_iur": "180", "rata_upah": "3.000.000"},
        {"bulanan": "450000"},
        id="now, fifteen years",
    ),
    # 15 % × 1.500.000 = 225.000, raised to 310.050.
    pytest.param(
        THEN,
        {"bulan_iur": "180", "rata_upah": "1.500.000"},
        {"bulanan": "310050"},
        id="then, raised to the least",
    ),
    # 15 % × 1.500.000 = 225.000, raised to 411.400.
    pytest.param(
        NOW,
        {"bulan_iur": "180", "rata_upah": "1.500.000"},
        {"bulanan": "411400"},
        id="now, raised to the least",
    ),
    # 360 ÷ 12 = 30 %; 30 % × 15.000.000 = 4.500.000, lowered to 3.720.600.
    pytest.param(
        THEN,
        {"bulan_iur": "360", "rata_upah": "15.000.000"},
        {"bulanan": "3720600"},
        id="then, lowered to the most",
    ),
    # 480 ÷ 12 = 40 %; 40 % × 13.000.000 = 5.200.000, lowered to 4.932.300.
    pytest.param(
        NOW,
        {"bulan_iur": "480", "rata_upah": "13.000.000"},
        {"bulanan": "4932300"},
        id="now, lowered to the most",
    ),
    # 216 ÷ 12 = 18 %; 18 % × 3.500.000 = 630.000.
    pytest.param(
        NOW,
        {"bulan_iur": "216", "rata_upah": "3.500.000"},
        {"bulanan": "630000"},
        id="now, eighteen years",
    ),
    # 1 % × 185 ÷ 12 × 3.333.333 = 616.666.605 ÷ 1.200 = 513.888,8375, rounded 513.889.
    pytest.param(
        NOW,
        {"bulan_iur": "185", "rata_upah": "3.333.333"},
        {"bulanan": "513889"},
        id="now, rounded to the nearest rupiah",
    ),
    # A month short: employer 2 % × 2.000.000 = 40.000, worker 1 % = 20.000, together 60.000;
    # 179 × 60.000 = 10.740.000; + 1.500.000 = 12.240.000.
    pytest.param(
        THEN,
        {"bulan_iur": "179", "upah": "2.000.000", "hasil": "1.500.000"},
        {"iuran_sebulan": "60000", "iuran_seluruh": "10740000", "sekaligus": "12240000", "bulanan": "0"},
        id="then, a month short",
    ),
    # The wage counts up to 7.335.300: 2 % = 146.706, 1 % = 73.353, together 220.059.
    # 16 × 220.059 = 3.520.944.
    pytest.param(
        THEN,
        {"bulan_iur": "16", "upah": "10.000.000"},
        {"iuran_sebulan": "220059", "sekaligus": "3520944"},
        id="then, too short at a wage above the cap",
    ),
    # The wage counts up to 11.086.300: 2 % = 221.726, 1 % = 110.863, together 332.589;
    # 100 × 332.589 = 33.258.900; + 2.000.000 = 35.258.900.
    pytest.param(
        NOW,
        {"bulan_iur": "100", "upah": "15.000.000", "hasil": "2.000.000"},
        {"iuran_sebulan": "332589", "iuran_seluruh": "33258900", "sekaligus": "35258900"},
        id="now, too short at a wage above the cap",
    ),
    # 10 ÷ 12 = 83,33 %, at least 80 %, and 12 months since joining: counted as 15 years.
    # 15 % × 4.000.000 = 600.000.
    pytest.param(
        THEN,
        {"keadaan": "cacat", "bulan_iur": "10", "bulan_peserta": "12", "rata_upah": "4.000.000"},
        {"masa_iur_anggapan": "180", "bulanan": "600000"},
        id="then, disabled after a year, paid regularly",
    ),
    # 9 ÷ 12 = 75 %, less than 80 %: at once. 2 % × 4.000.000 = 80.000, 1 % = 40.000, together 120.000.
    # 9 × 120.000 = 1.080.000; + 20.000 = 1.100.000.
    pytest.param(
        THEN,
        {
            "keadaan": "cacat",
            "bulan_iur": "9",
            "bulan_peserta": "12",
            "upah": "4.000.000",
            "hasil": "20.000",
        },
        {"sekaligus": "1100000", "bulanan": "0"},
        id="then, disabled after a year, paid irregularly",
    ),
    # 13 ÷ 14 = 92,86 %; 14 months are more than a year: counted as 15 years.
    # 15 % × 6.000.000 = 900.000; 50 % = 450.000.
    pytest.param(
        NOW,
        {"keadaan": "janda_duda", "bulan_iur": "13", "bulan_peserta": "14", "rata_upah": "6.000.000"},
        {"masa_iur_anggapan": "180", "bulanan": "450000"},
        id="now, a widow after fourteen months",
    ),
    # 4 of 5 years paid is exactly 80 %: 48 ÷ 60. 15 % × 8.000.000 = 1.200.000; 50 % = 600.000.
    pytest.param(
        THEN,
        {"keadaan": "anak", "bulan_iur": "48", "bulan_peserta": "60", "rata_upah": "8.000.000"},
        {"bulanan": "600000"},
        id="then, children, just regular enough",
    ),
    # 240 ÷ 12 = 20 %; 20 % × 12.000.000 = 2.400.000; 20 % = 480.000.
    pytest.param(
        NOW,
        {"keadaan": "orang_tua", "bulan_iur": "240", "rata_upah": "12.000.000"},
        {"bulanan": "480000"},
        id="now, parents after twenty years",
    ),
    # 11 months since joining are less than a year, though all were paid: at once.
    # 11 × 3 % × 3.000.000 = 11 × 90.000 = 990.000.
    pytest.param(
        NOW,
        {"keadaan": "janda_duda", "bulan_iur": "11", "bulan_peserta": "11", "upah": "3.000.000"},
        {"sekaligus": "990000", "bulanan": "0"},
        id="now, a widow before a year",
    ),
    # 15 % × 3.000.000 = 450.000; 50 % = 225.000, raised to 310.050.
    pytest.param(
        THEN,
        {"keadaan": "janda_duda", "bulan_iur": "24", "bulan_peserta": "24", "rata_upah": "3.000.000"},
        {"bulanan": "310050"},
        id="then, a widow’s share raised to the least",
    ),
]


def jp(day: date, inputs: dict[str, str]) -> Outcome:
    return calculate("jp", inputs, book=load_book(), as_of=day)


@pytest.mark.parametrize(("day", "inputs", "expected"), CASES)
def test_a_case_worked_by_hand(day: date, inputs: dict[str, str], expected: dict[str, str]) -> None:
    results = jp(day, inputs).results

    assert {name: results.get(name, 0) for name in expected} == {
        name: Decimal(amount) for name, amount in expected.items()
    }


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({"bulan_iur": "180"}, "rata_upah"),
        ({"bulan_iur": "100"}, "upah"),
        ({"keadaan": "cacat", "bulan_iur": "100", "rata_upah": "3.000.000"}, "bulan_peserta"),
        (
            {"keadaan": "anak", "bulan_iur": "100", "bulan_peserta": "99", "rata_upah": "3.000.000"},
            "bulan_iur",
        ),
        ({"bulan_iur": "601", "rata_upah": "3.000.000"}, "bulan_iur"),
        ({"bulan_iur": "180", "rata_upah": "0"}, "rata_upah"),
    ],
)
def test_what_a_case_needs_is_asked_for_at_its_field(inputs: dict[str, str], field: str) -> None:
    with pytest.raises(InputFaults) as caught:
        jp(NOW, inputs)

    assert [fault.field for fault in caught.value.faults] == [field]


def test_a_year_whose_limits_were_never_checked_is_marked() -> None:
    inputs = {"bulan_iur": "180", "rata_upah": "3.000.000"}

    warned = [
        any("never checked" in str(note) for note in jp(day, inputs).notes) for day in (UNCHECKED_YEAR, NOW)
    ]

    assert warned == [True, False]


def test_fifteen_years_in_2016_are_an_example_for_later() -> None:
    inputs = {"bulan_iur": "180", "rata_upah": "3.000.000"}

    assert any("example for later" in str(note) for note in jp(THEN, inputs).notes)


def test_nobody_is_a_member_without_a_month_since_joining() -> None:
    inputs = {"keadaan": "cacat", "bulan_iur": "0", "bulan_peserta": "0", "upah": "3.000.000"}

    assert jp(NOW, inputs).results["sekaligus"] == 0


@given(
    months=st.integers(180, 600),
    lower=st.integers(1, 50_000_000),
    more=st.integers(0, 50_000_000),
    case=st.sampled_from(["pensiun", "cacat", "janda_duda", "anak", "orang_tua"]),
)
def test_a_pension_grows_with_the_wage_and_stays_within_the_limits_of_the_year(
    months: int, lower: int, more: int, case: str
) -> None:
    base = {"keadaan": case, "bulan_iur": str(months)}

    poorer, richer = (
        jp(NOW, base | {"rata_upah": str(wage)}).results["bulanan"] for wage in (lower, lower + more)
    )

    # Least and most of the newest law date.
    assert Decimal(411_400) <= poorer <= richer <= Decimal(4_932_300)


@given(
    months=st.integers(0, 179),
    lower=st.integers(1, 20_000_000),
    more=st.integers(0, 20_000_000),
    earned=st.integers(0, 10_000_000),
)
def test_all_at_once_grows_with_the_wage_up_to_its_cap(
    months: int, lower: int, more: int, earned: int
) -> None:
    base = {"bulan_iur": str(months), "hasil": str(earned)}

    poorer, richer = (jp(NOW, base | {"upah": str(wage)}).results for wage in (lower, lower + more))

    assert poorer["sekaligus"] <= richer["sekaligus"]
    # 3 % of the cap of 11.086.300.
    assert richer["iuran_sebulan"] <= Decimal(332_589)
    assert richer["iuran_seluruh"] + earned == richer["sekaligus"]


@given(day=st.dates(date(2015, 7, 1), NOW))
def test_every_law_date_since_the_programme_began_has_an_answer(day: date) -> None:
    pension = jp(day, {"bulan_iur": "180", "rata_upah": "3.000.000"}).results
    at_once = jp(day, {"bulan_iur": "10", "upah": "3.000.000"}).results

    assert (pension["bulanan"], at_once["sekaligus"]) == (450_000, 900_000)
