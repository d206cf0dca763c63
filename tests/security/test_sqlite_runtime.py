"""The database as it runs, not as it is configured (check 8)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pysqlite3.dbapi2
import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from lms.core.accounts.models import User
from lms.core.db import begin_write, db, own_transaction
from tests import conftest, factories

pytestmark = pytest.mark.skipif(bool(conftest.POSTGRES), reason="SQLite's own dangers")


def test_library_is_newer_than_the_bug_that_damages_a_wal(session: Session) -> None:
    running = session.execute(text("SELECT sqlite_version()")).scalar_one()

    assert tuple(map(int, running.split("."))) >= (3, 51, 3)
    assert db.engine.dialect.loaded_dbapi is pysqlite3.dbapi2


def test_every_connection_of_the_pool_has_the_settings(app: Flask) -> None:
    def ask(_number: int) -> tuple[Any, ...]:
        with db.engine.connect() as connection:
            names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema")
            return tuple(connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names)

    with ThreadPoolExecutor(6) as pool:
        found = set(pool.map(lambda n: _with(app, ask, n), range(24)))

    assert found == {("wal", 2, 1, 10000, 0)}


def _with(app: Flask, work: Any, number: int) -> Any:
    with app.app_context():
        return work(number)


def test_writers_take_the_lock_at_once_and_readers_none(session: Session) -> None:
    begun: list[str] = []
    event.listen(
        db.engine,
        "before_cursor_execute",
        lambda c, k, statement, *rest: begun.append(statement) if statement.startswith("BEGIN") else None,
    )

    session.execute(text("SELECT 1"))
    session.rollback()
    begin_write(session)
    session.rollback()
    with own_transaction():
        pass

    assert begun == ["BEGIN", "BEGIN IMMEDIATE", "BEGIN IMMEDIATE"]


def test_what_is_changed_without_the_lock_is_refused(session: Session) -> None:
    session.add(User(name="X", role="trainee", created_at=factories.NOW))

    with pytest.raises(RuntimeError, match="begin_write"):
        session.flush()


def test_a_reader_sees_nothing_half_done_and_never_waits(app: Flask, session: Session) -> None:
    begin_write(session)
    session.add(User(name="X", role="trainee", created_at=factories.NOW))
    session.flush()

    with Session(db.engine) as reader:
        assert reader.query(User).count() == 0

    session.rollback()
