"""Tests of lms.core.statements: what a prepared statement gives is what SQLAlchemy gives."""

from __future__ import annotations

import pytest
from sqlalchemy import Table, bindparam, event, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from lms.core.accounts.models import User
from lms.core.db import begin_write, db
from lms.core.statements import Prepared
from tests import conftest, factories

_USER: Table = User.__table__  # type: ignore[assignment]
_ALL = select(*_USER.columns).where(_USER.c.id == bindparam("id"), _USER.c.role == "trainee")


def _prepared(session: Session) -> Prepared:
    return Prepared(_ALL, session.connection().dialect)


def test_values_come_back_as_their_types_have_them(session: Session) -> None:
    user = factories.make_user(session)

    (row,) = _prepared(session).rows(session.connection(), {"id": user.id})

    assert tuple(row) == tuple(session.execute(_ALL, {"id": user.id}).one())
    assert row.created_at == user.created_at
    assert row.is_demo is False


def test_a_value_that_is_not_given_is_an_error(session: Session) -> None:
    with pytest.raises(KeyError):
        _prepared(session).rows(session.connection(), {})


def test_who_counts_statements_counts_these(session: Session) -> None:
    seen: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *told: seen.append(told[2]))

    _prepared(session).rows(session.connection(), {"id": 1})

    assert [text.split()[0] for text in seen if text != "BEGIN"] == ["SELECT"]


def test_an_error_of_the_driver_is_raised_as_sqlalchemy_does_without_values(session: Session) -> None:
    user = factories.make_user(session)
    session.rollback()
    begin_write(session)
    connection = session.connection()
    names = [column.key for column in _USER.columns]
    again = insert(_USER).from_select(names, _ALL, include_defaults=False).returning(_USER.c.id)

    with pytest.raises(IntegrityError) as caught:
        Prepared(again, connection.dialect).rows(connection, {"id": user.id})

    assert caught.value.params is None
    session.rollback()


@pytest.mark.skipif(not conftest.POSTGRES, reason="SQLite has no server to lose")
def test_a_connection_whose_server_has_gone_is_dropped_and_the_next_one_works(session: Session) -> None:
    prepared = _prepared(session)
    connection = session.connection()
    me = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    with db.engine.connect() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({me})")

    with pytest.raises(OperationalError) as caught:
        prepared.rows(connection, {"id": 1})

    assert caught.value.connection_invalidated
    session.rollback()
    assert not prepared.rows(session.connection(), {"id": 1})
