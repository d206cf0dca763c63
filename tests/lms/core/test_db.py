"""Tests of lms.core.db: the connection of a transaction, asked for often."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import PendingRollbackError
from sqlalchemy.orm import Session

from lms.core.accounts.models import User
from lms.core.db import begin_write, connection_of


def test_a_transaction_has_one_connection_and_the_next_one_its_own(session: Session) -> None:
    session.rollback()
    first = connection_of(session)

    assert connection_of(session) is first is session.connection()

    session.rollback()

    assert connection_of(session) is session.connection()
    assert connection_of(session).in_transaction()


def test_reading_goes_on_in_the_connection_that_writes(session: Session) -> None:
    session.rollback()
    connection = connection_of(session)
    begin_write(session)

    assert connection_of(session) is connection
    with session.begin_nested():
        assert connection_of(session) is connection
    assert connection_of(session) is connection


def test_after_a_failed_change_nothing_is_asked_until_it_is_rolled_back(session: Session) -> None:
    session.rollback()
    begin_write(session)
    session.add(User())
    with pytest.raises(Exception, match=r"NOT NULL|not-null"):
        session.flush()

    with pytest.raises(PendingRollbackError):
        connection_of(session)

    session.rollback()
    assert connection_of(session).execute(text("SELECT 1")).scalar() == 1
