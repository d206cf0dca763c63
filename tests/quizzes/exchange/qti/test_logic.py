"""Three-valued logic and comparisons."""

from __future__ import annotations

import pytest

from tests.quizzes.exchange.qti.expressions import (
    FALSE,
    NULL,
    TRUE,
    bag,
    base,
    f,
    i,
    ids,
    op,
    reckon,
    row,
    s,
    value_of,
)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (op("and", TRUE + TRUE), True),
        (op("and", TRUE + NULL), None),
        (op("and", FALSE + NULL), False),
        (op("or", FALSE + NULL), None),
        (op("or", TRUE + NULL), True),
        (op("or", FALSE + FALSE), False),
        (op("not", NULL), None),
        (op("not", FALSE), True),
        (op("is-null", NULL), True),
        (op("is-null", s("")), True),
        (op("is-null", op("multiple", NULL)), True),
        (op("is-null", i(0)), False),
    ],
)
def test_null_is_neither_true_nor_false(expression: str, expected: object) -> None:
    assert value_of(expression) is expected


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        (TRUE + TRUE + FALSE + NULL, None),
        (TRUE + FALSE + FALSE + NULL, False),
        (TRUE + TRUE + TRUE + NULL, True),
        (TRUE * 5, False),
    ],
)
def test_any_n_knows_what_a_null_could_still_change(within: str, expected: object) -> None:
    assert value_of(op("any-n", within, min=3, max=4)) is expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (ids("A"), ids("A"), True),
        (ids("A"), ids("a"), False),
        (bag("A", "B"), bag("B", "A"), True),
        (bag("A", "B", "B"), bag("A", "A", "B"), False),
        (row("A", "B"), row("B", "A"), False),
        (base("pair", "A B"), base("pair", "B A"), True),
        (base("directedPair", "A B"), base("directedPair", "B A"), False),
        (base("point", "3 4"), base("point", "3 4"), True),
        (i(2), f("2.0"), True),
        (ids("A"), NULL, None),
        (NULL, NULL, None),
        (f("NaN"), f("NaN"), False),
    ],
)
def test_match_compares_by_type_and_order_counts_only_in_ordered_containers(
    left: str, right: str, expected: object
) -> None:
    assert value_of(op("match", left + right)) is expected


def test_match_of_different_cardinalities_is_a_fault_and_null() -> None:
    value, errors = reckon(op("match", ids("A") + bag("A")))

    assert value is None
    assert len(errors) == 1


@pytest.mark.parametrize(
    ("name", "within", "expected"),
    [
        ("lt", f(1) + i(2), True),
        ("gt", f(2) + i(2), False),
        ("gte", f(2) + i(2), True),
        ("lte", f("INF") + f("INF"), True),
        ("lt", f("NaN", 1), False),
        ("gt", i(1) + NULL, None),
        ("duration-lt", base("duration", "PT1M") + base("duration", 61), True),
        ("duration-gte", base("duration", 60) + base("duration", 60), True),
    ],
)
def test_numbers_are_compared_whatever_their_type(name: str, within: str, expected: object) -> None:
    assert value_of(op(name, within)) is expected


def test_a_number_is_no_truth() -> None:
    value, errors = reckon(op("and", TRUE + i(1)))

    assert value is None
    assert "boolean" in errors[0]


def test_an_unknown_operator_is_told_with_its_line_and_is_null() -> None:
    value, errors = reckon("\n<customOperator class='x'/>".lstrip())

    assert value is None
    assert errors == ["Line 1: The expression custom-operator is not one we can reckon."]
