"""Arithmetic: floats as xsd:double has them, and NULL where there is no number."""

from __future__ import annotations

import math

import pytest

from tests.quizzes.exchange.qti.expressions import FALSE, NULL, f, i, op, reckon, s, value_of


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (op("sum", i(1, 2, 3)), 6),
        (op("sum", i(1) + f("0.5")), 1.5),
        (op("sum", op("multiple", f(1, 1)) + f(1)), 3.0),
        (op("sum", i(1) + NULL), None),
        (op("product", i(2, -3)), -6),
        (op("subtract", i(2, 5)), -3),
        (op("divide", i(1, 4)), 0.25),
        (op("divide", i(1, 0)), None),
        (op("divide", f("INF", 2)), "INF"),
        (op("divide", f("INF", "INF")), "NaN"),
        (op("power", i(2, 10)), 1024.0),
        (op("power", f("-1", "0.5")), None),
        (op("power", f(10, 400)), None),
        (op("integer-divide", i(-7, 2)), -4),
        (op("integer-divide", i(7, 0)), None),
        (op("integer-modulus", i(-7, 2)), 1),
        (op("min", i(3, 1, 2)), 1),
        (op("max", i(3) + f("3.5")), 3.5),
        (op("max", i(3) + NULL), None),
        (op("gcd", i(12, 18, 0)), 6),
        (op("gcd", i(0, 0)), 0),
        (op("lcm", i(4, 6)), 12),
        (op("lcm", i(4, 0)), 0),
        (op("integer-to-float", i(3)), 3.0),
    ],
)
def test_arithmetic_keeps_integers_and_gives_null_where_there_is_no_number(
    expression: str, expected: object
) -> None:
    found = value_of(expression)

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("round", "6.49", 6),
        ("round", "6.5", 7),
        ("round", "-6.5", -6),
        ("round", "-6.51", -7),
        ("round", "0.49999999999999994", 0),
        ("round", "NaN", None),
        ("round", "INF", "INF"),
        ("truncate", "6.9", 6),
        ("truncate", "-6.9", -6),
        ("truncate", "-INF", "-INF"),
        ("truncate", "NaN", None),
    ],
)
def test_round_goes_up_at_the_half_and_truncate_toward_zero(name: str, given: str, expected: object) -> None:
    assert value_of(op(name, f(given))) == expected


@pytest.mark.parametrize(
    ("given", "mode", "figures", "expected"),
    [
        ("3.175", "significantFigures", 3, 3.18),
        ("3.1749", "significantFigures", 3, 3.17),
        ("1.68572", "decimalPlaces", 2, 1.69),
        ("1234567", "significantFigures", 2, 1200000.0),
        ("0.00098765", "significantFigures", 2, 0.00099),
        ("-2.5", "decimalPlaces", 0, -3.0),
        ("5", "decimalPlaces", 300, 5.0),
        ("1e300", "decimalPlaces", 2, 1e300),
        ("1e-300", "decimalPlaces", 5, 0.0),
        ("0", "significantFigures", 3, 0.0),
        ("INF", "decimalPlaces", 2, "INF"),
        ("NaN", "decimalPlaces", 2, "NaN"),
    ],
)
def test_round_to_rounds_the_decimals_as_written(
    given: str, mode: str, figures: int, expected: object
) -> None:
    assert value_of(op("round-to", f(given), rounding_mode=mode, figures=figures)) == expected


@pytest.mark.parametrize(("mode", "figures"), [("significantFigures", 0), ("decimalPlaces", -1), ("x", 2)])
def test_rounding_to_no_figures_is_a_fault(mode: str, figures: int) -> None:
    value, errors = reckon(op("round-to", f(3), rounding_mode=mode, figures=figures))

    assert value is None
    assert errors


@pytest.mark.parametrize(
    ("left", "right", "mode", "figures", "expected"),
    [
        ("3.175", "3.183", "significantFigures", 3, True),
        ("3.175", "3.1749", "significantFigures", 3, False),
        ("1.68572", "1.69", "decimalPlaces", 2, True),
        ("1.68572", "1.68432", "decimalPlaces", 2, False),
    ],
)
def test_equal_rounded_compares_what_is_left(
    left: str, right: str, mode: str, figures: int, *, expected: bool
) -> None:
    assert value_of(op("equal-rounded", f(left, right), rounding_mode=mode, figures=figures)) is expected


@pytest.mark.parametrize(
    ("within", "attributes", "expected"),
    [
        (f(1, 1), {}, True),
        (f("0.3", "0.30000001"), {"tolerance_mode": "exact"}, False),
        (f(10, 12), {"tolerance_mode": "absolute", "tolerance": "1 2"}, True),
        (f(10, "8.9"), {"tolerance_mode": "absolute", "tolerance": "1 2"}, False),
        (f(10, 9), {"tolerance_mode": "absolute", "tolerance": "1"}, True),
        (
            f(10, 9),
            {"tolerance_mode": "absolute", "tolerance": "1", "include_lower_bound": "false"},
            False,
        ),
        (
            f(10, 11),
            {"tolerance_mode": "absolute", "tolerance": "1", "include_upper_bound": "false"},
            False,
        ),
        (f(200, 210), {"tolerance_mode": "relative", "tolerance": "5"}, True),
        (f(200, "210.1"), {"tolerance_mode": "relative", "tolerance": "5"}, False),
        (f(-200, -195), {"tolerance_mode": "relative", "tolerance": "5"}, True),
        (f(1) + NULL, {"tolerance_mode": "absolute", "tolerance": "1"}, None),
    ],
)
def test_equal_reaches_as_far_as_its_tolerance(
    within: str, attributes: dict[str, str], expected: object
) -> None:
    assert value_of(op("equal", within, **attributes)) is expected


@pytest.mark.parametrize(
    "expression",
    [
        op("sum", i(1) + s("2")),
        op("sum", i(1) + FALSE),
        op("divide", i(1)),
        op("gcd", f("1.5", 3)),
        op("product", i(9_000_000_000_000_000_000, 10)),
        op("equal", f(1, 2), tolerance_mode="absolute"),
        op("equal", f(1, 2), tolerance_mode="absolute", tolerance="banyak"),
        op("base-value", "2,5", base_type="float"),
        op("base-value", "2.5", base_type="integer"),
        op("base-value", "1_000", base_type="integer"),
        op("base-value", "infinity", base_type="float"),
    ],
)
def test_what_is_no_number_is_told_and_null(expression: str) -> None:
    value, errors = reckon(expression)

    assert value is None
    assert len(errors) == 1


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("sin", "0", 0.0),
        ("cos", "0", 1.0),
        ("sec", "0", 1.0),
        ("cot", "0", None),
        ("asin", "2", None),
        ("acos", "1", 0.0),
        ("acot", "0", math.pi / 2),
        ("asec", "1", 0.0),
        ("log", "1000", 3.0),
        ("log", "0", None),
        ("ln", "-1", None),
        ("exp", "0", 1.0),
        ("exp", "1000", None),
        ("abs", "-2.5", 2.5),
        ("signum", "-9", -1),
        ("floor", "-2.5", -3),
        ("ceil", "-2.5", -2),
        ("toDegrees", str(math.pi), 180.0),
        ("toRadians", "180", math.pi),
        ("tanh", "0", 0.0),
        ("csch", "0", None),
    ],
)
def test_functions_are_null_outside_their_domain(name: str, given: str, expected: float | None) -> None:
    assert value_of(op("math-operator", f(given), name=name)) == expected


def test_atan2_takes_two_numbers_and_constants_are_known() -> None:
    assert value_of(op("math-operator", f(1, -1), name="atan2")) == pytest.approx(3 * math.pi / 4)
    assert value_of(op("math-constant", name="pi")) == math.pi
    assert value_of(op("math-constant", name="e")) == math.e


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("mean", (2, 4, 9), 5.0),
        ("sampleVariance", (2, 4, 9), 13.0),
        ("popVariance", (2, 4, 9), 26 / 3),
        ("sampleSD", (1, 3), math.sqrt(2)),
        ("popSD", (1, 3), 1.0),
        ("sampleSD", (5,), None),
        ("popSD", (5,), 0.0),
    ],
)
def test_statistics_of_a_sample_need_two_numbers(
    name: str, given: tuple[int, ...], expected: float | None
) -> None:
    assert value_of(op("stats-operator", op("multiple", f(*given)), name=name)) == (
        None if expected is None else pytest.approx(expected)
    )
