"""Reads: every value of an indexed column once, without reading every row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from quizzes.bank.models import Question

MOST = 500
"""Values that are offered to choose from."""


def list_each(session: Session, columns: Sequence[Any], *, is_seen: ColumnElement[bool]) -> list[list[str]]:
    """Return the values of each column in order, leaping in its index from each to the next; one query.

    Args:
        session: the database session.
        columns: of `Question` or of a table with a `question_id`; each has an index.
        is_seen: the condition on `Question` that its row counts, such that no index answers it.
    """
    parts = [_steps(place, column, is_seen) for place, column in enumerate(columns)]
    found: list[list[str]] = [[] for _column in columns]
    for place, value in session.execute(union_all(*parts)):
        found[place].append(value)
    return [sorted(values) for values in found]


def _steps(place: int, column: Any, is_seen: ColumnElement[bool]) -> Select[int, str]:
    # Not min(): only so SQLite stops at the first row of the index.
    least = select(column)
    if column.class_ is not Question:
        is_seen = exists().where(Question.id == column.class_.question_id, is_seen)
    least = least.where(is_seen).order_by(column).limit(1)
    steps = select(least.scalar_subquery().label("value"), literal(1).label("turn")).cte(
        f"steps_{place}", recursive=True
    )
    before = aliased(steps)
    following = least.where(column > before.c.value).correlate(before).scalar_subquery()
    steps = steps.union_all(
        select(following, before.c.turn + 1).where(before.c.value.is_not(None), before.c.turn < MOST)
    )
    return select(literal(place), steps.c.value).where(steps.c.value.is_not(None))
