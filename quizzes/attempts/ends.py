"""The end of sittings, moved by the database itself: one statement, whoever saves or hands in meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Interval, case, func, literal, type_coerce
from sqlalchemy.orm import Session

from lms.core.db import UtcDateTime


def later(session: Session, column: Any, seconds: int) -> ColumnElement[datetime]:
    """Return a moment so many whole seconds after the one in ``column``, exact to the microsecond."""
    moved: Any
    if session.get_bind().dialect.name == "sqlite":
        # Dates are texts there: what stands behind the full second stays as it is.
        full = func.strftime("%Y-%m-%d %H:%M:%S", func.substr(column, 1, 19), f"+{seconds} seconds")
        moved = full.op("||")(func.substr(column, 20))
    else:
        moved = column + literal(timedelta(seconds=seconds), Interval())
    return type_coerce(moved, UtcDateTime())


def later_at_most(session: Session, column: Any, seconds: int, *, closes_at: datetime) -> Any:
    """Return :func:`later`, but not after ``closes_at``; an end is never moved forward."""
    moved = later(session, column, seconds)
    last = literal(closes_at, UtcDateTime())
    return case((moved <= last, moved), (column > last, column), else_=last)
