"""The database: declarative base, column types, transactions.

One rule decides how a session behaves (design rule 16): reading takes no lock; whoever writes calls
:func:`begin_write` first, inside the service that writes, and flushing without it is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    event,
    make_url,
)
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction
from sqlalchemy.types import TypeDecorator

from lms.core.statements import send

MARKS_SCALE = 7
"""Digits kept after the point: marks are integers of 10⁻⁷ in the database (SQLite would keep floats)."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime; naive values are refused on the way in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: use lms.core.clock.utc_now()")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Marks(TypeDecorator[Decimal]):
    """A Decimal stored as an integer of 10⁻⁷."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else int(Decimal(value).scaleb(MARKS_SCALE).to_integral_value())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else Decimal(value).scaleb(-MARKS_SCALE)


class Base(DeclarativeBase):
    """What all tables share: names of constraints, and how Python types become columns."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcDateTime(),
        Decimal: Marks(),
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
    }


NEVER_REUSED = {"sqlite_autoincrement": True}
"""For tables whose numbers stand elsewhere, in the audit log or in the secrets of cards: without it SQLite
gives the number of a deleted row to the next one, which PostgreSQL never does."""

db = SQLAlchemy(
    metadata=Base.metadata,
    session_options={"expire_on_commit": False},
)
migrate = Migrate()


def init_app(app: Flask) -> None:
    """Bind the engine of ``app.config['DATABASE_URL']`` and set how its transactions begin."""
    url = make_url(app.config["DATABASE_URL"])
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    # What people wrote, and secrets, stay out of the log of a statement that failed.
    hidden = {"hide_parameters": not app.config["TESTING"]}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(url.get_backend_name()) | hidden
    db.init_app(app)
    migrate.init_app(
        app, db, directory=str(Path(__file__).parent / "migrations"), render_as_batch=True, compare_type=True
    )
    with app.app_context():
        set_transactions(db.engine)


def _engine_options(backend: str) -> dict[str, Any]:
    if backend == "sqlite":
        return {"module": pysqlite3.dbapi2, "connect_args": {"timeout": 10, "check_same_thread": False}}
    return {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8, "pool_timeout": 5}


def set_transactions(engine: Engine) -> None:
    """Let SQLAlchemy, not the driver, begin transactions on SQLite; set its PRAGMAs on every connection.

    Source: research on lost updates and WAL (SQLite documentation, "isolation" and "wal").
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=10000",
            "foreign_keys=ON",
            "trusted_schema=OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("lms_writes", False)
        send(connection, "BEGIN IMMEDIATE" if writes else "BEGIN")


def begin_write(session: Session) -> None:
    """Start the write transaction of this session; a service calls it before it decides anything.

    What was loaded before is expired, so that decisions rest on rows read under the lock. Within a
    running write transaction it does nothing: services may call each other. On SQLite it takes the
    write lock at once (waiting up to 10 s), on PostgreSQL rows are locked by the statements themselves.

    Raises:
        RuntimeError: the session holds unflushed changes made outside a write transaction.
    """
    if session.info.get("writing"):
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made before begin_write()")
    session.expire_all()
    if session.in_transaction():
        _begin_anew(connection_of(session))
    else:
        session.connection(execution_options={"lms_writes": True})
    session.info["writing"] = True


def _begin_anew(connection: Connection) -> None:
    """Let a transaction that has only read become one that writes, without giving the connection back.

    PostgreSQL reads what is committed with every statement; SQLite must drop what it saw and take the lock.
    """
    if connection.dialect.name == "sqlite":
        connection.connection.rollback()
        send(connection, "BEGIN IMMEDIATE")


def connection_of(session: Session) -> Connection:
    """Return the connection of the session's transaction, which begins if there is none yet.

    As ``session.connection()``, which goes through the session's states and binds each time it is asked.
    """
    known: Connection | None = session.info.get("connection")
    return known if known is not None and session.is_active else session.connection()


UNSEEN = {"synchronize_session": False}
"""Execution options of a change put together once, with ``bindparam``: SQLAlchemy cannot tell which loaded
objects such a change meets, so whoever sends it holds none, or loads them anew."""


def changed_rows(result: object) -> int:
    """Return how many rows an UPDATE or DELETE met: what decides who was first."""
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


@event.listens_for(Session, "before_flush")
def _refuse_unannounced_writes(session: Session, _context: Any, _instances: Any) -> None:
    if not session.info.get("writing") and (session.new or session.dirty or session.deleted):
        raise RuntimeError("flush outside a write transaction: call begin_write(session) in the service")


@event.listens_for(Session, "after_begin")
def _keep_connection(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    session.info["connection"] = connection


@event.listens_for(Session, "after_transaction_end")
def _forget_transaction(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("writing", None)
        session.info.pop("connection", None)


@contextmanager
def own_transaction() -> Iterator[Session]:
    """Yield a session of its own that commits by itself: throttle, session-seen, access log, audit.

    Independent of the request's session, so that a refused request still leaves its trace.
    """
    with Session(db.engine, expire_on_commit=False) as session:
        begin_write(session)
        yield session
        session.commit()
