"""`lms demo`: load the demo and say the ways in, begin it again, take it away."""

from __future__ import annotations

import json

import click
import flask_migrate
from flask import current_app
from flask.cli import ScriptInfo, with_appcontext

from certificates.signing.making import prepare_keys
from lms.core.config import LOOPBACK, find_instance
from lms.core.errors import LmsError
from lms.core.prepare import prepare_installation
from lms.demo import removing, seeding
from lms.demo.describing import describe, describe_as_text
from lms.demo.papers import sign_papers


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print url, accounts, cards and certificates as JSON.")
@click.pass_context
def demo(ctx: click.Context, as_json: bool) -> None:
    """Show the demo's sign-ins; make installation and demo first if they are not there."""
    if ctx.invoked_subcommand is not None:
        return
    prepare_installation(find_instance())
    prepare_keys(find_instance())
    with ctx.ensure_object(ScriptInfo).load_app().app_context():
        _require_loopback()
        flask_migrate.upgrade()
        _seed()
        click.echo(json.dumps(describe(), indent=2) if as_json else describe_as_text())


@demo.command()
@with_appcontext
def restart() -> None:
    """Begin the running demo cohort again: its second day is today."""
    _require_loopback()
    seeding.restart()
    click.echo("The running demo cohort begins again today. Cards are new: see `lms demo`.")


@demo.command()
@with_appcontext
def remove() -> None:
    """Take the demo people, cohorts, results and certificates away."""
    removing.remove()
    click.echo("The demo is gone.")


def load_for_serving() -> None:
    """Fill a fresh installation and say how to sign in; beyond loopback with the course only."""
    if current_app.config["HOST"] in LOOPBACK:
        _seed()
        click.echo(describe_as_text())
        return
    refuse_beyond_loopback()
    seeding.load_shipped_course()
    click.echo("Serving at {HOST}:{PORT} for {BASE_URL}, without demo people.".format(**current_app.config))
    click.echo("Make the first admin with `.venv/bin/lms user add --role admin`.")


def refuse_beyond_loopback() -> None:
    """Keep demo people on this machine.

    Raises:
        LmsError: others could reach them at HOST.
    """
    host = current_app.config["HOST"]
    if host not in LOOPBACK and seeding.exists():
        raise LmsError(
            f"Demo people with known secrets exist, so this does not listen at {host}. "
            "Take them away with `lms demo remove`, or serve at 127.0.0.1."
        )


def _seed() -> None:
    if not seeding.exists():
        click.echo(
            "Loading the demo: two cohorts of 25, one of them with all results. Some 20 seconds …", err=True
        )
        seeding.seed()
        sign_papers()


def _require_loopback() -> None:
    if current_app.config["HOST"] not in LOOPBACK:
        raise LmsError("Demo people are made on loopback only: set HOST to 127.0.0.1.")
