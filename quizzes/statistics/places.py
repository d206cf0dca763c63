"""Reads: the places of a quiz version, each with the questions that may stand there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes.bank.models import QuestionVersion, QuizSlot, SlotCandidate
from quizzes.statistics.cells import in_units


@dataclass(frozen=True)
class Asked:
    """A question version that may stand at a place."""

    version_id: int
    question_id: int
    number: int
    type: str
    summary: str
    objective: str
    content: dict[str, Any]


@dataclass(frozen=True)
class Place:
    """One place on the paper: a named question, or a draw; a slot that draws three has three places."""

    # 1 for the first.
    number: int
    slot: int
    marks: Decimal
    versions: Sequence[Asked]
    is_drawn: bool

    @property
    def maximum(self) -> int:
        """What it is worth, in 10⁻⁷ of a mark."""
        return in_units(self.marks)


@dataclass(frozen=True)
class Draw:
    """A slot whose questions stand at several places, or might stand at those of another slot, too."""

    numbers: Sequence[int]
    version_ids: frozenset[int]


def list_places(session: Session, version_ids: Collection[int]) -> dict[int, list[Place]]:
    """Return the places of quiz versions in order, in one query."""
    objective = QuestionVersion.source["objective"].as_string()
    query = (
        select(QuizSlot.quiz_version_id, QuizSlot.position, QuizSlot.marks, QuizSlot.draw_count)
        .add_columns(QuizSlot.draw_topic.is_not(None), QuestionVersion.id, QuestionVersion.question_id)
        .add_columns(QuestionVersion.number, QuestionVersion.type, QuestionVersion.summary, objective)
        .add_columns(QuestionVersion.content)
        .join(SlotCandidate, SlotCandidate.slot_id == QuizSlot.id)
        .join(QuestionVersion, QuestionVersion.id == SlotCandidate.question_version_id)
        .where(QuizSlot.quiz_version_id.in_(version_ids))
        .order_by(QuizSlot.quiz_version_id, QuizSlot.position, QuestionVersion.id)
    )
    found: dict[int, list[Place]] = {version_id: [] for version_id in version_ids}
    for (version_id, slot, marks, count, is_drawn), group in groupby(
        session.execute(query), key=lambda row: tuple(row[:5])
    ):
        asked = [_asked(row) for row in group]
        for _turn in range(count):
            number = len(found[version_id]) + 1
            found[version_id].append(Place(number, slot, marks, asked, bool(is_drawn)))
    return found


def _asked(row: Any) -> Asked:
    version_id, question_id, number, kind, summary, objective, content = row[5:]
    return Asked(version_id, question_id, number, kind, summary, objective or summary, content)


def draws_of(places: Sequence[Place]) -> list[Draw]:
    """Return the slots of which a question does not tell its place by itself.

    What another slot names is not theirs to draw.
    """
    named = {asked.version_id for place in places if not place.is_drawn for asked in place.versions}
    slots = [list(group) for _slot, group in groupby(places, key=lambda place: place.slot)]
    drawn = [
        Draw([place.number for place in slot], frozenset(one.version_id for one in slot[0].versions) - named)
        for slot in slots
        if slot[0].is_drawn
    ]
    many = Counter(version_id for draw in drawn for version_id in draw.version_ids)
    return [
        draw
        for draw in drawn
        if len(draw.numbers) > 1 or any(many[version_id] > 1 for version_id in draw.version_ids)
    ]
