"""`lms course check|load|export`: 0 done, 1 the course has faults, 2 wrong usage."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn, cast

import click
from flask import current_app
from flask.cli import with_appcontext

from courses.catalogue import queries
from courses.catalogue.export import write_files
from courses.catalogue.folder import CourseFolder, FolderFaults, read_folder
from courses.catalogue.quizzes import EXTENSION, QuizStore
from courses.catalogue.services import CourseFaults, check_course, load_course
from courses.facts.book import load_book
from courses.facts.documents import Fault
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import NotFound

FOLDER = click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
AS_OF = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Law date of the edition; default: the newest the facts know.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group()
def course() -> None:
    """Check, load and export courses as folders of files."""


@course.command()
@FOLDER
@AS_OF
@JSON
@with_appcontext
def check(folder: Path, as_of: datetime | None, as_json: bool) -> None:
    """Name every fault in FOLDER with file and line."""
    source, day = _read(folder, as_json), _law_date(as_of)
    faults = check_course(source, as_of=day, quizzes=_quizzes())
    if faults:
        _refuse(folder, faults, as_json)
    counts = {
        "lessons": len(source.lessons),
        "quizzes": len(source.quizzes),
        "questions": len(source.questions),
    }
    text = ", ".join(f"{count} {name}" for name, count in counts.items())
    _say(
        {"as_of": day.isoformat(), "faults": [], **counts}, f"{folder}: no faults at {day}: {text}.", as_json
    )


@course.command()
@FOLDER
@AS_OF
@click.option(
    "--publish", is_flag=True, help="Make the edition available to cohorts; it never changes again."
)
@JSON
@with_appcontext
def load(folder: Path, as_of: datetime | None, publish: bool, as_json: bool) -> None:
    """Store FOLDER as an edition; the same folder again changes nothing."""
    source = _read(folder, as_json)
    try:
        edition = load_course(
            db.session(),
            source,
            as_of=_law_date(as_of),
            quizzes=_quizzes(),
            publish=publish,
            now=utc_now(),
            actor_id=None,
        )
    except CourseFaults as error:
        _refuse(folder, error.faults, as_json)
    db.session.commit()
    _say(
        {
            "slug": source.slug,
            "edition": edition.number,
            "status": edition.status,
            "as_of": edition.as_of.isoformat(),
        },
        f"{source.slug}: edition {edition.number}, {edition.status}, law of {edition.as_of}.",
        as_json,
    )


@course.command()
@click.argument("slug")
@click.argument("target", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--edition", "number", type=click.IntRange(min=1), help="Number of the edition; default: the newest."
)
@JSON
@with_appcontext
def export(slug: str, target: Path, number: int | None, as_json: bool) -> None:
    """Write the files of course SLUG to the empty folder TARGET, byte for byte as they were loaded."""
    session = db.session()
    edition = queries.find_edition(session, slug, number=number)
    if edition is None:
        raise NotFound(_missing(slug, number))
    files = queries.read_files_of(session, edition.id)
    write_files(files, target)
    _say(
        {"slug": slug, "edition": edition.number, "files": len(files)},
        f"{target}: {len(files)} files of {slug}, edition {edition.number}.",
        as_json,
    )


def _missing(slug: str, number: int | None) -> str:
    return f"There is no course {slug!r}" + (f" with edition {number}." if number else ".")


def _read(folder: Path, as_json: bool) -> CourseFolder:
    try:
        return read_folder(folder)
    except FolderFaults as error:
        _refuse(folder, error.faults, as_json)


def _law_date(as_of: datetime | None) -> date:
    return as_of.date() if as_of else load_book().as_of


def _quizzes() -> QuizStore:
    return cast(QuizStore, current_app.extensions[EXTENSION])


def _refuse(folder: Path, faults: list[Fault], as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps({"faults": [vars(fault) for fault in faults]}, ensure_ascii=False))
    for fault in faults:
        click.echo(str(Fault(str(folder / fault.file), fault.line, fault.message)), err=True)
    sys.exit(1)


def _say(values: dict[str, object], text: str, as_json: bool) -> None:
    click.echo(json.dumps(values, ensure_ascii=False) if as_json else text)
