"""`lms certificate verify`: is this PDF genuine, does it stand? `trust`: what that needs elsewhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import ScriptInfo, with_appcontext
from flask_babel import force_locale
from sqlalchemy.exc import SQLAlchemyError

from certificates import queries
from certificates.badges.facts import CredentialFacts
from certificates.badges.queries import list_set_places
from certificates.badges.status_lists import SET_BY, Purpose, make_list
from certificates.checking.ended import list_ended, write_ended
from certificates.checking.file_verdict import FileFinding, verdict_of
from certificates.checking.inspection import MAX_FILE_BYTES, Inspection, inspect_file
from certificates.checking.offline_verdict import verdict_offline
from certificates.checking.trust import Trusted, read_trusted, write_trusted
from certificates.record import write_record
from certificates.signing.ring import KeyRing, current_ring
from lms.core.clock import utc_now
from lms.core.config import find_instance
from lms.core.db import db
from lms.core.errors import LmsError, NotFound

EXIT_CODES = {"valid": 0, "unchecked": 2}
"""Verdicts and their exit codes; all others are 1."""

SENTENCES = {
    "valid": "genuine and standing",
    "replaced": "genuine, but replaced by a newer one",
    "suspended": "genuine, but suspended",
    "revoked": "genuine, but revoked",
    "expired": "genuine, but it has run out",
    "tampered": "not the file that was issued",
    "unknown": "not found among the certificates of this installation",
    "unchecked": "could not be checked",
}
STANDING_UNKNOWN = "genuine as issued; whether it still stands is not known here"
MARKS = {True: "ok", False: "NO", None: "--"}

Judge = Callable[[Inspection], FileFinding]


@dataclass(frozen=True)
class Report:
    """What was found out about one file."""

    file: str
    verdict: str = "unchecked"
    code: str = ""
    checks: list[dict[str, Any]] = field(default_factory=list)
    record: dict[str, Any] | None = None

    def as_json(self) -> str:
        """Return it as one line."""
        return json.dumps(vars(self), ensure_ascii=False)

    def as_text(self) -> str:
        """Return it for a person."""
        is_open = any(check["name"] == "state" and check["ok"] is None for check in self.checks)
        sentence = STANDING_UNKNOWN if self.verdict == "valid" and is_open else SENTENCES[self.verdict]
        lines = [f"{self.file}: {self.verdict.upper()} – {sentence}"]
        lines += [f"  {MARKS[check['ok']]} {check['name']}: {check['detail']}" for check in self.checks]
        if self.record is not None:
            names = self.record["holder"]["name"], self.record["programme"]["title"]
            lines.append("  " + ", ".join((*names, self.record["completed_at"][:10], self.record["serial"])))
        return "\n".join(lines)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE.pdf...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per file and line.")
@click.option("--offline", is_flag=True, help="Ask no database: signature, credential and lists known here.")
@click.option(
    "--trust",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder with public keys and lists, instead of this installation's; means --offline.",
)
@click.pass_context
def verify(
    context: click.Context, files: tuple[Path, ...], as_json: bool, offline: bool, trust: Path | None
) -> None:
    """Check certificates as PDF files: signature, pages, QR, credential, record, and whether they stand.

    Offline, whether one still stands is known only with a status list in the folder of --trust.

    Exit code 0: all are valid; 1: one is not; 2: one could not be checked.
    """
    with ExitStack() as stack:
        try:
            ring, judge = _offline(trust) if offline or trust else _online(context, stack)
            reports = [_verify(path, ring, judge) for path in files]
        except LmsError as error:
            reports = [_unchecked(path, "keys", str(error.message)) for path in files]
        for report in reports:
            click.echo(report.as_json() if as_json else report.as_text())
    codes = {EXIT_CODES.get(report.verdict, 1) for report in reports}
    sys.exit(1 if 1 in codes else max(codes))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@with_appcontext
def trust(folder: Path) -> None:
    """Write what `verify --trust FOLDER` needs on a machine without a database: all of it is public.

    Public keys, lists of revoked signers, and which certificates no longer stand, as of now.
    """
    ring, base_url = current_ring(), current_app.config["BASE_URL"]
    try:
        names = write_trusted(folder, ring, base_url=base_url, lists=dict(_lists(ring, base_url, utc_now())))
    except OSError as error:
        raise click.ClickException(f"{folder}: {error.strerror}") from error
    click.echo(f"{len(names)} files in {folder}: {', '.join(names)}")


def _lists(ring: KeyRing, base_url: str, now: datetime) -> Iterator[tuple[str, str]]:
    yield "dicabut", json.dumps(write_ended(list_ended(db.session(), now=now), now=now))
    if ring.badge_key is None:
        return
    for number in count(1):
        for purpose in Purpose:
            try:
                places = list_set_places(db.session(), number, states=SET_BY[purpose])
            except NotFound:
                return
            made = make_list(places, base_url=base_url, purpose=purpose, number=number, now=now)
            yield f"{purpose}-{number}", made.write(ring.badge_key)


def _online(context: click.Context, stack: ExitStack) -> tuple[KeyRing, Judge]:
    app = context.ensure_object(ScriptInfo).load_app()
    stack.enter_context(app.app_context())
    stack.enter_context(force_locale("en"))
    ring = current_ring()

    def judge(inspection: Inspection) -> FileFinding:
        certificate = queries.find_by_code(db.session(), inspection.code or "")
        return verdict_of(inspection, certificate, ring, utc_now())

    return ring, judge


def _offline(folder: Path | None) -> tuple[KeyRing, Judge]:
    trusted: Trusted = read_trusted(folder or find_instance())
    return trusted.ring, lambda inspection: verdict_offline(inspection, trusted, utc_now())


def _verify(path: Path, ring: KeyRing, judge: Judge) -> Report:
    try:
        with path.open("rb") as file:
            body = file.read(MAX_FILE_BYTES + 1)
        finding = judge(inspect_file(body, ring=ring))
    except OSError as error:
        return _unchecked(path, "file", error.strerror or str(error))
    except SQLAlchemyError:
        return _unchecked(path, "record", "The database does not answer; try --offline.")
    except LmsError as error:
        return _unchecked(path, "file", str(error.message))
    return Report(
        file=str(path),
        verdict=finding.verdict.value,
        code=finding.code or "",
        checks=[{"name": each.name, "ok": each.ok, "detail": each.detail} for each in finding.checks],
        record=_record(finding),
    )


def _unchecked(path: Path, name: str, detail: str) -> Report:
    return Report(str(path), checks=[{"name": name, "ok": False, "detail": detail}])


def _record(finding: FileFinding) -> dict[str, Any] | None:
    if finding.record is not None:
        return json.loads(write_record(finding.record))  # type: ignore[no-any-return]
    return _as_record(finding.facts) if finding.facts is not None else None


def _as_record(facts: CredentialFacts) -> dict[str, Any]:
    """Return what a credential states, named as in the record."""
    return {
        "code": facts.code,
        "serial": facts.serial,
        "issued_at": facts.issued_at,
        "completed_at": facts.completed_at,
        "holder": {"name": facts.name},
        "programme": {"title": facts.title, "edition": facts.edition, "hours": facts.hours},
        "run": {"starts_on": facts.starts_at[:10], "ends_on": facts.ends_at[:10]},
        "office": {"name": facts.office},
        "is_demo": facts.is_demo,
    }
