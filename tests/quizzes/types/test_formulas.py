"""The language of keys: what it reads, what it makes of it, and where it says no."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core.numbers import show
from quizzes.types.formula_parts import FormulaFault, Value, evaluate, names_in
from quizzes.types.formula_tokens import read_reckoning, show_reckoning
from quizzes.types.formulas import MAX_DEPTH, MAX_LENGTH, parse_condition, parse_formula


class Case:
    """A case with a wage, a word, and a law of two facts."""

    values: dict[str, Value] = {"upah": Decimal(2500000), "bulan": Decimal(12), "risiko": "sedang"}

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def value(self, name: str) -> Value:
        if name not in self.values:
            raise ValueError("unknown")
        return self.values[name]

    def typed(self, name: str) -> str:
        value = self.value(name)
        return value if isinstance(value, str) else show(value)

    def number(self, expression: Any) -> Decimal:
        self.asked.append(expression)
        if expression.get("fact") == "jht.rate.worker":
            return Decimal("0.02") * (100 if "as" in expression else 1)
        if "hitung" in expression:
            return Decimal(77)
        raise ValueError("This fact is unknown.")


def value_of(text: str) -> Decimal:
    return evaluate(parse_formula(text), Case())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", "5"),
        ("2.500.000", "2500000"),
        ("0,5", "0.5"),
        ("1 + 2 × 3", "7"),
        ("(1 + 2) × 3", "9"),
        ("1 + 2 * 3 · 2", "13"),
        ("10 - 3 - 2", "5"),
        ("10 − 3 – 2", "5"),
        ("100 / 4 / 5", "5"),
        ("100 ÷ (4 / 2)", "50"),
        ("-3 + 5", "2"),
        ("2 × -3", "-6"),
        ("--3", "3"),
        ("0,1 + 0,2", "0.3"),
        ("upah × 0,02", "50000"),
        ("upah × {fakta:jht.rate.worker}", "50000"),
        ("upah × jht.rate.worker", "50000"),
        ("{fakta: jht.rate.worker | persen }", "2"),
        ("min(3; 1; 2)", "1"),
        ("max(3; 1; 2) × 2", "6"),
        ("min(upah; 1.000.000)", "1000000"),
        ("if(upah > 2.000.000; 1; 2)", "1"),
        ("if(upah = 2.500.000; if(1 < 0; 1; 2); 3)", "2"),
        ("if(1 >= 2; 1; 0) + if(2 <= 2; 1; 0) + if(1 != 2; 1; 0)", "2"),
        ("if(1 ≥ 2; 1; 0) + if(2 ≤ 2; 1; 0) + if(1 ≠ 2; 1; 0)", "2"),
        ("round(2,5)", "3"),
        ("round(2,4)", "2"),
        ("round(2,5; half_even)", "2"),
        ("round(2,1; up)", "3"),
        ("round(2,9; down)", "2"),
        ("round(12.345; half_up; 1.000)", "12000"),
        ("round(1 / 3; half_up; 0,01)", "0.33"),
        ("round(-2,5)", "-3"),
        ("{hitung:pu|upah={upah}|risiko=sedang|hasil=total} + 1", "78"),
    ],
)
def test_formulas_have_exact_values(text: str, value: str) -> None:
    assert value_of(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("", 1, "missing at the end"),
        ("1 +", 4, "missing at the end"),
        ("1 2", 3, "“2” does not belong here"),
        ("1 ** 2", 4, "“*” does not belong here"),
        ("2 ^ 3", 3, "“^” cannot be read here"),
        ("(1 + 2", 7, "“)” is missing here"),
        ("1 + 2)", 6, "“)” does not belong here"),
        ("upah × Upah", 8, "“U” cannot be read here"),
        ("5,000 + 1", 1, "two ways"),
        ("1 + 1.00", 5, "Did you mean 1,00"),
        ("min(1, 2)", 6, "Write ;"),
        ("min(1,5)", 1, "write ; between"),
        ("max(1)", 1, "at least two"),
        ("sqrt(4)", 1, "There is no function “sqrt”"),
        ("round(1; nearest)", 10, "half_up"),
        ("if(1; 2; 3)", 5, "A condition compares"),
        ("if(1 < 2; 3)", 12, "“;” is missing"),
        ("{fakta:x y}", 1, "Write {fakta"),
        ("{hitung:pu|upah={upah}}", 1, "Say which result"),
        ("{upah}", 1, "Write {fakta"),
        ("__import__('os')", 1, "cannot be read"),
        ("upah.__class__", 1, "unknown"),
        ("1 < 2", 3, "does not belong here"),
        ("1 / 0", 3, "divides by 0"),
        ("1 + 5 / (upah - upah)", 7, "divides by 0"),
        ("round(5; up; 0)", 1, "more than 0"),
        ("2 × risiko", 5, "is a word"),
        ("x.y + 1", 1, "This fact is unknown."),
    ],
)
def test_faults_say_where_and_why(text: str, position: int, said: str) -> None:
    with pytest.raises(FormulaFault, match="Character") as error:
        value_of(text)

    assert said in str(error.value)
    assert error.value.position == position
    assert str(error.value).startswith(f"Character {position}: ")


def test_size_and_depth_are_limited() -> None:
    for text in (
        "1+" * MAX_LENGTH + "1",
        "(" * (MAX_DEPTH + 1) + "1" + ")" * (MAX_DEPTH + 1),
        "-" * (MAX_DEPTH + 1) + "1",
        "+".join("1" * 1 for _ in range(120)),
    ):
        with pytest.raises(FormulaFault):
            parse_formula(text)
    parse_formula("(" * MAX_DEPTH + "1" + ")" * MAX_DEPTH)


class Huge(Case):
    def number(self, expression: Any) -> Decimal:
        return Decimal("1e900")


def test_a_product_of_huge_facts_is_refused() -> None:
    with pytest.raises(FormulaFault, match="too large"):
        evaluate(parse_formula("a.b × a.b"), Huge())


@pytest.mark.parametrize("text", ["upah", "upah >", "upah > 1 > 0", "> 1", "upah 1"])
def test_a_condition_compares_two_sides(text: str) -> None:
    with pytest.raises(FormulaFault):
        parse_condition(text)


def test_only_the_way_taken_is_reckoned() -> None:
    case = Case()

    assert evaluate(parse_formula("if(upah > 1; 5; x.y)"), case) == 5
    assert case.asked == []


def test_a_calculator_gets_what_a_person_would_type() -> None:
    case = Case()

    evaluate(parse_formula("{hitung:pu|upah={upah}|risiko={risiko}|jp=ya|hasil=total}"), case)

    inputs = {"upah": "2.500.000", "risiko": "sedang", "jp": "ya"}
    assert case.asked == [{"hitung": "pu", "masukan": inputs, "hasil": "total"}]


def test_names_are_found_wherever_they_stand() -> None:
    node = parse_formula("if(a > b; min(c; d); round(-e)) + {hitung:pu|upah={f}|hasil=total} + g.h")

    assert {name for name, _position in names_in(node)} == {"a", "b", "c", "d", "e", "f"}


def test_a_calculator_goes_both_ways() -> None:
    source = {"hitung": "pu", "masukan": {"upah": "{upah}", "risiko": "sedang"}, "hasil": "total"}

    assert read_reckoning(show_reckoning(source)) == source
    assert read_reckoning("1 + 2") is None


numbers = st.integers(0, 10**6).map(str) | st.integers(1, 999).map(lambda n: f"0,{n}".rstrip("0") + "1")
trees = st.recursive(
    numbers,
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
    max_leaves=6,
)


@settings(deadline=None)
@given(trees)
def test_the_value_is_that_of_exact_fractions(text: str) -> None:
    """Python's own reading of the same text over fractions is the oracle."""
    as_python = "".join(
        f" Fraction('{part.replace(',', '.')}') " if part[0].isdigit() else part for part in _split(text)
    )

    assert Fraction(value_of(text)) == eval(as_python, {"Fraction": Fraction})


def _split(text: str) -> list[str]:
    parts: list[str] = []
    for character in text:
        if parts and parts[-1][0].isdigit() and (character.isdigit() or character == ","):
            parts[-1] += character
        else:
            parts.append(character)
    return parts


@settings(deadline=None)
@given(st.text(alphabet="0123456789.,+-*/()<>=;{}:|_ abhijlmnoprstukxé", max_size=40))
def test_any_text_has_a_value_or_a_sentence(text: str) -> None:
    try:
        position = 1 if value_of(text).is_finite() else 0
    except FormulaFault as fault:
        position = fault.position

    assert 1 <= position <= len(text) + 1
