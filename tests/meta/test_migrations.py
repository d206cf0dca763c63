"""The schema goes up and down with rows in it, on both databases (check 35)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask

from lms.app import create_app
from lms.core.config import load_config
from lms.core.db import Base, db
from quizzes.bank.search.models import INDEX_NAME
from tests import conftest

MOMENT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LATER = {"ends_at", "expires_at"}
"""Columns a CHECK wants after their twin."""


@pytest.fixture
def empty_app(instance: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database without any table."""
    name = f"empty_{secrets.token_hex(6)}"
    url = conftest.create_postgres(name) if conftest.POSTGRES else f"sqlite:///{tmp_path / 'empty.sqlite'}"
    app = create_app(load_config(instance, DATABASE_URL=url, TESTING=True))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if conftest.POSTGRES:
        conftest.drop_postgres(name)


def revisions() -> list[str]:
    """Return every released revision, the oldest first."""
    script = ScriptDirectory(str(Path(__file__).parents[2] / "lms" / "core" / "migrations"))
    return [revision.revision for revision in script.walk_revisions()][::-1]


def fill() -> dict[str, int]:
    """Put one row into every table as the database has it now, and return how many rows each holds."""
    metadata = sa.MetaData()
    with db.engine.connect() as connection:
        metadata.reflect(connection)
    tables = [table for table in metadata.sorted_tables if table.name in Base.metadata.tables]
    with db.engine.execution_options(lms_writes=True).begin() as connection:
        for table in tables:
            if not connection.scalar(sa.select(sa.func.count()).select_from(table)):
                connection.execute(table.insert().values(_row(table)))
    return counts(tables)


def counts(tables: list[sa.Table]) -> dict[str, int]:
    """Return the number of rows of each table."""
    with db.engine.connect() as connection:
        return {t.name: connection.scalar(sa.select(sa.func.count()).select_from(t)) or 0 for t in tables}


def _row(table: sa.Table) -> dict[str, Any]:
    checks = " ".join(
        str(constraint.sqltext)
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    )
    return {column.name: _value(table, column, checks) for column in table.columns if not _may_wait(column)}


def _may_wait(column: sa.Column[Any]) -> bool:
    """Return whether a column may stay empty: self-references and what a CHECK ties to others do."""
    return bool(column.nullable)


def _value(table: sa.Table, column: sa.Column[Any], checks: str) -> Any:
    if column.foreign_keys:
        return 1
    allowed = re.search(rf"\b{column.name}\b\W*(?:::text\W*)?(?:IN \(|= ANY \(+ARRAY\[)'(\w+)'", checks)
    if allowed:
        return allowed[1]
    kind = column.type.python_type
    samples: dict[type, Any] = {
        int: 1,
        bool: False,
        bytes: b"x",
        date: date(2026, 11, 23),
        datetime: MOMENT + timedelta(hours=column.name in LATER),
        dict: {},
    }
    return samples.get(kind, "1" if kind is str else None)


def test_upgrade_makes_what_the_models_say(empty_app: Flask) -> None:
    flask_migrate.upgrade()

    flask_migrate.check()
    names = {name for name in sa.inspect(db.engine).get_table_names() if not name.startswith(INDEX_NAME)}
    assert names == set(Base.metadata.tables) | {"alembic_version"}


@pytest.mark.parametrize("revision", revisions())
def test_upgrade_from_a_released_revision_keeps_every_row(empty_app: Flask, revision: str) -> None:
    flask_migrate.upgrade(revision=revision)
    before = fill()

    flask_migrate.upgrade()

    flask_migrate.check()
    metadata = sa.MetaData()
    with db.engine.connect() as connection:
        metadata.reflect(connection)
    after = counts(list(metadata.sorted_tables))
    assert all(before.values())
    assert {name: after[name] for name in before if name in after} == {
        n: c for n, c in before.items() if n in after
    }


def test_newest_revision_goes_down_and_up_again(empty_app: Flask) -> None:
    flask_migrate.upgrade()
    before = fill()
    below = revisions()[-2] if len(revisions()) > 1 else "base"

    flask_migrate.downgrade(revision=below)
    flask_migrate.upgrade()

    flask_migrate.check()
    if below == "base":
        assert sa.inspect(db.engine).has_table("user")
    else:
        metadata = sa.MetaData()
        with db.engine.connect() as connection:
            metadata.reflect(connection)
        assert counts([metadata.tables[name] for name in before if name in metadata.tables]) == before


def test_upgrading_twice_changes_nothing(empty_app: Flask) -> None:
    flask_migrate.upgrade()
    before = fill()

    flask_migrate.upgrade()

    metadata = sa.MetaData()
    with db.engine.connect() as connection:
        metadata.reflect(connection)
    assert counts([metadata.tables[name] for name in before]) == before


def test_audit_log_only_grows(empty_app: Flask) -> None:
    flask_migrate.upgrade()
    fill()

    truncating = ["TRUNCATE audit_event"] if conftest.POSTGRES else []
    for statement in ("UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event", *truncating):
        with pytest.raises(sa.exc.DatabaseError, match="only grows"), db.engine.begin() as connection:
            connection.execute(sa.text(statement))
