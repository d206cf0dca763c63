"""Commands: questions in, out, and from one format into another."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask import has_app_context
from flask.cli import ScriptInfo, with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.headings import make_anchor
from courses.facts.book import load_book
from lms.core.accounts.logins import fold_login
from lms.core.accounts.models import Branch, User
from lms.core.audit.services import record
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from quizzes.bank.models import Question
from quizzes.bank.pictures.storing import keep_picture
from quizzes.exchange.contract import GivenQuestion, Unreadable, Writer
from quizzes.exchange.exports.queries import list_outgoing
from quizzes.exchange.formats import READERS, WRITERS
from quizzes.exchange.imports.preparing import Prepared, prepare
from quizzes.exchange.imports.reading import Found, read_all
from quizzes.exchange.imports.storing import Origin, make_ready, store_ready

_IN = click.Choice([reader.key for reader in READERS])
_OUT = click.Choice([writer.key for writer in WRITERS])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("file", type=_FILE)
@click.option("--format", "key", type=_IN, help="The format; else as it looks.")
@click.option("--dry-run", is_flag=True, help="Only say what is in it: needs no database.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@click.option("--skip-errors", is_flag=True, help="Store the rest of a faulty file; still exit code 1.")
@click.option("--branch", "code", help="Code of the branch office they belong to; else the nation.")
@click.option("--topic", default="impor", show_default=True, help="Of questions whose file names none.")
@click.option(
    "--use",
    type=click.Choice(["graded", "practice"]),
    default="graded",
    show_default=True,
    help="Whether they count toward results or are for practice.",
)
@click.option("--by", "login", help="Who is noted as their author: what the person signs in with.")
@click.pass_context
def import_questions(
    ctx: click.Context, /, file: Path, key: str | None, dry_run: bool, as_json: bool, **asked: Any
) -> None:
    """Store the questions of FILE as drafts; nothing where something is wrong with one of them.

    Exit code 1 if anything is wrong, 2 for wrong usage.
    """
    topic = make_anchor(asked["topic"])
    if not topic:
        raise click.UsageError("Give a topic of letters or digits.")
    found = _read(file, key)
    prepared = list(prepare(found.read, topic=topic, book=load_book()))
    is_right = all(one.kind is not None for one in prepared)
    question_ids: list[int] = []
    if not dry_run and (is_right or asked["skip_errors"]):
        if not has_app_context():
            ctx.with_resource(ctx.ensure_object(ScriptInfo).load_app().app_context())
        origin = Origin(found.reader.key, file.name)
        question_ids = _store(
            db.session(), prepared, origin, code=asked["code"], use=asked["use"], login=asked["login"]
        )
        db.session.commit()
    if as_json:
        click.echo(json.dumps(_as_json(file, found, prepared, question_ids), ensure_ascii=False, indent=2))
    else:
        _say(file, found, prepared, question_ids)
    sys.exit(0 if is_right else 1)


@click.command("export")
@click.option("--to", "key", type=_OUT, required=True, help="The format.")
@click.option("--topic", help="Only of this topic.")
@click.option("--branch", "code", help="Only of this branch office; else of all and of the nation.")
@click.option("--id", "ids", type=int, multiple=True, help="Only these; may be given more than once.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Else soal.<ending> here.")
@with_appcontext
def export_questions(
    key: str, topic: str | None, code: str | None, ids: tuple[int, ...], output: Path | None
) -> None:
    """Write questions of the bank to a file, facts as words of their law date; what is lost is said.

    Exit code 1 if a question does not fit into the format.
    """
    session, writer = db.session(), _writer(key)
    query = select(Question.id).where(Question.status != "retired")
    query = query.where(Question.topic == topic) if topic else query
    query = query.where(Question.branch_id == _branch_id(session, code)) if code else query
    query = query.where(Question.id.in_(ids)) if ids else query
    found = list_outgoing(session, None, question_ids=session.scalars(query).all(), book=load_book())
    for one in found:
        if one.given is None:
            click.echo(f"soal-{one.question_id}: {one.fault}", err=True)
    given = [one.given for one in found if one.given is not None]
    is_whole = _write(writer, given, output or Path(f"soal{writer.ending}"), may_replace=output is not None)
    _note_export(session, [one.question_id for one in found])
    db.session.commit()
    sys.exit(0 if is_whole and len(given) == len(found) else 1)


@click.command("convert")
@click.argument("file", type=_FILE)
@click.option("--to", "target", type=_OUT, required=True, help="The format it becomes.")
@click.option("--format", "key", type=_IN, help="The format it has; else as it looks.")
@click.option("--skip-errors", is_flag=True, help="Write the rest of a faulty file; still exit code 1.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Else beside FILE with its ending."
)
def convert(file: Path, target: str, key: str | None, skip_errors: bool, output: Path | None) -> None:
    """Write the questions of FILE in another format; needs no database.

    Exit code 1 if anything is wrong with one of them or does not fit, 2 for wrong usage.
    """
    found, writer = _read(file, key), _writer(target)
    for fault in found.faults:
        click.echo(f"{file}:{fault.line}: {fault.message}", err=True)
    if found.faults and not skip_errors:
        raise click.ClickException("Nothing is written. Mend the lines above, or use --skip-errors.")
    given = [
        GivenQuestion(
            one.kind, one.source, one.name or f"soal-{number}", one.topic, one.tags, dict(one.files)
        )
        for number, one in enumerate(found.questions, 1)
    ]
    goal = output or file.with_suffix(writer.ending)
    is_whole = _write(writer, given, goal, may_replace=output is not None)
    sys.exit(0 if is_whole and not found.faults else 1)


def _read(file: Path, key: str | None) -> Found:
    try:
        return read_all(file.read_bytes(), file.name, key=key or "")
    except Unreadable as error:
        raise click.ClickException(f"{file}: {error.message}") from error


def _writer(key: str) -> Writer:
    return next(writer for writer in WRITERS if writer.key == key)


def _write(writer: Writer, given: Sequence[GivenQuestion], goal: Path, *, may_replace: bool) -> bool:
    """Write what the format holds and say what is lost; return whether it holds all questions."""
    held = [one for one in given if writer.holds(one)]
    for one in given:
        for loss in writer.losses(one):
            click.echo(f"{one.name}: {loss}", err=True)
    if not held:
        raise click.ClickException(f"No question fits into {writer.label}: nothing is written.")
    if goal.exists() and not may_replace:
        raise click.ClickException(f"{goal} is there already: name another file with --output.")
    goal.write_bytes(writer.write(held))
    click.echo(f"{goal}: {len(held)} of {len(given)} questions")
    return len(held) == len(given)


def _store(
    session: Session,
    prepared: Sequence[Prepared],
    origin: Origin,
    *,
    code: str | None,
    use: str,
    login: str | None,
) -> list[int]:
    """Store what can be, in one transaction; return the numbers of the new questions."""
    book, now = load_book(), utc_now()
    ready = [
        make_ready(
            one.source,
            kind=one.kind,
            topic=one.topic,
            use=use,
            book=book,
            line=one.line,
            place=one.place,
            tags=one.tags,
        )
        for one in prepared
        if one.kind is not None
    ]
    begin_write(session)
    branch_id, actor_id = _branch_id(session, code), _author_id(session, login)
    for picture in {picture.sha256: picture for one in prepared for picture in one.pictures}.values():
        keep_picture(session, picture, now=now, actor_id=actor_id)
    return store_ready(session, ready, branch_id=branch_id, origin=origin, actor_id=actor_id, now=now)


def _branch_id(session: Session, code: str | None) -> int | None:
    if code is None:
        return None
    branch_id = session.scalar(select(Branch.id).where(Branch.code == code))
    if branch_id is None:
        raise click.UsageError(f"There is no branch office {code!r}: `lms branch add` makes one.")
    return branch_id


def _author_id(session: Session, login: str | None) -> int | None:
    if login is None:
        return None
    user_id = session.scalar(select(User.id).where(User.login == fold_login(login)))
    if user_id is None:
        raise click.UsageError(f"Nobody signs in with {login!r}.")
    return user_id


def _note_export(session: Session, question_ids: list[int]) -> None:
    begin_write(session)
    record(
        session,
        "question.exported",
        at=utc_now(),
        actor_id=None,
        object_type="question",
        question_ids=question_ids,
    )


def _say(file: Path, found: Found, prepared: Sequence[Prepared], question_ids: Sequence[int]) -> None:
    for one in prepared:
        place = f"{one.place or file}:{one.line}"
        if one.kind is None:
            click.echo(f"{place}: {one.problem}", err=True)
        for guess in one.guesses:
            click.echo(f"{place}: guessed: {guess}", err=True)
        for loss in one.losses:
            click.echo(f"{place}: lost: {loss}", err=True)
    right = sum(one.kind is not None for one in prepared)
    wrong = len(prepared) - right
    click.echo(f"{found.reader.label}: {right} questions, {wrong} errors. Stored: {len(question_ids)}.")


def _as_json(
    file: Path, found: Found, prepared: Sequence[Prepared], question_ids: Sequence[int]
) -> dict[str, Any]:
    numbers = iter(question_ids)
    questions = [_question(one) for one in prepared if one.kind is not None]
    for question in questions:
        question["question_id"] = next(numbers, None)
    faults = [
        {"line": one.line, "file": one.place, "message": one.problem, "original": one.original}
        for one in prepared
        if one.kind is None
    ]
    told = {"file": file.name, "format": found.reader.key, "stored": len(question_ids)}
    return told | {"questions": questions, "errors": faults}


def _question(one: Prepared) -> dict[str, Any]:
    return {
        "line": one.line,
        "file": one.place,
        "kind": one.kind,
        "name": one.name,
        "topic": one.topic,
        "tags": list(one.tags),
        "source": one.source,
        "guesses": list(one.guesses),
        "losses": list(one.losses),
        "pictures": [picture.sha256 for picture in one.pictures],
    }
