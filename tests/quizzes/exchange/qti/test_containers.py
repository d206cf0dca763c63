"""Containers, records and drawing at random."""

from __future__ import annotations

import pytest

from tests.quizzes.exchange.qti.expressions import NULL, bag, base, f, i, ids, op, reckon, row, value_of


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (op("multiple", ids("A") + NULL + bag("B", "A")), ["A", "B", "A"]),
        (op("ordered", row("B") + ids("A")), ["B", "A"]),
        (op("ordered", NULL), None),
        (op("container-size", bag("A", "A")), 2),
        (op("container-size", op("multiple", NULL)), 0),
        (op("member", ids("B") + bag("A", "B")), True),
        (op("member", base("pair", "A B") + op("multiple", base("pair", "B A"))), True),
        (op("member", ids("C") + bag("A", "B")), False),
        (op("member", NULL + bag("A")), None),
        (op("contains", bag("A", "B", "C") + bag("C", "A")), True),
        (op("contains", bag("A", "B", "C") + bag("B", "B")), False),
        (op("contains", bag("A", "B", "B", "C") + bag("B", "B")), True),
        (op("contains", row("A", "B", "C") + row("C", "A")), False),
        (op("contains", row("A", "B", "C") + row("B", "C")), True),
        (op("contains", row("A", "B", "C") + row("A", "C")), False),
        (op("contains", bag("A") + NULL), None),
        (op("index", row("A", "B"), n=2), "B"),
        (op("index", row("A", "B"), n=3), None),
        (op("index", row("A", "B"), n=0), None),
        (op("delete", ids("A") + bag("A", "B", "A")), ["B"]),
        (op("delete", ids("A") + bag("A")), None),
        (op("delete", NULL + bag("A")), None),
        (op("repeat", ids("A", "B") + NULL, number_repeats=2), ["A", "B", "A", "B"]),
        (op("repeat", ids("A"), number_repeats=0), None),
    ],
)
def test_containers_hold_members_and_an_empty_one_is_null(expression: str, expected: object) -> None:
    assert value_of(expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        op("multiple", ids("A") + i(1)),
        op("contains", bag("A") + row("A")),
        op("index", bag("A"), n=1),
        op("repeat", op("repeat", ids("A"), number_repeats=9_999), number_repeats=9_999),
        op("field-value", ids("A"), field_identifier="x"),
        op("random-integer", min=5, max=1),
        op("random-integer", min=1, max=5, step=0),
    ],
)
def test_a_misused_container_is_told_and_null(expression: str) -> None:
    value, errors = reckon(expression)

    assert value is None
    assert len(errors) == 1


def test_random_numbers_come_from_the_seed_and_keep_to_their_step() -> None:
    drawing = op("random-integer", min=2, max=11, step=3)

    drawn = [reckon(drawing, seed=seed)[0] for seed in range(60)]

    assert drawn == [reckon(drawing, seed=seed)[0] for seed in range(60)]
    assert set(drawn) == {2, 5, 8, 11}


def test_random_picks_a_member_and_a_float_lies_between() -> None:
    picked = {reckon(op("random", bag("A", "B")), seed=seed)[0] for seed in range(40)}
    drawn = [reckon(op("random-float", min="0.5", max="0.75"), seed=seed)[0] for seed in range(40)]

    assert picked == {"A", "B"}
    assert all(0.5 <= number <= 0.75 for number in drawn)
    assert value_of(op("random", NULL)) is None
    assert value_of(op("index", op("ordered", f(1, 2)), n=1)) == 1.0
