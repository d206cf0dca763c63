"""Changes: questions that come one at a time go on; in practice an answer is shown and tried again.

Each is one guarded update: pressed twice it happens once, and after the end not at all.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, select, update
from sqlalchemy.orm import Session

from lms.core.db import begin_write, changed_rows
from quizzes.attempts.models import Attempt, PaperItem, Response


def move_on(session: Session, attempt_id: int, *, place: int, now: datetime) -> bool:
    """Open the question after ``place``; the one that is left is not come back to."""
    begin_write(session)
    onward = update(Attempt).where(Attempt.id == attempt_id, *_is_at(place, now))
    return _is_done(session, onward.values(place=place + 1))


def check(session: Session, attempt_id: int, *, place: int, now: datetime) -> bool:
    """Show what the answer at ``place`` is worth; from then on it stands. Not without a readable answer.

    Where it is shown already, it changes nothing.
    """
    begin_write(session)
    is_answered = exists().where(
        Response.item_id == PaperItem.id, Response.answer.is_not(None), Response.format_error == ""
    )
    shown = update(PaperItem).where(*_item(attempt_id, place, now), is_answered)
    count = PaperItem.check_count + case((PaperItem.is_checked, 0), else_=1)
    return _is_done(session, shown.values(is_checked=True, check_count=count))


def try_again(
    session: Session, attempt_id: int, *, place: int, retries: int, cost_percent: int, now: datetime
) -> bool:
    """Let the question at ``place`` be answered again, at most ``retries`` times; each costs of its marks."""
    begin_write(session)
    lost = PaperItem.lost_percent + cost_percent
    again = update(PaperItem).where(*_item(attempt_id, place, now), PaperItem.is_checked)
    again = again.where(PaperItem.check_count <= retries)
    return _is_done(session, again.values(is_checked=False, lost_percent=case((lost > 100, 100), else_=lost)))


def _is_done(session: Session, statement: object) -> bool:
    done = session.execute(statement.execution_options(synchronize_session=False))  # type: ignore[attr-defined]
    session.expire_all()
    return changed_rows(done) == 1


def _is_at(place: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    in_time = Attempt.deadline_at.is_(None) | (Attempt.deadline_at >= now)
    return Attempt.place == place, Attempt.place > 0, Attempt.state == "in_progress", in_time


def _item(attempt_id: int, place: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    is_open = select(Attempt.id).where(Attempt.id == attempt_id, *_is_at(place, now))
    return PaperItem.attempt_id.in_(is_open), PaperItem.position == place
