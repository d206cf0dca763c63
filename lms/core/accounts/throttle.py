"""Guessing is slowed down over all processes: the database counts failures per account and per address.

A key may fail some times for free; then every further try waits, twice as long each time, up to a limit:
nobody is locked out for good, and a stranger cannot keep the owner out, whose known devices count apart.
A try is *reserved* before the password is looked at, in a transaction of its own, and given back when it
was right: so many parallel guesses cannot slip through between looking and counting.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from ipaddress import IPv6Address, ip_address

from flask_babel import lazy_gettext as _l
from sqlalchemy import Delete, Dialect, Select, Update, bindparam, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.core.accounts.models import Throttle
from lms.core.db import UNSEEN, UtcDateTime, begin_write, connection_of
from lms.core.errors import TooMany
from lms.core.statements import Prepared

FIRST_WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 900
MEMORY_SECONDS = 86_400
"""So long after its first failure a key starts anew."""

ACCOUNT_FREE = 5
"""Wrong passwords, PINs or codes for one account or card before waiting begins."""
ADDRESS_FREE = 200
"""For one address: a hall of 50 people with three typos each stays below."""
ADDRESS_MEMORY_SECONDS = 3600
ADDRESS_LONGEST_WAIT_SECONDS = 60


@dataclass(frozen=True)
class Guess:
    """Whom a try counts against, and how patient we are with them."""

    key: str
    free: int = ACCOUNT_FREE
    longest_seconds: int = LONGEST_WAIT_SECONDS
    memory_seconds: int = MEMORY_SECONDS


@dataclass(frozen=True)
class Reservation:
    """A try that counts as failed until it is given back."""

    key: str
    reserved_at: datetime
    # When the last failure before this one was.
    before_at: datetime


def key_of(what: str, whom: str) -> str:
    """Return the key ``what:sha256`` under which ``whom`` is counted; the table holds no names."""
    return f"{what}:{hashlib.sha256(whom.encode()).hexdigest()}"


def address_key(address: str | None) -> str:
    """Return the key of a network address; a whole IPv6 /64 counts as one, as providers hand them out."""
    text = address or "?"
    try:
        parsed = ip_address(text)
    except ValueError:
        return key_of("address", text)
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        text = str(IPv6Address(int(parsed) >> 64 << 64))
    return key_of("address", text)


def address_guess(address: str | None) -> Guess:
    """Return how tries from one address are counted."""
    return Guess(
        address_key(address),
        free=ADDRESS_FREE,
        longest_seconds=ADDRESS_LONGEST_WAIT_SECONDS,
        memory_seconds=ADDRESS_MEMORY_SECONDS,
    )


def check(
    session: Session,
    key: str,
    *,
    limit: int,
    now: datetime,
    longest_seconds: int = LONGEST_WAIT_SECONDS,
    memory_seconds: int = MEMORY_SECONDS,
) -> None:
    """Only look: may this key try now?

    Args:
        limit: failures that are free.

    Raises:
        TooMany: it must wait.
    """
    row = session.get(Throttle, key)
    if row is not None:
        guess = Guess(key, limit, longest_seconds, memory_seconds)
        _refuse_early(row.failures, row.first_at, row.last_at, guess=guess, now=now)


def failures_of(session: Session, guess: Guess, *, now: datetime) -> int:
    """Only look: how many failures of this key are remembered?"""
    since = now - timedelta(seconds=guess.memory_seconds)
    connection = connection_of(session)
    rows = _failures_since(connection.dialect).rows(connection, {"key": guess.key, "since": since})
    return rows[0].failures if rows else 0


@cache
def _failures_since(dialect: Dialect) -> Prepared:
    row = Throttle.__table__.c
    query = select(row.failures).where(row.key == bindparam("key"), row.first_at > bindparam("since"))
    return Prepared(query, dialect)


def fail(session: Session, key: str, *, now: datetime, memory_seconds: int = MEMORY_SECONDS) -> None:
    """Count one failure of this key."""
    begin_write(session)
    row = _lock(session, key, now)
    _count(session, row, Guess(key, memory_seconds=memory_seconds), now)


def forget(session: Session, key: str) -> None:
    """Forget the failures of this key, after it was right."""
    begin_write(session)
    session.execute(_forgetting(), {"key": key})


@cache
def _forgetting() -> Delete:
    return delete(Throttle).where(Throttle.key == bindparam("key")).execution_options(**UNSEEN)


def reserve(session: Session, guesses: Iterable[Guess], *, now: datetime) -> list[Reservation]:
    """Count a try for all keys, or for none.

    Raises:
        TooMany: one of them must wait; roll the transaction back.
    """
    begin_write(session)
    reservations = []
    # In one order for everybody, so that two tries never wait for each other's rows.
    for guess in sorted(guesses, key=lambda g: g.key):
        row = _lock(session, guess.key, now)
        _refuse_early(row.failures, row.first_at, row.last_at, guess=guess, now=now)
        reservations.append(Reservation(guess.key, reserved_at=now, before_at=row.last_at))
        _count(session, row, guess, now)
    return reservations


def give_back(session: Session, reservations: Iterable[Reservation]) -> None:
    """Take reserved tries out of the count: they were right, or not tries at all."""
    begin_write(session)
    for reservation in sorted(reservations, key=lambda r: r.key):
        _give_back(session, reservation)


def _give_back(session: Session, reservation: Reservation) -> None:
    values = {"mine": reservation.key, "since": reservation.reserved_at, "before": reservation.before_at}
    session.execute(_giving_back(), values)


@cache
def _giving_back() -> Update:
    """Return the change: one failure less, and the last one is when it was, unless another came since."""
    fewer = case((Throttle.failures > 0, Throttle.failures - 1), else_=Throttle.failures)
    is_last = Throttle.last_at == bindparam("since")
    before = case((is_last, bindparam("before", type_=UtcDateTime())), else_=Throttle.last_at)
    query = update(Throttle).where(Throttle.key == bindparam("mine"))
    return query.values(failures=fewer, last_at=before).execution_options(**UNSEEN)


def sweep(session: Session, *, now: datetime) -> None:
    """Delete keys whose failures are forgotten anyway."""
    begin_write(session)
    session.execute(delete(Throttle).where(Throttle.last_at < now - timedelta(seconds=MEMORY_SECONDS)))


def wait_seconds(failures: int, guess: Guess) -> int:
    """Return how long after the last failure the next try may come: 0, then 30, 60, 120 and so on."""
    beyond = failures - guess.free
    if beyond < 0:
        return 0
    return min(FIRST_WAIT_SECONDS << min(beyond, 16), guess.longest_seconds)


def _refuse_early(
    failures: int, first_at: datetime, last_at: datetime, *, guess: Guess, now: datetime
) -> None:
    if now - first_at >= timedelta(seconds=guess.memory_seconds):
        return
    wait = wait_seconds(failures, guess)
    # A try that waited for the row may find a failure later than its own beginning: no reason to refuse it.
    left = (last_at + timedelta(seconds=wait) - now).total_seconds() if wait else 0
    if left > 0:
        raise TooMany(_wait_text(left), retry_after_seconds=int(left) + 1)


def _wait_text(seconds: float) -> object:
    minutes = int(seconds // 60) + 1
    return _l("There were too many wrong tries. Try again in %(minutes)s min.", minutes=minutes)


def _lock(session: Session, key: str, now: datetime) -> Throttle:
    """Return the row of ``key``, made if missing, locked until the transaction ends."""
    session.execute(_making(session.get_bind().dialect.name), {"mine": key, "now": now})
    return session.scalars(_locking(), {"key": key}).one()


@cache
def _making(dialect: str) -> sqlite.Insert | postgresql.Insert:
    insert = sqlite.Insert if dialect == "sqlite" else postgresql.Insert
    now = bindparam("now", type_=UtcDateTime())
    row = insert(Throttle).values(key=bindparam("mine"), failures=0, first_at=now, last_at=now)
    return row.on_conflict_do_nothing()


@cache
def _locking() -> Select[Throttle]:
    query = select(Throttle).where(Throttle.key == bindparam("key")).with_for_update()
    return query.execution_options(populate_existing=True)


def _count(session: Session, row: Throttle, guess: Guess, now: datetime) -> None:
    is_over = now - row.first_at >= timedelta(seconds=guess.memory_seconds)
    row.failures = 1 if is_over else row.failures + 1
    row.first_at = now if is_over else row.first_at
    row.last_at = now if is_over else max(row.last_at, now)
    session.flush()
