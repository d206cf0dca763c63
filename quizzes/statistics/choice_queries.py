"""Reads: who chose what in a question, over all quizzes that ask it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from quizzes.bank.models import Purpose, QuestionVersion, QuizSlot, QuizVersion, SlotCandidate
from quizzes.statistics.cells import read_cell
from quizzes.statistics.distractors import Choices, Chosen, count_choices
from quizzes.statistics.given_answers import Answers
from quizzes.statistics.given_queries import Content, read_answers
from quizzes.statistics.models import PaperTally
from quizzes.statistics.papers import Scope, papers_of

MOST_PAPERS = 3000
"""The newest papers that are looked at."""

_FINE = 1000
"""Steps in which the rest of a paper is told apart: papers of different quizzes have different marks."""


def find_choices(
    session: Session, version: QuestionVersion, *, is_demo: bool | None = None
) -> Choices | None:
    """Return who of the upper and lower third chose what in a question version, in one query.

    Each person's first attempt counts, practice is left out. The thirds are those of the share earned of the
    rest of the paper. None where there is nothing to choose or nobody answered.

    Args:
        version: of the question.
        is_demo: of people of the demo, or of all others; None: of both.
    """
    seen: Counter[tuple[Chosen, int]] = Counter()
    start = f"{version.id}:"
    for earned, possible, cells in session.execute(_papers(version.id, is_demo)):
        word = next((word for word in cells.split(" ") if word.startswith(start)), None)
        if word is None:
            continue
        cell = read_cell(word)
        held, most = (0, 0) if cell.is_voided else (cell.earned, cell.maximum)
        rest = _FINE * (earned - held) // (possible - most) if possible > most else 0
        seen[cell.chosen, rest] += 1
    return count_choices(version.type, version.content, seen) if seen else None


def find_version(session: Session, question_id: int, number: int) -> QuestionVersion:
    """Return a version of a question that is there."""
    query = select(QuestionVersion).where(
        QuestionVersion.question_id == question_id, QuestionVersion.number == number
    )
    return session.scalars(query).one()


def find_answers(
    session: Session, version: QuestionVersion, *, is_demo: bool | None = None
) -> Answers | None:
    """Return what was answered most to a question version whose answers are not chosen, in one query."""
    contents = {version.id: Content(version.type, version.content)}
    return read_answers(session, _asking(version.id, is_demo), contents).get(version.id)


def _papers(version_id: int, is_demo: bool | None) -> Select[Any]:
    columns: tuple[Any, ...] = PaperTally.earned, PaperTally.possible, PaperTally.cells
    papers: Select[Any] = (
        _asking(version_id, is_demo)
        .with_only_columns(*columns)
        .where(PaperTally.earned.is_not(None))
        .order_by(PaperTally.attempt_id.desc())
        .limit(MOST_PAPERS)
    )
    return papers


def _asking(version_id: int, is_demo: bool | None) -> Select[Any]:
    asked = (
        select(QuizSlot.quiz_version_id)
        .join(SlotCandidate, SlotCandidate.slot_id == QuizSlot.id)
        .join(QuizVersion, QuizVersion.id == QuizSlot.quiz_version_id)
        .where(SlotCandidate.question_version_id == version_id)
        .where(QuizVersion.purpose != Purpose.PRACTICE.value)
    )
    papers: Select[Any] = papers_of(Scope(is_demo=is_demo))
    return papers.where(PaperTally.quiz_version_id.in_(asked))
