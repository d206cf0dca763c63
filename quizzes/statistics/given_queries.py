"""Reads: what people typed, matched, put in order or marked, for reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from quizzes.attempts.models import PaperItem, Response
from quizzes.statistics.cells import read_cell
from quizzes.statistics.given_answers import TYPES, Answers, Paper, count_answers
from quizzes.statistics.models import PaperTally
from quizzes.statistics.papers import Scope, papers_of
from quizzes.types.base import Json

MOST_PAPERS = 1000
"""The newest papers that are looked at: each answer is read as it was kept."""
_FINE = 1000
"""Steps in which the rest of a paper is told apart."""


class Content(NamedTuple):
    """Type and content of a question version."""

    type: str
    content: Json


def read_answers(
    session: Session, papers: Select[Any], contents: Mapping[int, Content]
) -> dict[int, Answers]:
    """Return by question version what was answered most; in one query, none where no type is counted.

    Args:
        session: the database.
        papers: a query over `PaperTally`, as `papers_of` makes it.
        contents: of the question versions that are asked about.
    """
    wanted = {version_id: one for version_id, one in contents.items() if one.type in TYPES}
    if not wanted:
        return {}
    found: dict[int, list[Paper]] = defaultdict(list)
    for version_id, answer, earned, possible, cells in session.execute(_rows(papers, list(wanted))):
        found[version_id].append(Paper(answer, _rest(version_id, earned, possible, cells)))
    counted = {
        version_id: count_answers(wanted[version_id].type, wanted[version_id].content, rows)
        for version_id, rows in found.items()
    }
    return {version_id: answers for version_id, answers in counted.items() if answers and answers.parts}


def of_version(scope: Scope, quiz_version_id: int) -> Select[Any]:
    """Return a query over the papers of a quiz version."""
    return papers_of(scope).where(PaperTally.quiz_version_id == quiz_version_id)


def _rows(papers: Select[Any], version_ids: list[int]) -> Select[Any]:
    newest = (
        papers.with_only_columns(
            PaperTally.attempt_id, PaperTally.earned, PaperTally.possible, PaperTally.cells
        )
        .where(PaperTally.earned.is_not(None))
        .order_by(PaperTally.attempt_id.desc())
        .limit(MOST_PAPERS)
        .subquery()
    )
    return (
        select(PaperItem.question_version_id, Response.answer)
        .add_columns(newest.c.earned, newest.c.possible, newest.c.cells)
        .join(newest, newest.c.attempt_id == PaperItem.attempt_id)
        .outerjoin(Response, Response.item_id == PaperItem.id)
        .where(PaperItem.question_version_id.in_(version_ids))
        .order_by(PaperItem.id)
    )


def _rest(version_id: int, earned: int, possible: int, cells: str) -> int:
    """Return what a paper earned of all but this question, in thousandths."""
    start = f"{version_id}:"
    word = next((word for word in cells.split(" ") if word.startswith(start)), None)
    if word is not None and not (cell := read_cell(word)).is_voided:
        earned, possible = earned - cell.earned, possible - cell.maximum
    return _FINE * earned // possible if possible > 0 else 0
