"""Variables by lines, and the variants made of them."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.types.variables import (
    Case,
    Definition,
    Law,
    VariableFault,
    list_cases,
    read_conditions,
    read_variables,
    show_value,
)


def no_law(expression: Any) -> Decimal:
    raise AssertionError(expression)


def cases(variables: str, conditions: str = "", *, seed: int = 1) -> list[Case]:
    read = read_variables(variables)
    return list(list_cases(Definition(read, read_conditions(conditions, read), seed), Law(no_law)))


@pytest.mark.parametrize(
    ("line", "unit", "values"),
    [
        ("a: 1 sampai 4", "", [1, 2, 3, 4]),
        ("a: 2.000.000 sampai 3.000.000 langkah 500.000 rupiah", "rupiah", [2000000, 2500000, 3000000]),
        ("a: Rp2.000.000 sampai Rp2.600.000 langkah Rp500.000", "", [2000000, 2500000]),
        ("a: 0,5 sampai 1,5 langkah 0,5 persen", "persen", ["0.5", "1.0", "1.5"]),
        ("a: 3 | 6 | 12 bulan", "bulan", [3, 6, 12]),
        ("a: 15 | 30 hari kerja", "hari kerja", [15, 30]),
        ("a:5", "", [5]),
    ],
)
def test_ranges_and_lists_are_read(line: str, unit: str, values: list[Any]) -> None:
    (variable,) = read_variables(line)

    assert (variable.name, variable.unit) == ("a", unit)
    assert list(variable.values) == [Decimal(value) for value in values]


def test_words_are_for_calculators_and_shown_with_blanks() -> None:
    (variable,) = read_variables("risiko: sangat_rendah | sedang")

    assert variable.values == ("sangat_rendah", "sedang")
    assert show_value("sangat_rendah", "") == "sangat rendah"


def test_a_unit_after_a_sign_is_the_variable_of_that_name() -> None:
    found = cases("bulan: 3\nupah: 100\nsemua: = upah × bulan\nsisa: = semua - 1 bulan\nlagi: = bulan")

    assert found[0].shown() == {
        "bulan": "3", "upah": "100", "semua": "300", "sisa": "299 bulan", "lagi": "3",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("2500000", "rupiah", "Rp2.500.000"),
        ("-500", "rupiah", "-Rp500"),
        ("0.24", "persen", "0,24%"),
        ("12", "bulan", "12 bulan"),
        ("1234.50", "", "1.234,5"),
        ("33.33333333333333", "", "33,3333333333"),
    ],
)
def test_values_are_shown_in_indonesian_form(value: str, unit: str, shown: str) -> None:
    assert show_value(Decimal(value), unit) == shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a", "Line 1: Write a name"),
        ("A: 1", "Line 1: “A” is no name"),
        ("min: 1", "is no name"),
        ("jawaban: 1", "is no name"),
        ("a b: 1", "is no name"),
        ("a: 1\n\na: 2", "Line 3: “a” stands twice"),
        ("a: 5 sampai 1", "goes up"),
        ("a: 1 sampai 5 langkah 0", "goes up"),
        ("a: 1 sampai 100.000", "at most 10000 values"),
        ("a: 1.00 sampai 5", "Did you mean 1,00"),
        ("a: 5,000 | 6", "two ways"),
        ("a: 1 | sedang", "numbers or words"),
        ("a: 1 | 1", "stands twice"),
        ("a: = b + 1", "There is no variable “b”"),
        ("a: 1\nb: = a +", "Line 2: Character 9: Something is missing"),
        ("a: = b\nb: = c\nc: = a", "follows from itself"),
        ("a: = a + 1", "follows from itself"),
        ("\n".join(f"a{number}: 1" for number in range(13)), "At most 12"),
    ],
)
def test_faults_name_the_line(text: str, said: str) -> None:
    with pytest.raises(VariableFault) as error:
        read_variables(text)

    assert said in str(error.value)


@pytest.mark.parametrize(("text", "said"), [("a >", "Line 1: Character 4"), ("\nx > 1", "Line 2")])
def test_faults_of_conditions_name_the_line(text: str, said: str) -> None:
    with pytest.raises(VariableFault) as error:
        read_conditions(text, read_variables("a: 1"))

    assert said in str(error.value)


def test_what_follows_may_stand_before_what_it_follows_from() -> None:
    (case,) = cases("c: = b × 2\nb: = a + 1\na: 4")

    assert case.value("c") == 10


def test_conditions_hold_in_every_variant() -> None:
    found = cases("a: 1 sampai 50\nb: 1 sampai 50\nc: = a + b", "a < b\nc = 40")

    assert len(found) == 19
    assert all(case.value("a") < case.value("b") for case in found)  # type: ignore[operator]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 30), st.integers(1, 9), st.integers(1, 4))
def test_every_combination_comes_once(seed: int, first: int, second: int, third: int) -> None:
    lines = f"a: 1 sampai {first}\nb: 1 sampai {second}\nc: 1 sampai {third}"

    found = [tuple(case.value(name) for name in "abc") for case in cases(lines, seed=seed)]

    assert len(found) == len(set(found)) == first * second * third


def test_the_same_seed_makes_the_same_variants_for_ever() -> None:
    """Papers and the answers on them rest on it: these values were written down once."""
    lines = "upah: 2.000.000 sampai 6.000.000 langkah 250.000 rupiah\nbulan: 3 | 6 | 9 | 12 bulan"

    def first(seed: int) -> list[tuple[str, str]]:
        return [(case.typed("upah"), case.typed("bulan")) for case in islice(cases(lines, seed=seed), 4)]

    assert first(1) == [("2.500.000", "6"), ("4.000.000", "3"), ("4.250.000", "3"), ("2.250.000", "3")]
    assert first(1) == first(1)
    assert first(2) != first(1)


def test_the_order_of_the_lines_does_not_matter() -> None:
    lines = ["a: 1 sampai 7", "b: 1 sampai 5", "c: = a × b"]

    forward, backward = (cases("\n".join(order)) for order in (lines, lines[::-1]))

    assert [case.given for case in forward] == [case.given for case in backward]


def test_the_law_is_asked_once_for_all_variants() -> None:
    asked: list[Any] = []

    def ask(expression: Any) -> Decimal:
        asked.append(expression)
        return Decimal(30)

    read = read_variables("a: 1 sampai 50")
    found = list(list_cases(Definition(read, read_conditions("a > x.y", read)), Law(ask)))

    assert len(found) == 20
    assert asked == [{"fact": "x.y"}]


def test_columns_go_together_like_those_of_a_table() -> None:
    variables = read_variables("a: sebaris 1 | 2 | 2 rupiah\nb: sebaris 10 | 20 | 30\nc: 7 | 8")
    definition = Definition(variables)

    cases = list(list_cases(definition, Law(lambda _expression: Decimal(0))))

    assert definition.combinations == 6
    pairs = sorted((case.value("a"), case.value("b"), case.value("c")) for case in cases)
    rows = [(1, 10), (2, 20), (2, 30)]
    assert pairs == [(a, b, c) for a, b in rows for c in (7, 8)]


def test_columns_of_different_length_are_a_fault_with_the_line() -> None:
    with pytest.raises(VariableFault, match=r"^Line 2: "):
        read_variables("a: sebaris 1 | 2\nb: sebaris 1 | 2 | 3")
