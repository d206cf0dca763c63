"""How far a number may be off, and what the unit costs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from quizzes.types import get_type
from quizzes.types.base import FormatError
from quizzes.types.number import Number
from quizzes.types.tolerance import band, beyond, is_within, judge, unit_factors

YEARS = {
    "answer": "180",
    "unit": "bulan",
    "tolerance": "0",
    "units": [{"name": "tahun", "factor": "12"}],
    "unit_penalty": "0.25",
}


def content(**changes: Any) -> dict[str, Any]:
    return {"answer": "100", "tolerance": "5", "unit": ""} | changes


@pytest.mark.parametrize(
    ("kind", "inside", "outside"),
    [
        # What a running Moodle 4.5.6 did with 100 ± 5: closed on both sides.
        ("nominal", ["95", "105", "100"], ["94.9999999", "105.0000001"]),
        ("relative", ["95", "105"], ["94.9999999", "105.0000001"]),
        # 100 ÷ 1.05 = 95.238095…
        ("geometric", ["95.2380953", "105"], ["95.2380952", "105.0000001", "-100", "0"]),
    ],
)
def test_a_band_is_closed_and_exact(kind: str, inside: list[str], outside: list[str]) -> None:
    for given_ in inside:
        assert judge(content(tolerance_kind=kind), Decimal(given_), "").fraction == 1
    for given_ in outside:
        assert judge(content(tolerance_kind=kind), Decimal(given_), "").fraction == 0


@pytest.mark.parametrize(
    ("kind", "right", "low", "high"),
    [
        ("relative", "-200", "-210", "-190"),
        ("geometric", "-210", "-220.5", "-200"),
        ("geometric", "0", "0", "0"),
        ("nominal", "-1", "-6", "4"),
    ],
)
def test_bands_below_zero_and_around_it(kind: str, right: str, low: str, high: str) -> None:
    assert band(Decimal(right), Decimal(5), kind) == (Decimal(low), Decimal(high))


@given(
    st.decimals(-(10**6), 10**6, places=2),
    st.decimals(-(10**6), 10**6, places=2),
    st.integers(0, 50),
    st.sampled_from(["nominal", "relative"]),
)
def test_what_is_within_lies_between_the_ends(
    number: Decimal, right: Decimal, tolerance: int, kind: str
) -> None:
    low, high = band(right, Decimal(tolerance), kind)

    assert is_within(number, right, Decimal(tolerance), kind) is (low <= number <= high)


@pytest.mark.parametrize(
    ("given_", "fraction", "rule"),
    [
        ("100", "1", ""),
        ("101", "1", ""),
        ("101.1", "0.4", "Near the right number: that earns 40% of the marks."),
        ("90", "0.4", "Near the right number: that earns 40% of the marks."),
        ("89.9", "0", ""),
    ],
)
def test_a_wider_band_earns_its_share_and_says_so(given_: str, fraction: str, rule: str) -> None:
    two_steps = content(tolerance="1", near={"tolerance": "10", "fraction": "0.4"})

    judged = judge(two_steps, Decimal(given_), "")

    assert (judged.fraction, str(judged.rule)) == (Decimal(fraction), rule)


@pytest.mark.parametrize(
    ("text", "chosen", "fraction"),
    [
        ("180", "bulan", "1"),
        ("15", "tahun", "1"),
        ("15 tahun", "", "1"),
        ("15 tahun", "tahun", "1"),
        ("180 bulan", "", "1"),
        ("180", "", "0.75"),
        ("15", "", "0.75"),
        ("180", "tahun", "0.75"),
        ("15", "bulan", "0.75"),
        ("16", "tahun", "0"),
        ("16", "", "0"),
    ],
)
def test_a_wrong_or_missing_unit_costs_its_share(text: str, chosen: str, fraction: str) -> None:
    answer = Number().parse({"value": [text], "unit": [chosen]}, YEARS, {})

    assert Number().grade(YEARS, answer).fraction == Decimal(fraction)


def test_the_result_says_what_the_unit_cost() -> None:
    review = Number().review(YEARS, {}, {"value": "15", "unit": "bulan"})

    assert review["rule"] == "The number is right, its unit is missing or another one: that costs 25%."
    assert (review["given"], review["given_unit"], review["right"]) == ("15", "bulan", "180")
    assert (review["is_right"], review["is_partly"]) == (False, True)


def test_without_a_price_a_wrong_unit_earns_nothing() -> None:
    resolved = Number().resolve(
        {"answer": 180, "unit": "bulan", "units": [{"name": "tahun", "factor": 12}]}, Figures()
    )

    assert Number().grade(resolved, {"value": "15", "unit": "bulan"}).fraction == 0
    assert Number().grade(resolved, {"value": "15", "unit": "tahun"}).fraction == 1


def test_a_near_number_in_a_wrong_unit_pays_for_both() -> None:
    near = YEARS | {"near": {"tolerance": "12", "fraction": "0.5"}}

    assert judge(near, Decimal(16), "bulan").fraction == Decimal("0.375")


@pytest.mark.parametrize(
    ("text", "chosen"),
    [("15 hari", ""), ("15 tahun", "bulan"), ("15", "abad"), ("15 bulan tahun", ""), ("1.00", "bulan")],
)
def test_units_that_do_not_go_together_are_asked_about(text: str, chosen: str) -> None:
    with pytest.raises(FormatError):
        Number().parse({"value": [text], "unit": [chosen]}, YEARS, {})


@pytest.mark.parametrize(
    ("text", "unit"),
    [("Rp5", "rupiah"), ("5 rupiah", "rupiah"), ("5%", "persen"), ("5 ribu rupiah", "rupiah")],
)
def test_signs_of_units_are_units(text: str, unit: str) -> None:
    either = content(unit="rupiah", units=[{"name": "persen", "factor": "7"}])

    assert Number().parse({"value": [text]}, either, {})["unit"] == unit


def test_units_stand_in_the_order_of_the_alphabet_so_that_order_tells_nothing() -> None:
    assert Number().present(YEARS, {}) == {"unit": "", "units": ["bulan", "tahun"]}
    assert Number().present(content(unit="bulan"), {}) == {"unit": "bulan", "units": []}


@given(
    st.integers(-1000, 10**6),
    st.integers(0, 300),
    st.sampled_from(["nominal", "relative", "geometric"]),
    st.sampled_from(["12", "0.001", "1000"]),
)
def test_a_miss_is_a_miss_in_every_unit(right: int, tolerance: int, kind: str, factor: str) -> None:
    question = content(
        answer=str(right),
        tolerance=str(tolerance),
        tolerance_kind=kind,
        unit="bulan",
        units=[{"name": "tahun", "factor": factor}],
        unit_penalty="0",
    )

    number = beyond(question)

    assert {judge(question, number, unit).fraction for unit in ("", *unit_factors(question))} == {0}


def test_what_is_not_used_is_not_stored_so_that_old_questions_make_no_new_version() -> None:
    resolved = Number().resolve({"answer": 5, "unit": "hari", "tolerance": 1}, Figures())

    assert resolved == {"answer": "5", "unit": "hari", "tolerance": "1"}


@pytest.mark.parametrize(
    "changes",
    [
        {"tolerance": -1},
        {"tolerance": "x"},
        {"tolerance_kind": "about"},
        {"near": {"tolerance": 5}},
        {"near": {"tolerance": 5, "fraction": 1}},
        {"near": {"tolerance": 5, "fraction": 0}},
        {"near": {"tolerance": 1, "fraction": "0.5"}, "tolerance": 1},
        {"near": 5},
        {"units": [{"name": "tahun"}]},
        {"units": "tahun"},
        {"units": [{"name": "hari", "factor": 12}]},
        {"units": [{"name": "tahun", "factor": 0}]},
        {"units": [{"name": "Tahun!", "factor": 12}]},
        {"units": [{"name": "tahun", "factor": 12}], "unit": ""},
        {"unit_penalty": 2},
        {"unit_penalty": "NaN"},
        {"unit": "abad"},
    ],
)
def test_what_makes_no_sense_is_a_fault(changes: dict[str, Any]) -> None:
    assert Number().faults({"answer": 1, "unit": "hari"} | changes)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("near_tolerance", "-1"),
        ("near_percent", "101"),
        ("near_percent", "50"),
        ("unit_percent", "x"),
        ("units", "tahun"),
        ("units", "tahun = 1.00"),
    ],
)
def test_the_form_says_at_the_field_what_is_wrong(field: str, value: str) -> None:
    form = get_type("number").edit_form(MultiDict({"answer": "5", field: value}))

    assert not form.validate()
    assert field in form.errors or field == "near_tolerance"


class Figures:
    def html(self, text: str) -> str:
        return text

    def plain(self, text: str) -> str:
        return text

    def number(self, expression: Any) -> Decimal:
        return Decimal(str(expression))
