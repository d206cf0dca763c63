"""JKM worked by hand: what a family receives after a death outside work, at both law dates."""

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
# The day before members of less than three months received less.
BEFORE_SHORT = date(2025, 2, 23)

DEATH = {"sebab": "lain", "masih_aktif": "ya", "segmen": "pu", "bulan_menunggak": "0"}
NOTHING = {"santunan": "0", "berkala": "0", "pemakaman": "0", "beasiswa": "0", "total": "0"}

CASES = [
    # 16.200.000 + 4.800.000 + 3.000.000 = 24.000.000.
    pytest.param(
        THEN,
        {"bulan_iur": "24", "anak_sekolah": "ya"},
        {
            "santunan": "16200000",
            "berkala": "4800000",
            "pemakaman": "3000000",
            "beasiswa": "0",
            "total": "24000000",
        },
        id="then, two years a member",
    ),
    # 20.000.000 + 12.000.000 + 10.000.000 = 42.000.000.
    pytest.param(
        NOW,
        {"bulan_peserta": "24", "bulan_iur": "24"},
        {
            "santunan": "20000000",
            "berkala": "12000000",
            "pemakaman": "10000000",
            "beasiswa": "0",
            "total": "42000000",
        },
        id="now, two years a member",
    ),
    # 5 years are 60 months: 24.000.000 + 12.000.000 once = 36.000.000.
    pytest.param(
        THEN,
        {"bulan_iur": "60", "anak_sekolah": "ya"},
        {"beasiswa": "12000000", "total": "36000000"},
        id="then, five years paid and a child at school",
    ),
    # 59 months are a month short of 5 years.
    pytest.param(
        THEN,
        {"bulan_iur": "59", "anak_sekolah": "ya"},
        {"beasiswa": "0", "total": "24000000"},
        id="then, a month short of the scholarship",
    ),
    # Nobody at school.
    pytest.param(
        THEN,
        {"bulan_iur": "60", "anak_sekolah": "tidak"},
        {"beasiswa": "0", "total": "24000000"},
        id="then, five years paid and no child",
    ),
    # 3 years are 36 months: 4 × 1.500.000 = 6.000.000; 42.000.000 + 6.000.000 = 48.000.000.
    pytest.param(
        NOW,
        {"bulan_peserta": "36", "bulan_iur": "36", "anak1_tk_sd": "4"},
        {"beasiswa": "6000000", "total": "48000000"},
        id="now, three years paid and a child in primary school",
    ),
    # 35 months are a month short of 3 years.
    pytest.param(
        NOW,
        {"bulan_peserta": "40", "bulan_iur": "35", "anak1_tk_sd": "4"},
        {"beasiswa": "0", "total": "42000000"},
        id="now, a month short of the scholarship",
    ),
    # 2 × (8 × 1.500.000 + 3 × 2.000.000 + 3 × 3.000.000 + 5 × 12.000.000) = 2 × 87.000.000 = 174.000.000;
    # 42.000.000 + 174.000.000 = 216.000.000.
    pytest.param(
        NOW,
        {"bulan_peserta": "60", "bulan_iur": "60"}
        | {
            f"anak{child}_{level}": years
            for child in (1, 2)
            for level, years in {"tk_sd": "8", "smp": "3", "sma": "3", "kuliah": "5"}.items()
        },
        {"beasiswa": "174000000", "total": "216000000"},
        id="now, the largest there is",
    ),
    # Two years of junior and three of senior secondary: 2 × 2.000.000 + 3 × 3.000.000 = 13.000.000;
    # 42.000.000 + 13.000.000 = 55.000.000.
    pytest.param(
        NOW,
        {"bulan_peserta": "48", "bulan_iur": "40", "anak1_smp": "2", "anak1_sma": "3"},
        {"beasiswa": "13000000", "total": "55000000"},
        id="now, a child between two schools",
    ),
    # Less than 3 months a member: 10.000.000 in place of everything.
    pytest.param(
        NOW,
        {"bulan_peserta": "2", "bulan_iur": "2"},
        {
            "santunan_peserta_baru": "10000000",
            "santunan": "0",
            "berkala": "0",
            "pemakaman": "0",
            "total": "10000000",
        },
        id="now, two months a member",
    ),
    # 3 months are not less than 3.
    pytest.param(
        NOW,
        {"bulan_peserta": "3", "bulan_iur": "3"},
        {"santunan_peserta_baru": "0", "total": "42000000"},
        id="now, three months a member",
    ),
    # The rule for new members began a day later.
    pytest.param(
        BEFORE_SHORT,
        {"bulan_iur": "2"},
        {"total": "42000000"},
        id="the day before the rule for new members",
    ),
    # In 2016 there was no such rule.
    pytest.param(
        THEN,
        {"bulan_iur": "1", "anak_sekolah": "tidak"},
        {"total": "24000000"},
        id="then, one month a member",
    ),
    # Up to 3 months behind, without an employer: the funeral first, 3.000.000; the rest when it is paid up,
    # 16.200.000 + 4.800.000 = 21.000.000.
    pytest.param(
        THEN,
        {"segmen": "bpu", "bulan_menunggak": "2", "bulan_iur": "20", "anak_sekolah": "tidak"},
        {"dibayar_dahulu": "3000000", "setelah_lunas": "21000000", "total": "24000000"},
        id="then, without an employer and two months behind",
    ),
    # Funeral 10.000.000; then 20.000.000 + 12.000.000 = 32.000.000.
    pytest.param(
        NOW,
        {"segmen": "bpu", "bulan_menunggak": "3", "bulan_peserta": "20", "bulan_iur": "17"},
        {"dibayar_dahulu": "10000000", "setelah_lunas": "32000000", "total": "42000000"},
        id="now, without an employer and three months behind",
    ),
    # More than 3 months behind without an employer: no right.
    pytest.param(
        THEN,
        {"segmen": "bpu", "bulan_menunggak": "4", "bulan_iur": "20", "anak_sekolah": "ya"},
        NOTHING,
        id="then, without an employer and four months behind",
    ),
    pytest.param(
        NOW,
        {"segmen": "bpu", "bulan_menunggak": "4", "bulan_peserta": "20", "bulan_iur": "16"},
        NOTHING,
        id="now, without an employer and four months behind",
    ),
    # An employer behind pays the same sum himself first: 24.000.000.
    pytest.param(
        THEN,
        {"bulan_menunggak": "4", "bulan_iur": "20", "anak_sekolah": "tidak"},
        {"total": "24000000"},
        id="then, an employer four months behind",
    ),
    # No longer working and paying when the person died.
    pytest.param(
        NOW,
        {"masih_aktif": "tidak", "bulan_peserta": "40", "bulan_iur": "40"},
        NOTHING,
        id="now, no longer a member in active time",
    ),
    # A death by an accident at work belongs to JKK.
    pytest.param(
        THEN,
        {"sebab": "kecelakaan_kerja", "bulan_iur": "60", "anak_sekolah": "ya"},
        NOTHING,
        id="then, a death at work",
    ),
]


def jkm(day: date, inputs: dict[str, str]) -> Outcome:
    return calculate("jkm", DEATH | inputs, book=load_book(), as_of=day)


@pytest.mark.parametrize(("day", "inputs", "expected"), CASES)
def test_a_case_worked_by_hand(day: date, inputs: dict[str, str], expected: dict[str, str]) -> None:
    results = jkm(day, inputs).results

    assert {name: results.get(name, 0) for name in expected} == {
        name: Decimal(amount) for name, amount in expected.items()
    }


@pytest.mark.parametrize(
    "inputs",
    [
        {"masih_aktif": "tidak", "bulan_iur": "40"},
        {"sebab": "kecelakaan_kerja", "bulan_iur": "40"},
        {"segmen": "bpu", "bulan_menunggak": "4", "bulan_iur": "40"},
    ],
)
def test_who_receives_nothing_reads_why(inputs: dict[str, str]) -> None:
    assert jkm(THEN, inputs | {"anak_sekolah": "tidak"}).notes


def test_what_reports_disagree_about_is_said_beside_the_sum_of_a_new_member() -> None:
    outcome = jkm(NOW, {"bulan_peserta": "2", "bulan_iur": "2"})

    assert any("disagree" in str(note) for note in outcome.notes)


def test_nobody_has_paid_for_more_months_than_he_was_a_member() -> None:
    with pytest.raises(InputFaults) as caught:
        jkm(NOW, {"bulan_peserta": "5", "bulan_iur": "6"})

    assert [fault.field for fault in caught.value.faults] == ["bulan_iur"]


@pytest.mark.parametrize("months", ["", "-1", "dua", "2,5", "99.999"])
def test_months_nobody_has_are_answered_at_their_field(months: str) -> None:
    with pytest.raises(InputFaults) as caught:
        jkm(NOW, {"bulan_peserta": "600", "bulan_iur": months})

    assert [fault.field for fault in caught.value.faults] == ["bulan_iur"]


@given(
    months=st.integers(0, 500),
    more=st.integers(0, 100),
    years=st.integers(0, 20),
    segment=st.sampled_from(["pu", "bpu"]),
    behind=st.integers(0, 6),
    day=st.sampled_from([BEFORE_SHORT, NOW]),
)
def test_the_parts_add_up_and_longer_membership_never_brings_less(
    months: int, more: int, years: int, segment: str, behind: int, day: date
) -> None:
    base = {"segmen": segment, "bulan_menunggak": str(behind), "anak1_kuliah": str(years), "anak2_smp": "3"}
    member = {} if day == BEFORE_SHORT else {"bulan_peserta": "600"}

    shorter, longer = (
        jkm(day, base | member | {"bulan_iur": str(n)}).results for n in (months, months + more)
    )

    parts = ("santunan", "berkala", "pemakaman", "beasiswa", "santunan_peserta_baru")
    assert sum(longer.get(name, 0) for name in parts) == longer["total"]
    if "dibayar_dahulu" in longer:
        assert longer["dibayar_dahulu"] + longer["setelah_lunas"] == longer["total"]
    # 42.000.000 and the largest scholarship, 174.000.000.
    assert shorter["total"] <= longer["total"] <= Decimal(216_000_000)


@given(day=st.dates(date(2015, 7, 1), NOW))
def test_every_law_date_since_the_programme_began_has_an_answer(day: date) -> None:
    inputs = {"bulan_peserta": "72", "bulan_iur": "72", "anak_sekolah": "ya", "anak1_sma": "2"}

    assert jkm(day, inputs).results["total"] >= 36_000_000
