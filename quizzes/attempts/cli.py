"""Commands for sittings."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from lms.core.clock import utc_now
from lms.core.db import db
from quizzes.attempts import handing_in


@click.group()
def attempts() -> None:
    """Sittings of quizzes."""


@attempts.command("close-overdue")
@with_appcontext
def close_overdue() -> None:
    """Hand in every open sitting whose time has run out, and mark it."""
    closed = 0
    while count := handing_in.close_overdue(db.session(), now=utc_now()):
        db.session.commit()
        closed += count
    db.session.rollback()
    click.echo(f"Sittings handed in: {closed}")
