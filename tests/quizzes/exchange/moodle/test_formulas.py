"""Formulas of Moodle: read, reckoned, and written as ours with the same value."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quizzes.exchange.moodle.datasets import Plain
from quizzes.exchange.moodle.formulas import Unwritable, names_in, read_formula, reckon, write_ours
from quizzes.exchange.moodle.text import Refused
from quizzes.types.formula_parts import evaluate
from quizzes.types.formulas import parse_formula
from quizzes.types.variables import Case, Definition, Law


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1+2*3", 7),
        ("(1+2)*3-4/2", 7),
        ("-2-(-3)", 1),
        ("2-1-1", 0),
        ("8/4/2", 1),
        ("7%4", 3),
        ("min({a},3)+max(1,2,9)", 11),
        ("round(2.5)+round(0.125,2)", 3.13),
        ("round(-2.5)", -3),
        ("{a}>1?10:20", 10),
        ("{a}==1?10:{a}!=2?3:4", 4),
        ("pow({a},3)+sqrt(16)", 12),
        ("floor(2.7)+ceil(2.1)+abs(-1)", 6),
        (" 1e2 + .5 ", 100.5),
    ],
)
def test_a_formula_comes_to_what_it_does_in_moodle(text: str, value: float) -> None:
    assert reckon(read_formula(text), {"a": 2.0}) == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1+",
        "(1",
        "foo(1)",
        "1 2",
        "{",
        "a",
        "1;2",
        "__import__(1)",
        "(" * 40 + "1",
        "-" * 40 + "1",
        "1" * 1001,
    ],
)
def test_what_is_no_formula_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(Refused):
        read_formula(text)


@pytest.mark.parametrize(
    "text", ["1/0", "sqrt(0-1)", "pow(10,400)", "log(0)", "pow(1,2,3)", "round()", "atan2(1)"]
)
def test_a_formula_without_a_value_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        reckon(read_formula(text), {})


def test_its_variables_are_known_by_any_name() -> None:
    assert names_in(read_formula("{Upah pokok}*{x1} + {x1}")) == {"Upah pokok", "x1"}


def test_what_ours_have_not_is_not_written() -> None:
    with pytest.raises(Unwritable):
        write_ours(read_formula("sin({a})"), {"a": "a"})


LEAVES = st.sampled_from(["{a}", "{b}", "2", "0.5", "10"])
FORMULAS = st.recursive(
    LEAVES,
    lambda part: st.one_of(
        st.builds("({}{}{})".format, part, st.sampled_from("+-*"), part),
        st.builds("{}({},{})".format, st.sampled_from(["min", "max"]), part, part),
        st.builds("({}{}{}?{}:{})".format, part, st.sampled_from(["<", ">=", "=="]), part, part, part),
        st.builds("-{}".format, part),
        st.builds("abs({})".format, part),
        st.builds("round({},{})".format, part, st.sampled_from(["0", "1", "2"])),
        st.builds("{}({})".format, st.sampled_from(["floor", "ceil"]), part),
    ),
    max_leaves=6,
)


@given(FORMULAS, st.integers(-20, 20), st.integers(1, 9))
def test_a_formula_written_as_ours_comes_to_the_same(text: str, a: int, b: int) -> None:
    formula = read_formula(text)
    ours = write_ours(formula, {"a": "a", "b": "b"})
    assume(len(ours) <= 500)
    case = Case(Definition(()), {"a": Decimal(a), "b": Decimal(b)}, Law(Plain().number))

    value: Any = evaluate(parse_formula(ours), case)

    assert float(value) == pytest.approx(reckon(formula, {"a": float(a), "b": float(b)}), abs=1e-6)
