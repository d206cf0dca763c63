"""How often the advice is right, and how much of what is wrong it finds, on labelled questions.

The rules were tuned on the tuning half, on the shipped bank and on examples of our own; of the half that is
held back only totals by rule were ever said, never a question. Aimed at are 90 % of the flags right and 80 %
of the faults found. Reached on what is held back: 87.6 % right (92 of 105) and 78.6 % found (92 of 117), so
both are missed. It depends on who wrote: on questions of the person who knew the labels it is 89.8 % and
84.0 %, on those of the second, who did not, 76.5 % and 56.5 %; only 40 questions, but the more honest ones.
On what was looked at it is 100 % and 97.2 %, which says how well the rules fit it and nothing more.
"""

from __future__ import annotations

from typing import Any

import pytest

from quizzes.bank.advice.gives_away_another import list_given_away
from quizzes.bank.advice.item import Item
from quizzes.bank.advice.key_position import has_pattern
from quizzes.bank.advice.near_twin import list_twins
from quizzes.bank.advice.rules import RULES
from tests.quizzes.bank.advice.test_labelled import HALVES, entries_of, is_sound, labelled

Flags = set[tuple[str, str]]
REACHED = {"tuning": (98, 95), "held_back": (87, 78)}
"""By half the percent of the flags that are right, and of the planted faults that are found, at least."""


def raised(content: dict[str, Any]) -> Flags:
    """Return what the rules say of a file: id and label."""
    items = {
        entry["id"]: Item(entry["question"]["type"], entry["question"]) for entry in content["questions"]
    }
    flags = {(id_, rule.key) for id_, item in items.items() for rule in RULES if rule.is_broken_by(item)}
    flags |= {(id_, "near_twin") for pair in list_twins(items) for id_ in pair}
    flags |= {(id_, "gives_away_another") for id_, _told in list_given_away(items)}
    return flags | {(quiz["id"], "key_position") for quiz in content["quizzes"] if has_pattern(quiz["keys"])}


def planted(content: dict[str, Any]) -> Flags:
    """Return what was labelled by hand: id and label."""
    entries = [*content["questions"], *content["quizzes"]]
    return {(entry["id"], fault) for entry in entries for fault in entry["faults"]}


def shares(half: str) -> tuple[float, float]:
    """Return the percent of flags that are right and of faults that are found, and nothing else."""
    files = [labelled(name) for name in HALVES[half]]
    said = {flag for content in files for flag in raised(content)}
    there = {flag for content in files for flag in planted(content)}
    return 100 * len(said & there) / len(said), 100 * len(said & there) / len(there)


@pytest.mark.parametrize("half", REACHED)
def test_flags_are_right_and_faults_are_found(half: str) -> None:
    right, found = shares(half)

    assert right >= REACHED[half][0], f"{right:.1f} % of the flags are right"
    assert found >= REACHED[half][1], f"{found:.1f} % of the faults are found"


def test_most_good_questions_get_no_advice_at_all() -> None:
    flagged = {id_ for name in HALVES["tuning"] for id_, _label in raised(labelled(name))}
    good = {entry["id"] for entry in entries_of("tuning") if is_sound(entry)}

    assert len(good & flagged) <= len(good) // 10
