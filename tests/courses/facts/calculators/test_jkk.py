"""JKK worked by hand: what is paid after an accident at work, at the law date of 2016 and the newest."""

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

# Every child is as long at school as the law pays.
ALL_YEARS = {"tk_sd": "8", "smp": "3", "sma": "3", "kuliah": "5"}

CASES = [
    # The months before the seventh at 100 %, the seventh at 75 %:
    # 6 × 2.000.000 = 12.000.000; 1 × 2.000.000 × 0,75 = 1.500.000; together 13.500.000.
    pytest.param(
        THEN,
        {"upah": "2.000.000", "akibat": "sembuh", "bulan_stmb": "7"},
        {"stmb": "13500000", "total": "13500000"},
        id="then, seven months at home",
    ),
    # 7 months are all within the first 12: 7 × 2.000.000 × 1 = 14.000.000.
    pytest.param(
        NOW,
        {"upah": "2.000.000", "akibat": "sembuh", "bulan_stmb": "7"},
        {"stmb": "14000000", "total": "14000000"},
        id="now, seven months at home",
    ),
    # 6 × 2.400.000 = 14.400.000; 2 × 2.400.000 × 0,75 = 3.600.000; together 18.000.000.
    pytest.param(
        THEN,
        {"upah": "2.400.000", "akibat": "sembuh", "bulan_stmb": "8"},
        {"stmb": "18000000", "total": "18000000"},
        id="then, eight months at home",
    ),
    # 8 × 2.400.000 × 1 = 19.200.000.
    pytest.param(
        NOW,
        {"upah": "2.400.000", "akibat": "sembuh", "bulan_stmb": "8"},
        {"stmb": "19200000", "total": "19200000"},
        id="now, eight months at home",
    ),
    # 6 × 1.800.000 = 10.800.000; 6 × 1.800.000 × 0,75 = 8.100.000; 2 × 1.800.000 × 0,5 = 1.800.000;
    # together 20.700.000.
    pytest.param(
        THEN,
        {"upah": "1.800.000", "akibat": "sembuh", "bulan_stmb": "14"},
        {"stmb": "20700000"},
        id="then, more than a year at home",
    ),
    # 12 × 1.800.000 = 21.600.000; 2 × 1.800.000 × 0,5 = 1.800.000; together 23.400.000.
    pytest.param(
        NOW,
        {"upah": "1.800.000", "akibat": "sembuh", "bulan_stmb": "14"},
        {"stmb": "23400000"},
        id="now, more than a year at home",
    ),
    # 6 × 1.234.567 = 7.407.402; 0,75 × 1.234.567 = 925.925,25, to the nearest rupiah 925.925;
    # together 8.333.327.
    pytest.param(
        THEN,
        {"upah": "1.234.567", "akibat": "sembuh", "bulan_stmb": "7"},
        {"stmb": "8333327"},
        id="then, a quarter of a rupiah is dropped",
    ),
    # 12 × 1.234.567 = 14.814.804; 0,5 × 1.234.567 = 617.283,5, to the nearest rupiah (half goes up) 617.284;
    # together 15.432.088.
    pytest.param(
        NOW,
        {"upah": "1.234.567", "akibat": "sembuh", "bulan_stmb": "13"},
        {"stmb": "15432088"},
        id="now, half a rupiah goes up",
    ),
    # 10 % × 80 × 2.000.000 = 8 × 2.000.000 = 16.000.000.
    pytest.param(
        THEN,
        {"upah": "2.000.000", "akibat": "cacat_anatomis", "persen_tabel": "10"},
        {"santunan_cacat": "16000000", "berkala": "0", "pemakaman": "0", "total": "16000000"},
        id="then, a part of the body lost",
    ),
    # 2,5 % × 80 × 1.750.000 = 2 × 1.750.000 = 3.500.000; STMB 1 × 1.750.000; together 5.250.000.
    pytest.param(
        NOW,
        {"upah": "1.750.000", "akibat": "cacat_anatomis", "persen_tabel": "2,5", "bulan_stmb": "1"},
        {"santunan_cacat": "3500000", "stmb": "1750000", "total": "5250000"},
        id="now, a part of the body lost after a month at home",
    ),
    # 40 % × 20 % = 8 %; 8 % × 80 × 2.000.000 = 6,4 × 2.000.000 = 12.800.000; STMB 3 × 2.000.000 = 6.000.000;
    # together 18.800.000.
    pytest.param(
        THEN,
        {
            "upah": "2.000.000",
            "akibat": "cacat_fungsi",
            "persen_tabel": "20",
            "persen_fungsi": "40",
            "bulan_stmb": "3",
        },
        {"santunan_cacat": "12800000", "stmb": "6000000", "total": "18800000"},
        id="then, a function reduced",
    ),
    # 70 % × 80 × 2.500.000 = 56 × 2.500.000 = 140.000.000; berkala 4.800.000; beasiswa 12.000.000 once;
    # together 156.800.000. No funeral: the person lives.
    pytest.param(
        THEN,
        {"upah": "2.500.000", "akibat": "cacat_total", "anak_sekolah": "ya"},
        {
            "santunan_cacat": "140000000",
            "berkala": "4800000",
            "pemakaman": "0",
            "beasiswa": "12000000",
            "total": "156800000",
        },
        id="then, disabled for good",
    ),
    # 140.000.000 as before; berkala 12.000.000.
    # First child: 6 × 1.500.000 + 3 × 2.000.000 + 3 × 3.000.000 + 4 × 12.000.000
    #   = 9.000.000 + 6.000.000 + 9.000.000 + 48.000.000 = 72.000.000.
    # Second child: 2 × 3.000.000 + 5 × 12.000.000 = 66.000.000.
    # 140.000.000 + 12.000.000 + 72.000.000 + 66.000.000 = 290.000.000.
    pytest.param(
        NOW,
        {
            "upah": "2.500.000",
            "akibat": "cacat_total",
            "anak1_tk_sd": "6",
            "anak1_smp": "3",
            "anak1_sma": "3",
            "anak1_kuliah": "4",
            "anak2_sma": "2",
            "anak2_kuliah": "5",
        },
        {
            "santunan_cacat": "140000000",
            "berkala": "12000000",
            "pemakaman": "0",
            "beasiswa": "138000000",
            "total": "290000000",
        },
        id="now, disabled for good with two children at school",
    ),
    # 60 % × 80 × 2.000.000 = 48 × 2.000.000 = 96.000.000; + 4.800.000 + 3.000.000 + 12.000.000 = 115.800.000.
    pytest.param(
        THEN,
        {"upah": "2.000.000", "akibat": "meninggal", "anak_sekolah": "ya"},
        {
            "santunan_kematian": "96000000",
            "berkala": "4800000",
            "pemakaman": "3000000",
            "beasiswa": "12000000",
            "total": "115800000",
        },
        id="then, a death with a child at school",
    ),
    # 48 × 3.000.000 = 144.000.000; + 4.800.000 + 3.000.000 = 151.800.000.
    pytest.param(
        THEN,
        {"upah": "3.000.000", "akibat": "meninggal", "anak_sekolah": "tidak"},
        {"santunan_kematian": "144000000", "beasiswa": "0", "total": "151800000"},
        id="then, a death without children",
    ),
    # 48 × 3.000.000 = 144.000.000; + 12.000.000 + 10.000.000 = 166.000.000.
    pytest.param(
        NOW,
        {"upah": "3.000.000", "akibat": "meninggal"},
        {"santunan_kematian": "144000000", "beasiswa": "0", "total": "166000000"},
        id="now, a death without children",
    ),
    # 48 × 300.000 = 14.400.000, less than the JKM grant of 16.200.000: raised to it.
    # 16.200.000 + 4.800.000 + 3.000.000 = 24.000.000.
    pytest.param(
        THEN,
        {"upah": "300.000", "akibat": "meninggal", "anak_sekolah": "tidak"},
        {"santunan_kematian": "16200000", "total": "24000000"},
        id="then, a death at a very low wage",
    ),
    # 48 × 400.000 = 19.200.000, less than 20.000.000: raised to it.
    # 20.000.000 + 12.000.000 + 10.000.000 = 42.000.000.
    pytest.param(
        NOW,
        {"upah": "400.000", "akibat": "meninggal"},
        {"santunan_kematian": "20000000", "total": "42000000"},
        id="now, a death at a very low wage",
    ),
    # Each child: 8 × 1.500.000 + 3 × 2.000.000 + 3 × 3.000.000 + 5 × 12.000.000
    #   = 12.000.000 + 6.000.000 + 9.000.000 + 60.000.000 = 87.000.000; two children 174.000.000.
    # 48 × 2.000.000 = 96.000.000; + 12.000.000 + 10.000.000 + 174.000.000 = 292.000.000.
    pytest.param(
        NOW,
        {"upah": "2.000.000", "akibat": "meninggal"}
        | {f"anak1_{level}": years for level, years in ALL_YEARS.items()}
        | {f"anak2_{level}": years for level, years in ALL_YEARS.items()},
        {"beasiswa": "174000000", "total": "292000000"},
        id="now, the largest scholarship there is",
    ),
    # Ten years of primary school are paid as the 8 of the law: 8 × 1.500.000 = 12.000.000.
    # 96.000.000 + 12.000.000 + 10.000.000 + 12.000.000 = 130.000.000.
    pytest.param(
        NOW,
        {"upah": "2.000.000", "akibat": "meninggal", "anak1_tk_sd": "10"},
        {"beasiswa": "12000000", "total": "130000000"},
        id="now, no more years than the law pays",
    ),
    # The bill is 1.350.000, the limit on land 1.000.000; STMB 1 × 2.000.000; together 3.000.000.
    pytest.param(
        THEN,
        {
            "upah": "2.000.000",
            "akibat": "sembuh",
            "bulan_stmb": "1",
            "angkutan": "darat",
            "biaya_angkutan": "1.350.000",
        },
        {"angkutan": "1000000", "stmb": "2000000", "total": "3000000"},
        id="then, the ambulance cost more than the limit",
    ),
    # The bill is 1.350.000, the limit on land 5.000.000: paid in full; together 3.350.000.
    pytest.param(
        NOW,
        {
            "upah": "2.000.000",
            "akibat": "sembuh",
            "bulan_stmb": "1",
            "angkutan": "darat",
            "biaya_angkutan": "1.350.000",
        },
        {"angkutan": "1350000", "total": "3350000"},
        id="now, the same ambulance is paid in full",
    ),
    # By air 12.000.000, limit 10.000.000.
    pytest.param(
        NOW,
        {"upah": "2.000.000", "akibat": "sembuh", "angkutan": "udara", "biaya_angkutan": "12.000.000"},
        {"angkutan": "10000000", "total": "10000000"},
        id="now, a flight that cost more than the limit",
    ),
]


def jkk(day: date, inputs: dict[str, str]) -> Outcome:
    return calculate("jkk", inputs, book=load_book(), as_of=day)


@pytest.mark.parametrize(("day", "inputs", "expected"), CASES)
def test_a_case_worked_by_hand(day: date, inputs: dict[str, str], expected: dict[str, str]) -> None:
    results = jkk(day, inputs).results

    assert {name: results.get(name, 0) for name in expected} == {
        name: Decimal(amount) for name, amount in expected.items()
    }


@pytest.mark.parametrize("akibat", ["cacat_anatomis", "cacat_fungsi"])
def test_a_partial_disability_needs_the_percentage_of_the_table(akibat: str) -> None:
    with pytest.raises(InputFaults) as caught:
        jkk(NOW, {"upah": "2.000.000", "akibat": akibat})

    assert [fault.field for fault in caught.value.faults] == ["persen_tabel"]


def test_a_reduced_function_needs_how_much_was_lost() -> None:
    with pytest.raises(InputFaults) as caught:
        jkk(NOW, {"upah": "2.000.000", "akibat": "cacat_fungsi", "persen_tabel": "20"})

    assert [fault.field for fault in caught.value.faults] == ["persen_fungsi"]


def test_a_bill_needs_the_way_it_was_driven_sailed_or_flown() -> None:
    with pytest.raises(InputFaults) as caught:
        jkk(NOW, {"upah": "2.000.000", "akibat": "sembuh", "biaya_angkutan": "500.000"})

    assert [fault.field for fault in caught.value.faults] == ["angkutan"]


@pytest.mark.parametrize("upah", ["", "0", "-2.000.000", "2,5 juta", "2000.000", "9.999.999.999.999"])
def test_a_wage_nobody_has_is_answered_at_its_field(upah: str) -> None:
    with pytest.raises(InputFaults) as caught:
        jkk(NOW, {"upah": upah, "akibat": "sembuh"})

    assert [fault.field for fault in caught.value.faults] == ["upah"]


@pytest.mark.parametrize("day", [THEN, NOW])
def test_a_percentage_of_the_table_is_the_offices_and_the_page_says_so(day: date) -> None:
    outcome = jkk(day, {"upah": "2.000.000", "akibat": "cacat_anatomis", "persen_tabel": "10"})

    assert any("table" in str(note) for note in outcome.notes)


@given(
    lower=st.integers(100_000, 50_000_000),
    more=st.integers(0, 50_000_000),
    months=st.integers(0, 60),
    akibat=st.sampled_from(["sembuh", "cacat_total", "meninggal"]),
    day=st.sampled_from([THEN, NOW]),
)
def test_a_higher_wage_never_brings_less(lower: int, more: int, months: int, akibat: str, day: date) -> None:
    base = {"akibat": akibat, "bulan_stmb": str(months)}

    poorer, richer = (jkk(day, base | {"upah": str(wage)}).results["total"] for wage in (lower, lower + more))

    assert poorer <= richer


@given(
    wage=st.integers(100_000, 50_000_000),
    months=st.integers(0, 60),
    bill=st.integers(1, 90_000_000),
    way=st.sampled_from(["darat", "laut", "udara"]),
    akibat=st.sampled_from(["sembuh", "cacat_total", "meninggal"]),
    day=st.sampled_from([THEN, NOW]),
)
def test_the_parts_add_up_and_no_fare_is_above_its_limit(
    wage: int, months: int, bill: int, way: str, akibat: str, day: date
) -> None:
    inputs = {"upah": str(wage), "akibat": akibat, "bulan_stmb": str(months)}

    results = jkk(day, inputs | {"angkutan": way, "biaya_angkutan": str(bill)}).results

    assert sum(amount for name, amount in results.items() if name != "total") == results["total"]
    # By air on the newest date: the highest limit there is.
    assert results["angkutan"] <= Decimal(10_000_000)
    assert results.get("stmb", 0) <= wage * months


@given(day=st.dates(date(2015, 7, 1), NOW))
def test_every_law_date_since_the_programme_began_has_an_answer(day: date) -> None:
    inputs = {"upah": "2.000.000", "akibat": "meninggal", "bulan_stmb": "14"}

    assert jkk(day, inputs | {"angkutan": "laut", "biaya_angkutan": "900.000"}).results["total"] > 96_000_000
