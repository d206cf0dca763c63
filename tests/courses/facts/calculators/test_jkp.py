"""JKP worked by hand: the share of the capped wage and each condition; nothing at all in 2016."""

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
# Under the first rules of JKP.
FIRST_RULES = date(2024, 1, 15)
LAST_DAY_WITHOUT = date(2021, 2, 1)

DISMISSED = {"alasan": "phk", "bulan_iur": "24", "usia_daftar": "30"}
FIRST = {"bulan_berturut": "12"}
NOTHING = {"total": "0", "sebulan": "0"}

CASES = [
    # 60 % × 4.000.000 = 2.400.000; × 6 = 14.400.000.
    pytest.param(
        NOW,
        {"upah": "4.000.000"},
        {"dasar_upah": "4000000", "sebulan": "2400000", "total": "14400000"},
        id="now, under the cap",
    ),
    # The wage counts up to 5.000.000: 60 % = 3.000.000; × 6 = 18.000.000.
    pytest.param(
        NOW,
        {"upah": "8.000.000"},
        {"dasar_upah": "5000000", "sebulan": "3000000", "total": "18000000"},
        id="now, above the cap",
    ),
    # 60 % × 5.000.000 = 3.000.000.
    pytest.param(
        NOW,
        {"upah": "5.000.000", "bulan": "1"},
        {"sebulan": "3000000", "total": "3000000"},
        id="now, on the cap",
    ),
    # 60 % × 3.800.000 = 2.280.000; × 6 = 13.680.000.
    pytest.param(
        NOW,
        {"upah": "3.800.000", "bulan": "6"},
        {"sebulan": "2280000", "total": "13680000"},
        id="now, six months",
    ),
    # 2 × 2.280.000 = 4.560.000.
    pytest.param(
        NOW,
        {"upah": "3.800.000", "bulan": "2"},
        {"sebulan": "2280000", "total": "4560000"},
        id="now, work again after two months",
    ),
    # Eight months without work are paid as the six of the law: 6 × 2.400.000 = 14.400.000.
    pytest.param(
        NOW,
        {"upah": "4.000.000", "bulan": "8"},
        {"total": "14400000"},
        id="now, longer without work than the law pays",
    ),
    # 60 % × 1.234.567 = 740.740,2, rounded 740.740; × 3 = 2.222.220.
    pytest.param(
        NOW,
        {"upah": "1.234.567", "bulan": "3"},
        {"sebulan": "740740", "total": "2222220"},
        id="now, rounded to the nearest rupiah each month",
    ),
    # 45 % × 4.000.000 = 1.800.000, × 3 = 5.400.000; 25 % × 4.000.000 = 1.000.000, × 3 = 3.000.000;
    # together 8.400.000.
    pytest.param(
        FIRST_RULES,
        {"upah": "4.000.000"} | FIRST,
        {"sebulan": "1800000", "sebulan_lanjutan": "1000000", "total": "8400000"},
        id="first rules, six months",
    ),
    # 45 % × 5.000.000 = 2.250.000, × 3 = 6.750.000; 25 % = 1.250.000, × 3 = 3.750.000; together 10.500.000.
    pytest.param(
        FIRST_RULES,
        {"upah": "8.000.000"} | FIRST,
        {"sebulan": "2250000", "sebulan_lanjutan": "1250000", "total": "10500000"},
        id="first rules, above the cap",
    ),
    # 5.400.000 + 1 × 1.000.000 = 6.400.000.
    pytest.param(
        FIRST_RULES,
        {"upah": "4.000.000", "bulan": "4"} | FIRST,
        {"total": "6400000"},
        id="first rules, four months",
    ),
    # 2 × 1.800.000 = 3.600.000.
    pytest.param(
        FIRST_RULES,
        {"upah": "4.000.000", "bulan": "2"} | FIRST,
        {"sebulan_lanjutan": "0", "total": "3600000"},
        id="first rules, two months",
    ),
    # 6 in a row were needed.
    pytest.param(
        FIRST_RULES,
        {"upah": "4.000.000", "bulan_berturut": "5"},
        NOTHING,
        id="first rules, five months in a row",
    ),
    # 3 months to claim.
    pytest.param(
        FIRST_RULES,
        {"upah": "4.000.000", "bulan_sejak_phk": "4"} | FIRST,
        NOTHING,
        id="first rules, claimed after four months",
    ),
    # 6 months to claim: 14.400.000 as above.
    pytest.param(
        NOW,
        {"upah": "4.000.000", "bulan_sejak_phk": "6"},
        {"total": "14400000"},
        id="now, claimed in the sixth month",
    ),
    pytest.param(
        NOW,
        {"upah": "4.000.000", "bulan_sejak_phk": "7"},
        NOTHING,
        id="now, claimed too late",
    ),
    # 12 of 24 months: 14.400.000.
    pytest.param(
        NOW,
        {"upah": "4.000.000", "bulan_iur": "12"},
        {"total": "14400000"},
        id="now, just enough paid",
    ),
    pytest.param(NOW, {"upah": "4.000.000", "bulan_iur": "11"}, NOTHING, id="now, a month too few"),
    pytest.param(NOW, {"upah": "4.000.000", "alasan": "mengundurkan_diri"}, NOTHING, id="now, gave notice"),
    pytest.param(NOW, {"upah": "4.000.000", "alasan": "kontrak_habis"}, NOTHING, id="now, contract ran out"),
    pytest.param(
        NOW,
        {"upah": "4.000.000", "alasan": "kontrak_diputus"},
        {"total": "14400000"},
        id="now, contract ended early",
    ),
    # Not yet 54 is 53.
    pytest.param(
        NOW,
        {"upah": "4.000.000", "usia_daftar": "53"},
        {"total": "14400000"},
        id="now, registered at 53",
    ),
    pytest.param(NOW, {"upah": "4.000.000", "usia_daftar": "54"}, NOTHING, id="now, registered at 54"),
    # The third claim, five years (60 months) after the second.
    pytest.param(
        NOW,
        {"upah": "4.000.000", "klaim_ke": "3", "bulan_iur_sejak_klaim": "60"},
        {"total": "14400000"},
        id="now, a third claim",
    ),
    pytest.param(
        NOW,
        {"upah": "4.000.000", "klaim_ke": "2", "bulan_iur_sejak_klaim": "59"},
        NOTHING,
        id="now, a second claim too soon",
    ),
    pytest.param(
        NOW,
        {"upah": "4.000.000", "klaim_ke": "4", "bulan_iur_sejak_klaim": "60"},
        NOTHING,
        id="now, a fourth claim",
    ),
]


def jkp(day: date, inputs: dict[str, str]) -> Outcome:
    return calculate("jkp", DISMISSED | inputs, book=load_book(), as_of=day)


@pytest.mark.parametrize(("day", "inputs", "expected"), CASES)
def test_a_case_worked_by_hand(day: date, inputs: dict[str, str], expected: dict[str, str]) -> None:
    results = jkp(day, inputs).results

    assert {name: results.get(name, 0) for name in expected} == {
        name: Decimal(amount) for name, amount in expected.items()
    }


@pytest.mark.parametrize("day", [THEN, LAST_DAY_WITHOUT])
@pytest.mark.parametrize("inputs", [{}, {"upah": "4.000.000"}, {"upah": "8.000.000", "bulan": "2"}])
def test_before_the_programme_the_answer_is_that_it_did_not_exist(day: date, inputs: dict[str, str]) -> None:
    outcome = jkp(day, inputs)

    assert dict(outcome.results) == {}
    assert "there was no JKP" in " ".join(str(note) for note in outcome.notes)


def test_the_same_question_is_answered_a_day_later() -> None:
    # 45 % × 4.000.000 × 3 + 25 % × 4.000.000 × 3 = 8.400.000.
    assert jkp(date(2021, 2, 2), {"upah": "4.000.000"} | FIRST).results["total"] == Decimal(8_400_000)


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({"upah": "0"}, "upah"),
        ({"upah": "-4.000.000"}, "upah"),
        ({"upah": "4.000.000", "bulan": "0"}, "bulan"),
        ({"upah": "4.000.000", "bulan_iur": "25"}, "bulan_iur"),
        ({"upah": "4.000.000", "klaim_ke": "2"}, "bulan_iur_sejak_klaim"),
        ({"upah": "4.000.000", "alasan": "bosan"}, "alasan"),
    ],
)
def test_what_makes_no_sense_is_answered_at_its_field(inputs: dict[str, str], field: str) -> None:
    with pytest.raises(InputFaults) as caught:
        jkp(NOW, inputs)

    assert [fault.field for fault in caught.value.faults] == [field]


def test_who_misses_two_conditions_reads_of_both() -> None:
    outcome = jkp(NOW, {"upah": "4.000.000", "bulan_iur": "3", "usia_daftar": "60"})

    assert len(outcome.notes) == 2


@given(
    lower=st.integers(1, 20_000_000),
    more=st.integers(0, 20_000_000),
    months=st.integers(1, 6),
    day=st.sampled_from([FIRST_RULES, NOW]),
)
def test_a_higher_wage_never_brings_less_and_never_more_than_the_cap(
    lower: int, more: int, months: int, day: date
) -> None:
    base = {"bulan": str(months)} | (FIRST if day == FIRST_RULES else {})

    poorer, richer = (jkp(day, base | {"upah": str(wage)}).results for wage in (lower, lower + more))

    assert poorer["total"] <= richer["total"]
    # 45 % and 60 % of 5.000.000.
    assert richer["sebulan"] <= Decimal({FIRST_RULES: 2_250_000, NOW: 3_000_000}[day])
    first = min(months, 3) if day == FIRST_RULES else months
    parts = first * richer["sebulan"] + (months - first) * richer.get("sebulan_lanjutan", Decimal(0))
    assert parts == richer["total"]


@given(day=st.dates(date(2015, 7, 1), NOW))
def test_every_law_date_since_the_programme_began_has_an_answer(day: date) -> None:
    answer = jkp(day, {"upah": "4.000.000"} | FIRST)

    assert ("total" in answer.results) == (day > LAST_DAY_WITHOUT)
