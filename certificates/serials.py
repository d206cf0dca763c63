"""Numbers of certificates: counted per branch and year without gaps, with a check character.

``00001/PK/MDN/X/2016-7``: what stands before the dash is the office's pattern, see
`lms.core.accounts.serial_patterns`. The character behind it catches what is read or typed wrong.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from certificates.models import Certificate, SerialCounter
from lms.core.accounts.models import Branch
from lms.core.accounts.serial_patterns import fill_pattern

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def take_serial(session: Session, branch: Branch, *, zone: str, is_demo: bool, now: datetime) -> str:
    """Return the next number of a branch; it is used up only if the transaction commits.

    Who comes second waits for the first one's commit (PostgreSQL: row lock, SQLite: write lock). A number
    another office's pattern has come to before is passed over.
    """
    day = now.astimezone(ZoneInfo(zone)).date()
    while True:
        number = _next(session, branch.id, day.year)
        bare = fill_pattern(branch.serial_pattern, number=number, code=branch.code, day=day, is_demo=is_demo)
        serial = f"{bare}-{check_character(bare)}"
        if session.scalar(select(Certificate.id).where(Certificate.serial == serial)) is None:
            return serial


def check_character(serial: str) -> str:
    """Return the check character of a number: ISO 7064, MOD 37,36 over its letters and digits.

    It catches every single wrong character and nearly all swaps of two neighbours.
    """
    rest = 36
    for character in serial.upper():
        if character in ALPHABET:
            rest = (rest + ALPHABET.index(character)) % 36 or 36
            rest = rest * 2 % 37
    return ALPHABET[(37 - rest) % 36]


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
