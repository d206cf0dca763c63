"""Commands: `lms cohort import`."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import force_locale

from courses.cohorts import enrolling
from courses.cohorts.comparison import ComparedRow, DryRun, State, Undecided, compare
from courses.cohorts.models import Cohort
from courses.cohorts.queries import list_known_people
from courses.cohorts.roster import CheckedRow, check_row, read_roster
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import NotFound


@click.group()
def cohort() -> None:
    """Cohorts and the people in them."""


@cohort.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--cohort", "cohort_id", type=int, required=True, help="Number in its address.")
@click.option("--dry-run", is_flag=True, help="Show every row and change nothing.")
@click.option(
    "--decide",
    "decisions",
    metavar="ROW=WHO",
    multiple=True,
    help="Who a row is: e.g. 4=new, 7=user-12 or 9=row-3, as the dry run lists them.",
)
@with_appcontext
def import_roster(file: Path, cohort_id: int, dry_run: bool, decisions: tuple[str, ...]) -> None:
    """Enrol the people of a spreadsheet (XLSX or CSV): all of them, or nobody."""
    rows = [check_row(row) for row in read_roster(file.read_bytes(), file.name).rows]
    chosen = _read_decisions(decisions)
    run = _compare(cohort_id, rows)
    with force_locale("en"):  # commands speak English throughout
        click.echo("\n".join(_line(row) for row in run.rows))
    click.echo(", ".join(f"{state.value} {run.count(state)}" for state in State if run.count(state)))
    if dry_run:
        sys.exit(0 if run.is_ready else 1)
    try:
        plan = enrolling.apply_roster(
            db.session(), None, cohort_id=cohort_id, rows=rows, decisions=chosen, now=utc_now()
        )
    except Undecided as error:
        lines, hint = ", ".join(str(line) for line in error.lines), f"--decide {error.lines[0]}=new"
        with force_locale("en"):
            raise click.ClickException(f"{error.message} {lines}. Use e.g. {hint}") from error
    db.session.commit()
    counts = (len(plan.enrol), len(plan.reinstate), plan.unchanged_count)
    click.echo("{} enrolled, {} back again, {} unchanged.".format(*counts))


def _compare(cohort_id: int, rows: list[CheckedRow]) -> DryRun:
    session = db.session()
    found = session.get(Cohort, cohort_id)
    if found is None:
        raise NotFound(f"There is no cohort {cohort_id}.")
    return compare(rows, list_known_people(session, found, [row.person for row in rows if row.person]))


def _read_decisions(texts: tuple[str, ...]) -> dict[str, str]:
    """Return decisions by field name.

    Raises:
        click.BadParameter: one is not ROW=WHO.
    """
    chosen = {}
    for text in texts:
        line, mark, who = text.partition("=")
        if not mark or not line.isdecimal() or not who:
            raise click.BadParameter(f"{text!r} is not ROW=WHO, e.g. 4=new", param_hint="--decide")
        chosen[f"row-{line}"] = who
    return chosen


def _line(row: ComparedRow) -> str:
    written = row.row.written
    who = ", ".join((written.name, written.organisation, written.region_code))
    text = f"{written.line:>5}  {row.state.value:<8} {who}"
    reasons = [str(reason) for reason in row.row.faults.values()]
    options = [
        f"{option.value}: {option.person.name}, {option.person.organisation}" for option in row.options
    ]
    marks = [f" ({row.suggestion})"] if row.options and row.suggestion else []
    return "\n".join([text + "".join(marks), *(f"       - {note}" for note in (*reasons, *options))])
