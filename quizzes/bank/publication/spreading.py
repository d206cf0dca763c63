"""A case in a quiz that is published: slots of its questions take the place of the one that named it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from sqlalchemy.orm import Session

from quizzes.bank.models import QuizSlot, QuizVersion, SlotCandidate

FAR = 10_000
"""Beyond every place: no two slots may share one even for a moment."""


class Spread(Protocol):
    """What is known of a draft: the questions of its slots, and of the cases among them."""

    slots: dict[int, list[int]]
    cases: dict[int, list[int]]


def spread_cases(session: Session, draft: QuizVersion, plan: Spread, pins: Mapping[int, int]) -> None:
    """Give every question of a case a slot of its own; ``pins`` are the versions by question."""
    if not any(key in plan.cases for named in plan.slots.values() for key in named):
        return
    slots: list[QuizSlot] = []
    for slot in list(draft.slots):
        case = next((key for key in plan.slots[slot.id] if key in plan.cases), None)
        slots += [slot] if case is None else _parts(slot, pins[case], [pins[key] for key in plan.cases[case]])
    for offset in (FAR, 0):
        for position, slot in enumerate(slots, 1 + offset):
            slot.position = position
        draft.slots = slots
        session.flush()


def _parts(slot: QuizSlot, case_id: int, version_ids: list[int]) -> list[QuizSlot]:
    """Return the slots of the questions of a case, the first in place of the one that named it."""
    rest = [QuizSlot(draw_topic=None, draw_count=1, marks=slot.marks) for _id in version_ids[1:]]
    for one, version_id in zip([slot, *rest], version_ids, strict=True):
        one.candidates = [SlotCandidate(question_version_id=version_id)]
        one.case_version_id = case_id
    return [slot, *rest]
