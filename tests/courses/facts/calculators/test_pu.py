"""Contributions for an employee, worked by hand at both law dates and between them."""

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
RISKS = ("sangat_rendah", "rendah", "sedang", "tinggi", "sangat_tinggi")

CASES = [
    # JKK 2.000.000 × 0,24% = 4.800; JKM × 0,30% = 6.000; JHT × 3,7% = 74.000 and × 2% = 40.000;
    # JP × 2% = 40.000 and × 1% = 20.000. 4.800 + 6.000 + 74.000 + 40.000 = 124.800; 40.000 + 20.000 = 60.000.
    pytest.param(
        THEN,
        {"upah": "2.000.000"},
        {
            "jkk": "4800",
            "jkm": "6000",
            "jht_pemberi_kerja": "74000",
            "jht_pekerja": "40000",
            "jp_pemberi_kerja": "40000",
            "jp_pekerja": "20000",
            "pemberi_kerja": "124800",
            "pekerja": "60000",
            "total": "184800",
        },
        id="then, two million",
    ),
    # JP only on 7.335.300: × 2% = 146.706, × 1% = 73.353. JKK 24.000; JKM 30.000; JHT 370.000 and 200.000.
    # 24.000 + 30.000 + 370.000 + 146.706 = 570.706; 200.000 + 73.353 = 273.353; together 844.059.
    pytest.param(
        THEN,
        {"upah": "Rp10.000.000"},
        {
            "dasar_jp": "7335300",
            "jp_pemberi_kerja": "146706",
            "jp_pekerja": "73353",
            "pemberi_kerja": "570706",
            "pekerja": "273353",
            "total": "844059",
        },
        id="then, above the cap of JP",
    ),
    # JKK 1.750.000 × 0,89% = 15.575; JKM 5.250; JHT 64.750 and 35.000; JP 35.000 and 17.500.
    # 15.575 + 5.250 + 64.750 + 35.000 = 120.575; 35.000 + 17.500 = 52.500.
    pytest.param(
        THEN,
        {"upah": "1.750.000", "risiko": "sedang"},
        {"jkk": "15575", "pemberi_kerja": "120575", "pekerja": "52500", "total": "173075"},
        id="then, medium risk",
    ),
    # JKK 7.335.300 × 1,74% = 127.634,22; JKM × 0,30% = 22.005,9; JHT × 3,7% = 271.406,1 and × 2% = 146.706;
    # JP 146.706 and 73.353. 127.634 + 22.006 + 271.406 + 146.706 = 567.752; 146.706 + 73.353 = 220.059.
    pytest.param(
        THEN,
        {"upah": "7.335.300", "risiko": "sangat_tinggi"},
        {
            "jkk": "127634",
            "jkm": "22006",
            "jht_pemberi_kerja": "271406",
            "pemberi_kerja": "567752",
            "pekerja": "220059",
            "total": "787811",
        },
        id="then, exactly the cap, highest risk",
    ),
    # One rupiah more: JKK 7.335.301 × 0,54% = 39.610,6254; JKM 22.005,903; JHT 271.406,137 and 146.706,02;
    # JP stays 146.706 and 73.353. 39.611 + 22.006 + 271.406 + 146.706 = 479.729; 146.706 + 73.353 = 220.059.
    pytest.param(
        THEN,
        {"upah": "7.335.301", "risiko": "rendah"},
        {
            "jkk": "39611",
            "jp_pemberi_kerja": "146706",
            "jp_pekerja": "73353",
            "pemberi_kerja": "479729",
            "pekerja": "220059",
            "total": "699788",
        },
        id="then, a rupiah above the cap",
    ),
    # 80.000 a day × 25 = 2.000.000. JKK × 1,27% = 25.400; the rest as for 2.000.000:
    # 25.400 + 6.000 + 74.000 + 40.000 = 145.400; 60.000; together 205.400.
    pytest.param(
        THEN,
        {"upah": "80.000", "satuan_upah": "harian", "risiko": "tinggi"},
        {
            "upah_sebulan": "2000000",
            "jkk": "25400",
            "pemberi_kerja": "145400",
            "pekerja": "60000",
            "total": "205400",
        },
        id="then, paid by the day",
    ),
    # JKK 1.500.000 × 0,54% = 8.100; JKM 4.500; JHT 55.500 and 30.000. 8.100 + 4.500 + 55.500 = 68.100.
    pytest.param(
        THEN,
        {"upah": "1.500.000", "risiko": "rendah", "jp": "tidak"},
        {"pemberi_kerja": "68100", "pekerja": "30000", "total": "98100"},
        id="then, a small enterprise without JP",
    ),
    # JKK 1.200.000 × 0,24% = 2.880; JKM 3.600; together 6.480, all of it the employer's.
    pytest.param(
        THEN,
        {"upah": "1.200.000", "jht": "tidak", "jp": "tidak"},
        {"pemberi_kerja": "6480", "pekerja": "0", "total": "6480"},
        id="then, a micro enterprise with JKK and JKM only",
    ),
    # JKK 5.000.000 × 0,24% = 12.000; JKM 15.000; JHT 185.000 and 100.000; JP 100.000 and 50.000.
    # 12.000 + 15.000 + 185.000 + 100.000 = 312.000; 150.000.
    # JKP: 5.000.000 × 0,22% = 11.000; × 0,14% = 7.000.
    pytest.param(
        NOW,
        {"upah": "5.000.000"},
        {
            "pemberi_kerja": "312000",
            "pekerja": "150000",
            "total": "462000",
            "jkp_pemerintah": "11000",
            "jkp_dari_jkk": "7000",
            "jkp": "18000",
        },
        id="now, five million",
    ),
    # JP on 11.086.300: 221.726 and 110.863. JKK 36.000; JKM 45.000; JHT 555.000 and 300.000.
    # 36.000 + 45.000 + 555.000 + 221.726 = 857.726; 300.000 + 110.863 = 410.863. JKP on 5.000.000: 18.000.
    pytest.param(
        NOW,
        {"upah": "15.000.000"},
        {
            "dasar_jp": "11086300",
            "dasar_jkp": "5000000",
            "pemberi_kerja": "857726",
            "pekerja": "410863",
            "total": "1268589",
            "jkp": "18000",
        },
        id="now, above both caps",
    ),
    # JKK 2.500.000 × 0,89% = 22.250; JKM 7.500; JHT 92.500 and 50.000; JP 50.000 and 25.000.
    # 22.250 + 7.500 + 92.500 + 50.000 = 172.250; 75.000. JKP 5.500 + 3.500 = 9.000.
    pytest.param(
        NOW,
        {"upah": "2.500.000", "risiko": "sedang"},
        {"pemberi_kerja": "172250", "pekerja": "75000", "total": "247250", "jkp": "9000"},
        id="now, medium risk",
    ),
    # JKK 3.333.333 × 0,24% = 7.999,9992; JKM 9.999,999; JHT 123.333,321 and 66.666,66; JP 66.666,66 and
    # 33.333,33. 8.000 + 10.000 + 123.333 + 66.667 = 208.000; 66.667 + 33.333 = 100.000.
    # JKP 7.333,3326 and 4.666,6662: 7.333 + 4.667 = 12.000.
    pytest.param(
        NOW,
        {"upah": "3.333.333"},
        {
            "jkk": "8000",
            "jkm": "10000",
            "jht_pekerja": "66667",
            "pemberi_kerja": "208000",
            "pekerja": "100000",
            "total": "308000",
            "jkp": "12000",
        },
        id="now, nothing comes out even",
    ),
    # JP of the worker 2.550.050 × 1% = 25.500,5, upwards to 25.501. JKK 6.120,12; JKM 7.650,15;
    # JHT 94.351,85 and 51.001; JP of the employer 51.001.
    # 6.120 + 7.650 + 94.352 + 51.001 = 159.123; 51.001 + 25.501 = 76.502.
    pytest.param(
        NOW,
        {"upah": "2.550.050"},
        {"jp_pekerja": "25501", "pemberi_kerja": "159123", "pekerja": "76502", "total": "235625"},
        id="now, half a rupiah goes up",
    ),
    # JKK 3.600,0012; JKM 4.500,0015; JHT 55.500,0185 and 30.000,01; JP 30.000,01 and 15.000,005.
    # 3.600 + 4.500 + 55.500 + 30.000 = 93.600; 30.000 + 15.000 = 45.000.
    pytest.param(
        NOW,
        {"upah": "1.500.000,50"},
        {"pemberi_kerja": "93600", "pekerja": "45000", "total": "138600"},
        id="now, with cents",
    ),
    # 0,46% of 5.000.000: 11.000 from the government, 7.000 out of JKK, then also × 0,10% = 5.000 out of JKM.
    pytest.param(
        date(2023, 1, 15),
        {"upah": "5.000.000"},
        {
            "jkp_pemerintah": "11000",
            "jkp_dari_jkk": "7000",
            "jkp_dari_jkm": "5000",
            "jkp": "23000",
            "total": "462000",
        },
        id="2023, JKP also took from JKM",
    ),
    # JKK 3.000.000 × 0,635% = 19.050; JKM 9.000; JHT 111.000 and 60.000; JP 60.000 and 30.000.
    # 19.050 + 9.000 + 111.000 + 60.000 = 199.050; 90.000.
    pytest.param(
        date(2025, 6, 1),
        {"upah": "3.000.000", "risiko": "tinggi", "padat_karya": "ya"},
        {"jkk": "19050", "pemberi_kerja": "199050", "pekerja": "90000", "total": "289050"},
        id="2025, labour-intensive discount",
    ),
    # JKK 7.200 × 1% = 72; JKM 9.000 × 1% = 90; JHT 111.000 and 60.000; JP 60.000 and 30.000.
    # 72 + 90 + 111.000 + 60.000 = 171.162; 90.000.
    pytest.param(
        date(2020, 10, 1),
        {"upah": "3.000.000", "relaksasi": "ya"},
        {"jkk": "72", "jkm": "90", "pemberi_kerja": "171162", "pekerja": "90000", "total": "261162"},
        id="2020, relief of the pandemic",
    ),
]


def results(as_of: date, **inputs: str) -> dict[str, Decimal]:
    return dict(calculate("pu", inputs, book=load_book(), as_of=as_of).results)


@pytest.mark.parametrize(("as_of", "inputs", "expected"), CASES)
def test_the_sums_are_those_worked_by_hand(
    as_of: date, inputs: dict[str, str], expected: dict[str, str]
) -> None:
    found = results(as_of, **inputs)

    assert {name: found.get(name) for name in expected} == {
        name: Decimal(amount) for name, amount in expected.items()
    }


def test_jkp_did_not_exist_then_and_is_left_out_for_who_is_not_in_it() -> None:
    assert not [name for name in results(THEN, upah="5.000.000", jkp="ya") if "jkp" in name]
    assert not [name for name in results(NOW, upah="5.000.000", jkp="tidak") if "jkp" in name]
    assert "jkp" not in results(NOW, upah="5.000.000", jht="tidak", jp="tidak")


def test_a_discount_that_is_over_is_not_given() -> None:
    assert results(NOW, upah="3.000.000", padat_karya="ya")["jkk"] == Decimal(7200)


def test_every_step_names_its_facts_and_a_rounded_one_where_rounding_comes_from() -> None:
    outcome = calculate("pu", {"upah": "3.333.333"}, book=load_book(), as_of=NOW)

    assert all(step.facts for step in outcome.steps if not step.is_sum)
    rounded = {step.result for step in outcome.steps if step.rounding}
    assert {"jkk", "jkm", "jp_pekerja"} <= rounded
    assert not rounded & {"total", "pekerja"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0", "more than 0"),
        ("-5.000.000", "more than 0"),
        ("Rp 1,5 juta", "1.500.000"),
        ("1,500,000", "1.500.000"),
        ("5,000", "two ways"),
        ("1.500.000,505", "two digits"),
        ("9.000.000.000", "at most"),
        ("9" * 29, "at most"),
        ("9" * 500, "too long"),
        ("banyak", "type a number"),
        ("NaN", "type a number"),
        ("1e6", "type a number"),
        ("", "fill this in"),
    ],
)
def test_a_wage_that_makes_no_sense_gets_a_sentence_at_its_field(typed: str, said: str) -> None:
    with pytest.raises(InputFaults) as caught:
        results(NOW, upah=typed)

    [fault] = caught.value.faults
    assert fault.field == "upah"
    assert said in str(fault)


def test_what_is_not_offered_is_refused_all_at_once() -> None:
    with pytest.raises(InputFaults) as caught:
        results(NOW, upah="x", risiko="tertinggi", jht="mungkin", bonus="1")

    assert {fault.field for fault in caught.value.faults} == {"upah", "risiko", "jht", "bonus"}


def test_before_the_programmes_began_the_law_date_is_at_fault() -> None:
    with pytest.raises(InputFaults) as caught:
        results(date(2010, 1, 1), upah="1.000.000")

    assert [fault.field for fault in caught.value.faults] == ["per"]


wages = st.integers(min_value=1, max_value=1_000_000_000)
dates = st.sampled_from([THEN, NOW])


@given(wages, wages, dates, st.sampled_from(RISKS))
def test_a_higher_wage_never_pays_less(one: int, other: int, as_of: date, risk: str) -> None:
    low, high = (results(as_of, upah=str(wage), risiko=risk) for wage in sorted((one, other)))

    assert all(low[name] <= high[name] for name in ("jkk", "jkm", "pemberi_kerja", "pekerja", "total"))


@given(wages, st.sampled_from([(THEN, 146706, 73353), (NOW, 221726, 110863)]))
def test_jp_never_goes_above_its_cap(wage: int, most: tuple[date, int, int]) -> None:
    as_of, employer, worker = most
    found = results(as_of, upah=str(wage))

    assert found["jp_pemberi_kerja"] <= employer
    assert found["jp_pekerja"] <= worker
    assert found.get("jkp", Decimal(0)) <= 18_000


@given(
    wages, dates, st.sampled_from(RISKS), st.sampled_from(["ya", "tidak"]), st.sampled_from(["ya", "tidak"])
)
def test_the_shares_add_up(wage: int, as_of: date, risk: str, jht: str, jp: str) -> None:
    found = results(as_of, upah=str(wage), risiko=risk, jht=jht, jp=jp)
    parts = ("jkk", "jkm", "jht_pemberi_kerja", "jht_pekerja", "jp_pemberi_kerja", "jp_pekerja")

    assert found["total"] == sum(found.get(name, Decimal(0)) for name in parts)
    assert found["total"] == found["pemberi_kerja"] + found["pekerja"]
    assert all(amount == amount.to_integral_value() for amount in found.values() if amount != wage)


@given(wages, dates)
def test_a_higher_risk_never_pays_less(wage: int, as_of: date) -> None:
    paid = [results(as_of, upah=str(wage), risiko=risk)["jkk"] for risk in RISKS]

    assert paid == sorted(paid)
