"""`lms db`: the schema of the database, and the command that brings it up to date."""

from __future__ import annotations

from pathlib import Path

import click
import flask_migrate
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from blinker import Signal
from flask import current_app
from flask.cli import with_appcontext

from lms.core.db import db

upgraded = Signal(
    """Sent when `lms db upgrade` is done, outside of transactions: data shipped with the code may be others.

    Sender: this module's command. Receivers commit what they do.
    """
)


@click.group("db")
def schema() -> None:
    """The schema of the database."""


@schema.command()
@with_appcontext
def upgrade() -> None:
    """Bring the schema up to date; again changes nothing. Take a backup first."""
    before = read_version()
    flask_migrate.upgrade()
    after = read_version()
    upgraded.send(upgrade)
    click.echo(f"Schema is at {after}, as it was." if before == after else f"Schema is at {after} now.")


@schema.command()
@with_appcontext
def current() -> None:
    """Say which version the schema has, and which one it needs."""
    click.echo(f"Schema is at {read_version() or 'nothing'}, needs {newest_version()}.")


@schema.command()
@click.option("--message", "-m", required=True, help="What changes, in a few words.")
@with_appcontext
def revision(message: str) -> None:
    """For developers: write the next migration from what changed in the models."""
    flask_migrate.migrate(message=message)


def read_version() -> str | None:
    """Return the version of the schema in the database; None without one.

    Raises:
        SQLAlchemyError: the database does not answer.
    """
    version = MigrationContext.configure(db.session.connection()).get_current_revision()
    db.session.rollback()
    return version


def newest_version() -> str | None:
    """Return the version this code needs."""
    return ScriptDirectory(str(Path(current_app.extensions["migrate"].directory))).get_current_head()
