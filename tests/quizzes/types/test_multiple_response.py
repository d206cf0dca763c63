"""What is special about several answers."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from werkzeug.datastructures import MultiDict

from quizzes.types.base import Grade
from quizzes.types.multiple_response import MultipleResponse, share
from quizzes.types.multiple_response_form import MultipleResponseForm
from tests.factories import PlainResolver


@pytest.mark.parametrize(
    ("chosen", "earned"),
    [
        ((3, 3, 0, 2), "1"),
        ((3, 3, 2, 2), "0"),
        ((1, 3, 0, 2), "0.3333333"),
        ((1, 3, 1, 2), "0"),
        ((2, 2, 0, 0), "1"),
    ],
)
def test_wrong_choices_take_away_but_never_below_zero(chosen: tuple[int, int, int, int], earned: str) -> None:
    assert share(*chosen) == Decimal(earned)


OPTIONS: list[dict[str, object]] = [
    {"text": "a", "correct": True, "weight": 2},
    {"text": "b", "correct": True},
    {"text": "c", "weight": "-0.5"},
    {"text": "d"},
]
KIND = MultipleResponse()


def grade(scoring: str, chosen: list[int]) -> Grade:
    options = [
        {name: value for name, value in option.items() if name != "weight" or scoring == "weights"}
        for option in OPTIONS
    ]
    source = {"options": options, "scoring": scoring}
    assert KIND.faults(source) == []
    return KIND.grade(KIND.resolve(source, PlainResolver()), {"choices": chosen})


@pytest.mark.parametrize(
    ("scoring", "chosen", "earned"),
    [
        ("all_or_nothing", [0, 1], "1"),
        ("all_or_nothing", [0], "0"),
        ("all_or_nothing", [0, 1, 3], "0"),
        ("weights", [0, 1], "1"),
        ("weights", [0], "0.6666667"),
        ("weights", [0, 2], "0.5"),
        ("weights", [0, 1, 2], "0.8333333"),
        ("weights", [0, 1, 2, 3], "0.5"),
        ("weights", [3], "0"),
        ("right_minus_wrong", [0, 1, 2], "0.5"),
    ],
)
def test_choices_count_by_the_rule_of_the_question(scoring: str, chosen: list[int], earned: str) -> None:
    assert grade(scoring, chosen).fraction == Decimal(earned)


@pytest.mark.parametrize("scoring", ["all_or_nothing", "weights", "right_minus_wrong"])
def test_the_rule_is_named_and_weights_never_are(scoring: str) -> None:
    options = [option if scoring == "weights" else {"text": "x", "correct": True} for option in OPTIONS]
    content = KIND.resolve({"options": options, "scoring": scoring}, PlainResolver())
    prepared = KIND.prepare(content, Random(1), shuffle=True)

    shown = KIND.present(content, prepared)

    assert shown["scoring"] == scoring
    assert "weight" not in str(shown["options"])
    assert KIND.grade(content, {"choices": [0]}).comment


def test_a_rule_that_is_the_common_one_changes_no_content() -> None:
    plain = {"options": [{"text": "a", "correct": True}, {"text": "b"}]}

    assert KIND.resolve(plain | {"scoring": "right_minus_wrong"}, PlainResolver()) == KIND.resolve(
        plain, PlainResolver()
    )
    assert set(KIND.resolve(plain, PlainResolver())) == {"options"}


@pytest.mark.parametrize(
    ("scoring", "right", "wrong", "said"),
    [
        ("luck", None, None, "scoring"),
        ("all_or_nothing", 1, None, "only where weights"),
        ("weights", 0, None, "more than 0"),
        ("weights", None, 1, "more than 0"),
        ("weights", None, 0, "everything"),
        ("weights", "x", None, "number"),
        ("weights", True, None, "number"),
        ("weights", 101, None, "number"),
    ],
)
def test_rules_and_weights_that_make_no_sense_are_refused(
    scoring: str, right: object, wrong: object, said: str
) -> None:
    options = [
        {"text": text, "correct": is_right} | ({} if weight is None else {"weight": weight})
        for text, is_right, weight in (("a", True, right), ("b", False, wrong))
    ]

    assert any(said in fault for fault in KIND.faults({"options": options, "scoring": scoring}))


def test_the_form_keeps_rule_and_weights() -> None:
    source = {"options": OPTIONS, "scoring": "weights"}
    form = MultipleResponseForm(MultiDict())
    form.show(source)

    read = form.read()

    assert read["scoring"] == "weights"
    assert [option.get("weight") for option in read["options"]] == [2, None, "-0.5", None]
    form.scoring.data = "right_minus_wrong"
    assert "scoring" not in form.read()
    assert all("weight" not in option for option in form.read()["options"])
