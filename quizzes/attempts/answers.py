"""The two statements that keep answers: the one that stands, and the history of every save.

Both look at the state of the sitting themselves, so that no answer slips in behind a submission: on
SQLite the write transaction is alone, on PostgreSQL the first statement locks the row of the sitting.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import CTE

from lms.core.db import UtcDateTime
from quizzes.attempts.models import AnswerEvent, Attempt, Response
from quizzes.attempts.saves import RawAnswer

_NULLABLE_JSON = JSON(none_as_null=True)


@dataclass(frozen=True)
class ParsedSave:
    """A save ready to be stored: ``answer`` as its type read it, or why it could not be read."""

    item_id: int
    position: int
    event_id: str
    sequence: int
    raw: RawAnswer | None
    answer: dict[str, Any] | None
    format_error: str
    is_flagged: bool


@dataclass(frozen=True)
class Standing:
    """The answer that stands; sequence 0 when there is none."""

    sequence: int
    raw: RawAnswer | None
    is_flagged: bool
    format_error: str


@dataclass(frozen=True)
class Kept:
    """What became of one save: "applied", "superseded" or "late", and the answer that stands now."""

    item_id: int
    outcome: str
    standing: Standing


def store_responses(
    session: Session, attempt_id: int, saves: Sequence[ParsedSave], *, now: datetime
) -> set[int]:
    """Let each save stand whose sequence is higher than what stands, while the sitting is open.

    Returns the items whose answer was replaced.
    """
    incoming = _incoming(saves)
    is_postgres = session.get_bind().dialect.name == "postgresql"
    source = (
        select(
            incoming.c.item_id,
            literal(attempt_id, Integer),
            incoming.c.sequence,
            _json(incoming.c.raw, is_postgres),
            _json(incoming.c.answer, is_postgres),
            incoming.c.format_error,
            incoming.c.is_flagged,
            literal(now, UtcDateTime()),
        )
        .join(Attempt, Attempt.id == attempt_id)
        .where(_is_open(now))
        .with_for_update(of=Attempt, key_share=True)
    )
    names = ["item_id", "attempt_id", "sequence", "raw", "answer", "format_error", "is_flagged", "saved_at"]
    insert = postgresql.insert if is_postgres else sqlite.insert
    statement = insert(Response).from_select(names, source)
    changed = {name: statement.excluded[name] for name in names if name not in {"item_id", "attempt_id"}}
    upsert = statement.on_conflict_do_update(
        index_elements=["item_id"], set_=changed, where=Response.sequence < statement.excluded.sequence
    ).returning(Response.item_id)
    return set(session.scalars(upsert))


def store_events(
    session: Session, attempt_id: int, saves: Sequence[ParsedSave], *, applied: Collection[int], now: datetime
) -> list[Kept]:
    """Write every save into the history; one whose event id is already there is left out of the result."""
    incoming = _incoming(saves)
    is_postgres = session.get_bind().dialect.name == "postgresql"
    outcome = case(
        (~_is_open(now), "late"), (incoming.c.item_id.in_(applied or {0}), "applied"), else_="superseded"
    )
    source = (
        select(
            literal(attempt_id, Integer),
            incoming.c.item_id,
            incoming.c.event_id,
            incoming.c.sequence,
            _json(incoming.c.raw, is_postgres),
            incoming.c.is_flagged,
            literal(now, UtcDateTime()),
            outcome,
        )
        .join(Attempt, Attempt.id == attempt_id)
        .where(Attempt.id == attempt_id)
    )
    names = ["attempt_id", "item_id", "event_id", "sequence", "raw", "is_flagged", "received_at", "outcome"]
    insert = postgresql.insert if is_postgres else sqlite.insert
    statement = (
        insert(AnswerEvent)
        .from_select(names, source)
        .on_conflict_do_nothing(index_elements=["attempt_id", "event_id"])
        .returning(AnswerEvent.item_id, AnswerEvent.outcome, *_standing_columns())
    )
    return [Kept(row[0], row[1], _standing(row[2:])) for row in session.execute(statement)]


def _incoming(saves: Sequence[ParsedSave]) -> CTE:
    """Return the saves as rows. SELECTs, because a VALUES list would be compiled anew for every save."""
    first, *more = [_row(save) for save in saves]
    return first.union_all(*more).cte("incoming")


def _row(save: ParsedSave) -> Select[*tuple[Any, ...]]:
    return select(
        literal(save.item_id, Integer).label("item_id"),
        literal(save.event_id, String).label("event_id"),
        literal(save.sequence, Integer).label("sequence"),
        literal(save.raw, _NULLABLE_JSON).label("raw"),
        literal(save.answer, _NULLABLE_JSON).label("answer"),
        literal(save.format_error, String).label("format_error"),
        literal(save.is_flagged, Boolean).label("is_flagged"),
    )


def _json(incoming: ColumnElement[Any], is_postgres: bool) -> ColumnElement[Any]:
    """Return a JSON column of the rows; PostgreSQL takes one of nothing but NULLs for text."""
    return cast(incoming, _NULLABLE_JSON) if is_postgres else incoming


def _is_open(now: datetime) -> ColumnElement[bool]:
    in_time = or_(Attempt.deadline_at.is_(None), Attempt.deadline_at >= now)
    return and_(Attempt.state == "in_progress", in_time)


def _standing_columns() -> list[Any]:
    """Return the answer that stands as columns of RETURNING, to save a query of its own.

    Written out, because SQLAlchemy leaves the table's name away there and the columns become ambiguous.
    """
    columns = (Response.sequence, Response.raw, Response.is_flagged, Response.format_error)
    sql = "(SELECT r.{} FROM response AS r WHERE r.item_id = answer_event.item_id)"
    return [literal_column(sql.format(c.key), c.type).label(f"standing_{c.key}") for c in columns]


def _standing(row: Sequence[Any]) -> Standing:
    sequence, raw, is_flagged, format_error = row
    return Standing(sequence or 0, raw, bool(is_flagged), format_error or "")
