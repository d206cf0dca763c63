"""`lms course check|report|words|load|export`: 0 done, 1 the course has faults, 2 wrong usage."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn, cast

import click
from flask import current_app
from flask.cli import with_appcontext

from courses.catalogue import queries
from courses.catalogue.export import write_files
from courses.catalogue.folder import read_files, read_folder
from courses.catalogue.quizzes import EXTENSION, QuizStore
from courses.catalogue.reporting import report_course, show_table
from courses.catalogue.services import CourseFaults, load_course, review_course
from courses.catalogue.sources import CourseFolder, FolderFaults
from courses.catalogue.texts.passages import list_passages
from courses.catalogue.texts.reviewing import word_list
from courses.catalogue.texts.spelling import unknown_words
from courses.facts.book import load_book
from courses.facts.documents import Fault
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import NotFound

TRAINING = date(2016, 10, 19)
"""The first day of the training all this began with."""
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
@click.option("--strict", is_flag=True, help="Advice counts as a fault.")
@click.option("--samples", is_flag=True, help="Print five variants of each calculated question.")
@JSON
@with_appcontext
def check(folder: Path, as_of: datetime | None, strict: bool, samples: bool, as_json: bool) -> None:
    """Name every fault in FOLDER with file and line; print advice."""
    source, day = _read(folder, as_json), _law_date(as_of)
    found = review_course(source, as_of=day, quizzes=_quizzes())
    if found.faults or (strict and found.advice):
        _refuse(folder, found.faults, as_json, found.advice)
    counts = {
        "lessons": len(source.lessons),
        "quizzes": len(source.quizzes),
        "questions": len(source.questions),
    }
    shown = _quizzes().samples(source, day) if samples else []
    if not as_json:
        _print(folder, [], found.advice)
        click.echo("".join(f"{line}\n" for line in shown), nl=False)
    text = ", ".join(f"{count} {name}" for name, count in counts.items())
    values = {"as_of": day.isoformat(), "faults": [], "advice": _as_maps(found.advice), **counts}
    _say(
        values | ({"samples": shown} if samples else {}),
        f"{folder}: no faults at {day}: {text}.",
        as_json,
    )


@course.command()
@FOLDER
@AS_OF
@click.option(
    "--table", is_flag=True, help="Print the training's law date beside it, as a table in Markdown."
)
@JSON
@with_appcontext
def report(folder: Path, as_of: datetime | None, table: bool, as_json: bool) -> None:
    """Count what FOLDER holds at the law date: modules, words, questions, facts."""
    source, day = _read(folder, as_json), _law_date(as_of)
    found = report_course(source, as_of=day)
    if table:
        click.echo(show_table([report_course(source, as_of=TRAINING), found]), nl=False)
        return
    lines = [f"{name}\t{count}" for name, count in found.rows()] + found.module_lines()
    _say(found.as_json(), "\n".join(lines), as_json)


@course.command()
@FOLDER
@with_appcontext
def words(folder: Path) -> None:
    """Print the words of FOLDER that its word list does not know, each with the sentence it stands in.

    Read them, mend what is wrong, and append the first column of the rest to periksa/kata.txt.
    """
    source = _read(folder, as_json=False)
    for word, passage, position in unknown_words(list_passages(source), word_list(source)):
        text = " ".join(passage.text[max(0, position - 40) : position + 60].split())
        click.echo(f"{word}\t{passage.file}:{passage.line_at(position)}\t{text}")


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
    if edition.status == "draft" and not as_json:
        # Before the numbers of a calculated question can no longer be taken back.
        click.echo("".join(f"{line}\n" for line in _quizzes().samples(source, edition.as_of)), nl=False)
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
@click.option(
    "--edited",
    is_flag=True,
    help="With the edits of questions made in the browser since; nothing else differs.",
)
@JSON
@with_appcontext
def export(slug: str, target: Path, number: int | None, edited: bool, as_json: bool) -> None:
    """Write the files of course SLUG to the empty folder TARGET, byte for byte as they were loaded."""
    session = db.session()
    edition = queries.find_edition(session, slug, number=number)
    if edition is None:
        raise NotFound(_missing(slug, number))
    files = queries.read_files_of(session, edition.id)
    changed = _quizzes().edited_files(session, read_files(files)) if edited else {}
    write_files({**files, **changed}, target)
    _say(
        {"slug": slug, "edition": edition.number, "files": len(files), "edited": sorted(changed)},
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


def _refuse(folder: Path, faults: list[Fault], as_json: bool, advice: Sequence[Fault] = ()) -> NoReturn:
    if as_json:
        values = {"faults": _as_maps(faults), "advice": _as_maps(advice)}
        click.echo(json.dumps(values, ensure_ascii=False))
    else:
        _print(folder, faults, advice)
    sys.exit(1)


def _print(folder: Path, faults: Iterable[Fault], advice: Iterable[Fault]) -> None:
    for fault in faults:
        click.echo(_placed(folder, fault), err=True)
    for point in advice:
        click.echo(f"{_placed(folder, point)} (advice)", err=True)


def _placed(folder: Path, fault: Fault) -> str:
    return str(Fault(str(folder / fault.file), fault.line, fault.message))


def _as_maps(faults: Iterable[Fault]) -> list[dict[str, object]]:
    return [vars(fault) for fault in faults]


def _say(values: dict[str, object], text: str, as_json: bool) -> None:
    click.echo(json.dumps(values, ensure_ascii=False) if as_json else text)
