"""`lms badge check`: is this credential ours, unchanged, and does its certificate stand?"""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from certificates.badges.credential import MAX_CHARACTERS, CredentialCheck, Problem, check_credential
from certificates.checking.cli import EXIT_CODES, SENTENCES
from certificates.checking.verdict import Verdict, judge
from certificates.queries import find_by_code
from certificates.signing.ring import current_ring
from lms.core.clock import utc_now
from lms.core.db import db

VERDICTS = {
    Problem.FOREIGN: (Verdict.UNKNOWN, "not a credential in the form of this installation's"),
    Problem.UNKNOWN_KEY: (Verdict.UNCHECKED, "signed with a key this installation does not have"),
    Problem.CHANGED: (Verdict.TAMPERED, "not what was signed"),
}


@click.group()
def badge() -> None:
    """Credentials (Open Badges 3.0): check those somebody sends."""


@badge.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE.json...")
@with_appcontext
def check(files: tuple[Path, ...]) -> None:
    """Check credentials: signed here, unchanged, and whether their certificates stand.

    Exit code 0: all are valid; 1: one is not; 2: one could not be checked.
    """
    codes = {_report(path) for path in files}
    sys.exit(1 if 1 in codes else max(codes))


def _report(path: Path) -> int:
    """Print what was found out about one file and return its exit code."""
    try:
        with path.open(encoding="utf-8") as file:
            found = check_credential(file.read(MAX_CHARACTERS + 1), current_ring().badge_publics)
        verdict, sentence = _judge(found)
    except (OSError, UnicodeDecodeError):
        found, verdict, sentence = CredentialCheck(Problem.FOREIGN), Verdict.UNCHECKED, "cannot be read"
    click.echo(f"{path}: {verdict.upper()} – {sentence}")
    if found.facts is not None and found.ok:
        facts = found.facts
        click.echo("  " + ", ".join((facts.name, facts.title, facts.completed_at[:10], facts.serial)))
    return EXIT_CODES.get(verdict, 1)


def _judge(found: CredentialCheck) -> tuple[Verdict, str]:
    if not found.ok:
        return VERDICTS[found.problem]
    assert found.facts
    certificate = find_by_code(db.session(), found.facts.code)
    if certificate is None:
        return Verdict.UNCHECKED, "signed here, but there is no record to it: was a backup restored?"
    verdict = judge(certificate, is_trusted=True, now=utc_now()).verdict
    return verdict, SENTENCES[verdict]
