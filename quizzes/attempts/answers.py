"""The two statements that keep answers: the one that stands, and the history of every save.

Both look at the state of the sitting themselves, so that no answer slips in behind a submission: on
SQLite the write transaction is alone, on PostgreSQL the first statement locks the row of the sitting.

Saves are what a hall sends most. Each statement is therefore put together once for a number of saves and
then only filled in (`lms.core.statements`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    FromClause,
    Integer,
    String,
    Table,
    and_,
    bindparam,
    case,
    cast,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

from lms.core.db import UtcDateTime
from lms.core.statements import Prepared
from quizzes.attempts.models import AnswerEvent, Attempt, Response
from quizzes.attempts.saves import RawAnswer

_NULLABLE_JSON = JSON(none_as_null=True)
_ATTEMPT: Table = Attempt.__table__  # type: ignore[assignment]
_RESPONSE: Table = Response.__table__  # type: ignore[assignment]
_EVENT: Table = AnswerEvent.__table__  # type: ignore[assignment]

_SAVE: dict[str, TypeEngine[Any]] = {
    "item_id": Integer(),
    "event_id": String(),
    "sequence": Integer(),
    "raw": _NULLABLE_JSON,
    "answer": _NULLABLE_JSON,
    "format_error": String(),
    "is_flagged": Boolean(),
    "client_at": UtcDateTime(),
    "origin": String(),
    "is_applied": Boolean(),
}
"""What the statements are told of each save."""


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
    client_at: datetime | None
    origin: str
    # False: it is kept in the history and never stands, because its question is not open.
    may_stand: bool = True


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
    connection: Connection, attempt_id: int, saves: Sequence[ParsedSave], *, now: datetime
) -> set[int]:
    """Let each save stand whose sequence is higher than what stands, while the sitting is open.

    Returns the items whose answer was replaced.
    """
    statement = _responses_statement(connection.dialect, len(saves))
    return {row.item_id for row in statement.rows(connection, _values(attempt_id, saves, now=now))}


def store_events(
    connection: Connection,
    attempt_id: int,
    saves: Sequence[ParsedSave],
    *,
    applied: Collection[int],
    receipt: str,
    now: datetime,
) -> list[Kept]:
    """Write every save into the history; one whose event id is already there is left out of the result."""
    statement = _events_statement(connection.dialect, len(saves))
    values = _values(attempt_id, saves, applied=applied, now=now) | {"receipt": receipt}
    return [Kept(row[0], row[1], _standing(row[2:])) for row in statement.rows(connection, values)]


def _values(
    attempt_id: int, saves: Sequence[ParsedSave], *, now: datetime, applied: Collection[int] = ()
) -> dict[str, Any]:
    values: dict[str, Any] = {"attempt": attempt_id, "now": now}
    for number, save in enumerate(saves):
        told = vars(save) | {"is_applied": save.item_id in applied}
        values |= {f"{name}_{number}": told[name] for name in _SAVE}
    return values


@cache
def _responses_statement(dialect: Dialect, count: int) -> Prepared:
    save, source = _incoming(count)
    columns = {
        "item_id": save["item_id"],
        "attempt_id": _ATTEMPT.c.id,
        "sequence": save["sequence"],
        "raw": _json(save["raw"], dialect),
        "answer": _json(save["answer"], dialect),
        "format_error": save["format_error"],
        "is_flagged": save["is_flagged"],
        "saved_at": _now(),
    }
    rows = select(*columns.values()).select_from(source).where(_is_this(), _is_open())
    rows = rows.with_for_update(of=_ATTEMPT, key_share=True)
    statement = _insert(dialect)(_RESPONSE).from_select(list(columns), rows)
    excluded = statement.excluded
    changed = {name: excluded[name] for name in columns if name not in {"item_id", "attempt_id"}}
    statement = statement.on_conflict_do_update(
        index_elements=["item_id"], set_=changed, where=_RESPONSE.c.sequence < excluded.sequence
    )
    return Prepared(statement.returning(_RESPONSE.c.item_id), dialect)


@cache
def _events_statement(dialect: Dialect, count: int) -> Prepared:
    save, source = _incoming(count)
    columns = {
        "attempt_id": _ATTEMPT.c.id,
        "item_id": save["item_id"],
        "event_id": save["event_id"],
        "sequence": save["sequence"],
        "raw": _json(save["raw"], dialect),
        "is_flagged": save["is_flagged"],
        "received_at": _now(),
        "client_at": save["client_at"],
        "origin": save["origin"],
        "receipt": bindparam("receipt", type_=String),
        "outcome": case((~_is_open(), "late"), (save["is_applied"], "applied"), else_="superseded"),
    }
    rows = select(*columns.values()).select_from(source).where(_is_this())
    statement = (
        _insert(dialect)(_EVENT)
        .from_select(list(columns), rows)
        .on_conflict_do_nothing(index_elements=["attempt_id", "event_id"])
        .returning(_EVENT.c.item_id, _EVENT.c.outcome, *_standing_columns())
    )
    return Prepared(statement, dialect)


def _insert(dialect: Dialect) -> Callable[[Table], sqlite.Insert]:
    """Return an INSERT with ON CONFLICT; both databases write it alike."""
    insert: Any = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
    return insert  # type: ignore[no-any-return]


def _incoming(count: int) -> tuple[Mapping[str, ColumnElement[Any]], FromClause[Any]]:
    """Return the columns of the saves, and where they are read from together with their sitting.

    Many are rows of their own: SELECTs, which both databases give the types they are told. One alone is
    its values: as a row of its own it took SQLite six times as long.
    """
    first, *more = [_values_of(number) for number in range(count)]
    if not more:
        return first, _ATTEMPT
    rows = [select(*(value.label(name) for name, value in one.items())) for one in (first, *more)]
    incoming = union_all(*rows).cte("incoming")
    return dict(incoming.c.items()), incoming.join(_ATTEMPT, true())


def _values_of(number: int) -> dict[str, ColumnElement[Any]]:
    return {name: bindparam(f"{name}_{number}", type_=kind) for name, kind in _SAVE.items()}


def _json(incoming: ColumnElement[Any], dialect: Dialect) -> ColumnElement[Any]:
    """Return a JSON column of the rows; PostgreSQL takes one of nothing but NULLs for text."""
    return cast(incoming, _NULLABLE_JSON) if dialect.name == "postgresql" else incoming


def _now() -> ColumnElement[datetime]:
    return bindparam("now", type_=UtcDateTime())


def _is_this() -> ColumnElement[bool]:
    return _ATTEMPT.c.id == bindparam("attempt", type_=Integer)


def _is_open() -> ColumnElement[bool]:
    in_time = or_(_ATTEMPT.c.deadline_at.is_(None), _ATTEMPT.c.deadline_at >= _now())
    return and_(_ATTEMPT.c.state == "in_progress", in_time)


def _standing_columns() -> list[Any]:
    """Return the answer that stands as columns of RETURNING, to save a query of its own.

    Written out, because SQLAlchemy leaves the table's name away there and the columns become ambiguous.
    """
    columns = [_RESPONSE.c[name] for name in ("sequence", "raw", "is_flagged", "format_error")]
    sql = "(SELECT r.{} FROM response AS r WHERE r.item_id = answer_event.item_id)"
    return [literal_column(sql.format(c.key), c.type).label(f"standing_{c.key}") for c in columns]


def _standing(row: Sequence[Any]) -> Standing:
    sequence, raw, is_flagged, format_error = row
    return Standing(sequence or 0, raw, bool(is_flagged), format_error or "")
