"""The command `lms`: one group per room, the same services as the pages."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
import flask_migrate
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.exc import OperationalError, ProgrammingError

from certificates.badges.cli import badge
from certificates.cli import certificate
from certificates.signing.cli import keys
from certificates.signing.making import prepare_keys
from courses.catalogue.cli import course
from courses.cohorts.cli import cohort
from courses.facts.cli import facts
from courses.facts.radar_cli import radar, refresh
from lms.app import create_app
from lms.core.accounts.cli import branch, user
from lms.core.backup import backup, restore
from lms.core.config import ConfigError, find_instance, load_config
from lms.core.errors import LmsError
from lms.core.jobs.cli import jobs
from lms.core.prepare import prepare_installation
from lms.core.schema import schema
from lms.demo.cli import demo, load_for_serving, refuse_beyond_loopback
from lms.home.health import problems
from lms.serving import serve_forever
from quizzes.attempts.cli import attempts
from quizzes.bank.cli import questions
from quizzes.exchange.cli import convert, export_questions, import_questions
from quizzes.exchange.qti.cli import qti
from quizzes.statistics.cli import quiz


class Lms(click.Group):
    """Shows our own errors as one line and exit code 1; wrong usage is exit code 2."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except LmsError as error:
            raise click.ClickException(str(error.message)) from error
        except (OperationalError, ProgrammingError) as error:
            # SQLite calls a missing table the one, PostgreSQL the other.
            reason = str(error.orig).splitlines()[0]
            raise click.ClickException(
                f"The database does not answer ({reason}). Is the schema there? Try `lms db upgrade`."
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


for group in (branch, user, course, facts, cohort, questions, quiz, attempts, certificate, badge, keys):
    main.add_command(group)
for group in (jobs, demo, schema, qti):
    main.add_command(group)
for command in (backup, restore):
    main.add_command(command)
facts.add_command(radar)
for command in (import_questions, export_questions, convert):
    questions.add_command(command)


@main.command()
@click.option("--prepare", is_flag=True, help="Make what can be made: folder, keys, font, translations.")
def doctor(prepare: bool) -> None:
    """Say what is missing and how to get it; exit code 1 if anything is."""
    if prepare:
        prepare_installation(find_instance())
        prepare_keys(find_instance())
    found = _find_problems()
    for name, problem in found.items():
        click.echo(f"{'ok     ' if not problem else 'MISSING'}  {name}{': ' + problem if problem else ''}")
    sys.exit(1 if any(found.values()) else 0)


def _find_problems() -> dict[str, str]:
    try:
        app = _create_app()
    except ConfigError as error:
        # Without settings and keys there is nothing else to look at.
        return {"settings": str(error.message)}
    with app.app_context():
        return problems()


@main.command()
@click.option("--demo", "with_demo", is_flag=True, help="Prepare everything, load the demo first.")
def serve(with_demo: bool) -> None:
    """Serve at HOST:PORT with gunicorn."""
    if with_demo:
        prepare_installation(find_instance())
        prepare_keys(find_instance())
    config = load_config(find_instance())
    app = create_app(config)
    with app.app_context():
        if with_demo:
            flask_migrate.upgrade()
            load_for_serving()
        refuse_beyond_loopback()
        refresh()
    sys.stdout.flush()
    serve_forever(app, config)
