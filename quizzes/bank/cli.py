"""Commands for the bank."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from lms.core.db import db
from quizzes.bank.search import indexing


@click.group()
def questions() -> None:
    """The bank of questions."""


@questions.command("reindex")
@with_appcontext
def reindex() -> None:
    """Note anew what every question is found by; again changes nothing."""
    count = indexing.reindex(db.session())
    db.session.commit()
    click.echo(f"Questions that can be found: {count}")
