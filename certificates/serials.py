"""Numbers of certificates: ``00001/PK/<branch>/X/2016``, counted per branch and year, without gaps."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from certificates.models import SerialCounter
from lms.core.accounts.models import Branch

ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def take_serial(session: Session, branch: Branch, *, zone: str, is_demo: bool, now: datetime) -> str:
    """Return the next number of a branch; it is used up only if the transaction commits.

    Who comes second waits for the first one's commit (PostgreSQL: row lock, SQLite: write lock).
    """
    day = now.astimezone(ZoneInfo(zone)).date()
    number = _next(session, branch.id, day.year)
    kind = "DEMO" if is_demo else "PK"
    return f"{number:05d}/{kind}/{branch.code}/{ROMAN_MONTHS[day.month - 1]}/{day.year}"


def _next(session: Session, branch_id: int, year: int) -> int:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    first = {"branch_id": branch_id, "year": year, "last": 0}
    session.execute(insert(SerialCounter).values(first).on_conflict_do_nothing())
    query = (
        update(SerialCounter)
        .where(SerialCounter.branch_id == branch_id, SerialCounter.year == year)
        .values(last=SerialCounter.last + 1)
        .returning(SerialCounter.last)
        .execution_options(synchronize_session=False)
    )
    return session.execute(query).scalar_one()
