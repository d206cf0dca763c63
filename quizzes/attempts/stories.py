"""The stories of cases on a paper: shown once, above the questions that belong to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes.attempts.models import PaperItem
from quizzes.bank.models import QuestionVersion


@dataclass(frozen=True)
class Story:
    """A case on one paper; ``positions`` are the places of its questions there."""

    title_html: str
    text_html: str
    positions: tuple[int, ...]

    @property
    def first(self) -> int:
        """The place of the question it is first read with."""
        return self.positions[0]

    def part(self, position: int) -> int:
        """Return which of its questions stands at a place, 1 for the first."""
        return self.positions.index(position) + 1


def list_stories(session: Session, items: Sequence[PaperItem]) -> dict[int, Story]:
    """Return the stories of a paper by the id of their version: one query, none for a paper without."""
    places: dict[int, list[int]] = {}
    for item in items:
        if item.case_version_id is not None:
            places.setdefault(item.case_version_id, []).append(item.position)
    if not places:
        return {}
    query = select(QuestionVersion.id, QuestionVersion.stem_html, QuestionVersion.content)
    return {
        row.id: Story(row.stem_html, row.content["text_html"], tuple(places[row.id]))
        for row in session.execute(query.where(QuestionVersion.id.in_(places)))
    }
