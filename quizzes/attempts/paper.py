"""What is put on one person's paper: which questions, in which order, with options in which order. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from flask_babel import lazy_gettext as _l

from lms.core.errors import Conflict
from quizzes.bank.models import QuestionVersion, QuizSlot, QuizVersion
from quizzes.types import get_type


@dataclass(frozen=True)
class PlannedItem:
    """One question of a paper about to be stored."""

    question_version_id: int
    marks: Decimal
    prepared: dict[str, Any]


def draw_paper(quiz: QuizVersion, rng: Random, *, seen: Collection[int] = ()) -> list[PlannedItem]:
    """Return the questions of a new paper in their order.

    No question comes twice; of a slot's candidates those this person has not met come first.

    Args:
        quiz: with slots, candidates and question versions loaded.
        rng: where chance comes from.
        seen: ids of questions (not of versions) on this person's earlier papers.

    Raises:
        Conflict: the slots ask for more questions than there are.
    """
    taken: set[int] = set()
    drawn: dict[int, Sequence[QuestionVersion]] = {}
    for slot in sorted(quiz.slots, key=_spare):
        drawn[slot.id] = _draw(slot, rng, taken=taken, seen=seen)
        taken |= {version.question_id for version in drawn[slot.id]}
    items = [
        PlannedItem(version.id, slot.marks, _prepare(version, rng, shuffle=quiz.shuffle_options))
        for slot in quiz.slots
        for version in drawn[slot.id]
    ]
    if quiz.shuffle_questions:
        rng.shuffle(items)
    return items


def _spare(slot: QuizSlot) -> tuple[int, int]:
    """Return how much choice a slot has: who has the least draws first, before others take its questions."""
    return len(slot.candidates) - slot.draw_count, slot.position


def _draw(
    slot: QuizSlot, rng: Random, *, taken: Collection[int], seen: Collection[int]
) -> Sequence[QuestionVersion]:
    versions = sorted((c.question_version for c in slot.candidates), key=lambda version: version.id)
    # One version of each question: the newest, should a slot ever name two.
    free = [*{v.question_id: v for v in versions if v.question_id not in taken}.values()]
    rng.shuffle(free)
    free.sort(key=lambda version: version.question_id in seen)
    if len(free) < slot.draw_count:
        raise Conflict(_l("This quiz has too few questions at the moment. Please tell the organiser."))
    return free[: slot.draw_count]


def _prepare(version: QuestionVersion, rng: Random, *, shuffle: bool) -> dict[str, Any]:
    return get_type(version.type).prepare(version.content, rng, shuffle=shuffle)
