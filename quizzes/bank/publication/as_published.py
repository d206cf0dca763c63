"""What a draft would be once published, without storing it: to compare it, and to try it."""

from __future__ import annotations

from datetime import datetime

from quizzes.bank.models import QuestionVersion, QuizSlot, QuizVersion, SlotCandidate
from quizzes.bank.quiz.plans import Plan
from quizzes.bank.services import new_version


def as_published(draft: QuizVersion, plan: Plan, *, now: datetime) -> QuizVersion:
    """Return a version of no session with the slots and wordings a draft would be published with.

    What is not stored yet has the number of its question below zero as its id; slots keep theirs.
    """
    wordings = _wordings(plan, now=now)
    columns = {column.key: getattr(draft, column.key) for column in QuizVersion.__table__.columns}
    version = QuizVersion(**columns)
    version.slots = [one for slot in draft.slots for one in _spread(slot, plan, wordings)]
    return version


def _wordings(plan: Plan, *, now: datetime) -> dict[int, QuestionVersion]:
    """Return by question the version it would be pinned to; of no session either."""
    found = {question_id: _loose(version) for question_id, version in plan.stored.items()}
    for question_id, draft in plan.made.items():
        found[question_id] = new_version(draft, number=0, now=now, actor_id=None)
        found[question_id].id, found[question_id].question_id = -question_id, question_id
    return found


def _loose(version: QuestionVersion) -> QuestionVersion:
    columns = {column.key: getattr(version, column.key) for column in QuestionVersion.__table__.columns}
    return QuestionVersion(**columns)


def _spread(slot: QuizSlot, plan: Plan, wordings: dict[int, QuestionVersion]) -> list[QuizSlot]:
    """Return what becomes of a slot: a case makes one of each of its questions."""
    case = next((key for key in plan.slots[slot.id] if key in plan.cases), None)
    if case is None:
        return [_slot(slot, slot.id, [wordings[key] for key in plan.slots[slot.id] if key in wordings])]
    return [
        _slot(slot, slot.id * 1000 + place, [wordings[key]], case=wordings.get(case))
        for place, key in enumerate(plan.cases[case])
        if key in wordings
    ]


def _slot(
    slot: QuizSlot, slot_id: int, versions: list[QuestionVersion], *, case: QuestionVersion | None = None
) -> QuizSlot:
    made = QuizSlot(
        id=slot_id,
        quiz_version_id=slot.quiz_version_id,
        position=slot.position,
        draw_topic=slot.draw_topic,
        draw_count=slot.draw_count,
        draw_level=slot.draw_level,
        draw_difficulty=slot.draw_difficulty,
        draw_not_in_id=slot.draw_not_in_id,
        draw_tag=slot.draw_tag,
        marks=slot.marks,
        case_version_id=case.id if case is not None else None,
        case_version=case,
    )
    made.candidates = [
        SlotCandidate(slot_id=slot_id, question_version_id=version.id, question_version=version)
        for version in versions
    ]
    return made
