"""The command `lms`: one group per room, the same services as the pages."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import ScriptInfo, with_appcontext
from flask_migrate.cli import db as db_group
from sqlalchemy.exc import OperationalError

from certificates.cli import certificate
from courses.catalogue.cli import course
from courses.cohorts.cli import cohort
from lms import demo as demo_room
from lms.app import create_app
from lms.core import prepare
from lms.core.accounts.cli import branch, user
from lms.core.backup import backup, restore
from lms.core.config import LOOPBACK, Config, find_instance, load_config, prepare_instance
from lms.core.errors import LmsError
from lms.home.health import problems
from quizzes.attempts.cli import attempts


class Lms(click.Group):
    """Shows our own errors as one line and exit code 1; wrong usage is exit code 2."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except LmsError as error:
            raise click.ClickException(str(error.message)) from error
        except OperationalError as error:
            raise click.ClickException(
                f"The database does not answer ({error.orig}). Is the schema there? Try `lms db upgrade`."
            ) from error


@click.group(cls=Lms)
@click.option("--instance", type=click.Path(path_type=Path), help="Folder of the installation.")
@click.version_option(package_name="penggerak")
@click.pass_context
def main(ctx: click.Context, instance: Path | None) -> None:
    """Penggerak: training and assessment for kader penggerak."""
    if instance is not None:
        os.environ["LMS_INSTANCE"] = str(instance.resolve())
    ctx.obj = ScriptInfo(create_app=_create_app)


def _create_app() -> Flask:
    return create_app(load_config(find_instance()))


for group in (branch, user, course, cohort, attempts, certificate, db_group):
    main.add_command(group)
for command in (backup, restore):
    main.add_command(command)


@main.command()
@click.option("--prepare", is_flag=True, help="Make what can be made: folder, keys, font, translations.")
def doctor(prepare: bool) -> None:
    """Say what is missing and how to get it; exit code 1 if anything is."""
    if prepare:
        _prepare()
    with _create_app().app_context():
        found = problems()
    for name, problem in found.items():
        click.echo(f"{'ok     ' if not problem else 'MISSING'}  {name}{': ' + problem if problem else ''}")
    sys.exit(1 if any(found.values()) else 0)


def _prepare() -> None:
    prepare_instance(find_instance())
    prepare.main()


@main.command()
@click.option("--demo", "with_demo", is_flag=True, help="Prepare everything, load the demo first.")
def serve(with_demo: bool) -> None:
    """Serve at HOST:PORT with gunicorn."""
    if with_demo:
        _prepare()
    config = load_config(find_instance())
    app = create_app(config)
    with app.app_context():
        if with_demo:
            flask_migrate.upgrade()
            _seed(config)
        _refuse_demo_beyond_loopback(config)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *_gunicorn_arguments(config)])  # noqa: S606


def _gunicorn_arguments(config: Config) -> list[str]:
    return [
        "--bind",
        f"{config.HOST}:{config.PORT}",
        "--workers",
        str(config.WORKERS),
        "--threads",
        str(config.THREADS),
        "--worker-class",
        "gthread",
        "--no-control-socket",
        "--graceful-timeout",
        "20",
        "--log-level",
        "warning",
        "lms.wsgi:app",
    ]


def _seed(config: Config) -> None:
    if config.HOST in LOOPBACK:
        demo_room.seed()
        click.echo(demo_room.describe_as_text())
    else:
        demo_room.load_shipped_course()
        click.echo(f"Serving at {config.HOST}:{config.PORT} for {config.BASE_URL}, without demo people.")
        click.echo("Make the first admin with `.venv/bin/lms user add --role admin`.")


def _refuse_demo_beyond_loopback(config: Config) -> None:
    if config.HOST not in LOOPBACK and demo_room.exists():
        raise click.ClickException(
            f"Demo people with known secrets exist, so this does not listen at {config.HOST}. "
            "Take them away with `lms demo remove`, or serve at 127.0.0.1."
        )


@main.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print url, accounts, cards and certificates as JSON.")
@click.pass_context
@with_appcontext
def demo(ctx: click.Context, as_json: bool) -> None:
    """Show the demo's sign-ins; load it first if it is not there."""
    if ctx.invoked_subcommand is None:
        _require_loopback()
        demo_room.seed()
        text = json.dumps(demo_room.describe(), indent=2) if as_json else demo_room.describe_as_text()
        click.echo(text)


@demo.command("restart")
@with_appcontext
def demo_restart() -> None:
    """Begin the running demo cohort again: its second day is today."""
    _require_loopback()
    demo_room.restart()
    click.echo("The running demo cohort begins again today. Cards are new: see `lms demo`.")


@demo.command("remove")
@with_appcontext
def demo_remove() -> None:
    """Take the demo people, cohorts, results and certificates away."""
    demo_room.remove()
    click.echo("The demo is gone.")


def _require_loopback() -> None:
    if current_app.config["HOST"] not in LOOPBACK:
        raise click.ClickException("Demo people are made on loopback only: set HOST to 127.0.0.1.")
