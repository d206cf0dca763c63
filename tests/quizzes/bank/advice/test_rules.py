"""Every rule keeps the promises of `quizzes.bank.advice.base`, on its own examples."""

from __future__ import annotations

from typing import Any

import pytest

from quizzes.bank.advice.base import USUAL, Changes, Rule
from quizzes.bank.advice.item import Item
from quizzes.bank.advice.rules import RULES

BROKEN = [
    pytest.param(rule, changes, id=f"{rule.key}-{n}")
    for rule in RULES
    for n, changes in enumerate(rule.broken_by)
]
KEPT = [
    pytest.param(rule, changes, id=f"{rule.key}-{n}")
    for rule in RULES
    for n, changes in enumerate(rule.kept_by)
]


def example(changes: Changes) -> Item:
    """Return the usual question with an example's changes; another type keeps nothing of its answers."""
    source: dict[str, Any] = {**USUAL, **changes}
    if source["type"] not in {"single_choice", "multiple_response"}:
        del source["options"]
    return Item(source.pop("type"), source)


def test_no_two_rules_have_one_name() -> None:
    assert len({rule.key for rule in RULES}) == len(RULES) == 13


def test_no_rule_objects_to_the_usual_question() -> None:
    assert [rule.key for rule in RULES if rule.is_broken_by(example({}))] == []


@pytest.mark.parametrize(("rule", "changes"), BROKEN)
def test_a_bad_example_breaks_its_rule(rule: Rule, changes: Changes) -> None:
    assert rule.is_broken_by(example(changes))


@pytest.mark.parametrize(("rule", "changes"), KEPT)
def test_a_good_example_keeps_its_rule(rule: Rule, changes: Changes) -> None:
    assert not rule.is_broken_by(example(changes))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_a_rule_says_what_why_and_how_else(rule: Rule) -> None:
    assert rule.broken_by
    assert rule.kept_by
    assert all(str(words).strip() for words in (rule.says, rule.reason, rule.bad, rule.good))
    assert rule.bad != rule.good


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
@pytest.mark.parametrize(
    "kind", ["single_choice", "true_false", "cloze", "matching", "ordering", "number", "hotspot", "case_set"]
)
@pytest.mark.parametrize(
    "source",
    [
        {},
        {"stem": "", "options": []},
        {"stem": "?", "options": [{}, {"text": ""}], "gaps": [{}], "answer": None},
    ],
)
def test_a_question_still_being_written_can_be_looked_at(
    rule: Rule, kind: str, source: dict[str, Any]
) -> None:
    assert rule.is_broken_by(Item(kind, source)) in {True, False}
