"""What is put on one person's paper: which questions, in which order, with options in which order. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from flask_babel import lazy_gettext as _l

from lms.core.errors import Conflict
from quizzes.bank.models import QuestionVersion, QuizSlot, QuizVersion
from quizzes.types import get_type

NOTHING_LEFT = _l("Every question of this quiz is being checked. Please come back later; your trainer knows.")


@dataclass(frozen=True)
class PlannedItem:
    """One question of a paper about to be stored."""

    question_version_id: int
    marks: Decimal
    prepared: dict[str, Any]
    # The case it is a part of: all of its parts stand together, in their order.
    case_version_id: int | None = None


def draw_paper(
    quiz: QuizVersion,
    rng: Random,
    *,
    seen: Mapping[int, Sequence[dict[str, Any]]] | None = None,
    paused: Collection[int] = (),
) -> list[PlannedItem]:
    """Return the questions of a new paper in their order.

    No question comes twice; of a slot's candidates those this person has not met come first. What is paused
    is left out: a draw takes others as far as there are, and the paper is marked by what is on it.

    Args:
        quiz: with slots, candidates and question versions loaded.
        rng: where chance comes from.
        seen: by id of question (not of version) what was prepared of it on this person's earlier papers;
            numbered variants this person has not met come first, too.
        paused: ids of question versions that come on no new paper for now.

    Raises:
        Conflict: the slots ask for more questions than there are, not counting those paused; or all are.
    """
    seen = seen or {}
    taken: set[int] = set()
    drawn: dict[int, Sequence[QuestionVersion]] = {}
    for slot in sorted(quiz.slots, key=_spare):
        drawn[slot.id] = _draw(slot, rng, taken=taken, seen=seen, paused=paused)
        taken |= {version.question_id for version in drawn[slot.id]}
    items = [
        PlannedItem(
            version.id,
            slot.marks,
            _prepare(version, rng, shuffle=quiz.shuffle_options, seen=seen.get(version.question_id, ())),
            slot.case_version_id,
        )
        for slot in quiz.slots
        for version in drawn[slot.id]
    ]
    if not items:
        raise Conflict(NOTHING_LEFT)
    return _shuffle(items, rng) if quiz.shuffle_questions else items


def _shuffle(items: Sequence[PlannedItem], rng: Random) -> list[PlannedItem]:
    """Return the items in another order; what belongs to one case stays together as it is."""
    groups: dict[object, list[PlannedItem]] = {}
    for item in items:
        groups.setdefault(item.case_version_id or ("alone", item.question_version_id), []).append(item)
    shuffled = list(groups.values())
    rng.shuffle(shuffled)
    return [item for group in shuffled for item in group]


def _spare(slot: QuizSlot) -> tuple[int, int]:
    """Return how much choice a slot has: who has the least draws first, before others take its questions."""
    return len(slot.candidates) - slot.draw_count, slot.position


def _draw(
    slot: QuizSlot,
    rng: Random,
    *,
    taken: Collection[int],
    seen: Collection[int],
    paused: Collection[int],
) -> Sequence[QuestionVersion]:
    kept = [c.question_version for c in slot.candidates if c.question_version_id not in paused]
    versions = sorted(kept, key=lambda version: version.id)
    # One version of each question: the newest, should a slot ever name two.
    free = [*{v.question_id: v for v in versions if v.question_id not in taken}.values()]
    rng.shuffle(free)
    free.sort(key=lambda version: version.question_id in seen)
    # With some paused, another slot may have taken what this one counted on.
    if len(free) < slot.draw_count and not paused:
        raise Conflict(_l("This quiz has too few questions at the moment. Please tell the organiser."))
    return free[: slot.draw_count]


def _prepare(
    version: QuestionVersion, rng: Random, *, shuffle: bool, seen: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    kind = get_type(version.type)
    variants = kind.variants(version.content)
    if not variants:
        return kind.prepare(version.content, rng, shuffle=shuffle)
    fewest = min(seen.count(variant) for variant in variants)
    return rng.choice([variant for variant in variants if seen.count(variant) == fewest])
