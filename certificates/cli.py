"""Commands: check PDF files, make the papers of a cohort ahead of time."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from certificates import queries, services
from certificates.codes import show_code
from certificates.embedded import MAX_FILE_BYTES, UnreadableFileError, find_code
from certificates.models import Certificate
from certificates.papers import keep_paper, open_paper
from certificates.record import read_record
from certificates.verification import is_intact
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import LmsError

EXIT_CODES = {"valid": 0, "unchecked": 2}
"""Verdicts and their exit codes; all others are 1."""

SENTENCES = {
    "valid": "genuine and standing",
    "replaced": "genuine, but replaced by a newer one",
    "revoked": "genuine, but revoked",
    "tampered": "changed since it was issued",
    "unknown": "not found among the certificates of this installation",
    "unchecked": "cannot be read",
}


@dataclass
class Report:
    """What was found out about one file."""

    file: str
    verdict: str = "unchecked"
    code: str = ""
    checks: list[dict[str, Any]] = field(default_factory=list)
    record: dict[str, Any] | None = None

    def note(self, name: str, ok: bool, detail: str) -> bool:
        """Add one line of what was checked and return its outcome."""
        self.checks.append({"name": name, "ok": ok, "detail": detail})
        return ok


@click.group()
def certificate() -> None:
    """Certificates: check files, make papers."""


@certificate.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE.pdf...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per file and line.")
@with_appcontext
def verify(files: tuple[Path, ...], as_json: bool) -> None:
    """Check certificates as PDF files: the code inside, the record, and that no byte was changed.

    Exit code 0: all are valid; 1: one is not; 2: one could not be read.
    """
    reports = [_verify(path) for path in files]
    for report in reports:
        click.echo(json.dumps(asdict(report), ensure_ascii=False) if as_json else _as_text(report))
    codes = {EXIT_CODES.get(report.verdict, 1) for report in reports}
    sys.exit(1 if 1 in codes else max(codes))


@certificate.command()
@click.option("--cohort", "cohort_id", type=int, help="Only of this cohort (its number).")
@with_appcontext
def render(cohort_id: int | None) -> None:
    """Make and keep the PDFs of standing certificates that have none yet."""
    ids = queries.list_without_paper(db.session(), cohort_id=cohort_id)
    for certificate_id in ids:
        row = db.session.get_one(Certificate, certificate_id)
        db.session.remove()
        digest = keep_paper(row, instance=_instance(), base_url=current_app.config["BASE_URL"])
        services.keep_pdf(db.session(), certificate_id, pdf_sha256=digest, now=utc_now())
        db.session.commit()
    click.echo(f"{len(ids)} PDFs made.")


def _verify(path: Path) -> Report:
    report = Report(file=str(path))
    body = _read(path, report)
    if body is None:
        return report
    code = find_code(body)
    report.code = code or ""
    row = queries.find_by_code(db.session(), code or "")
    if not report.note("code", code is not None, show_code(code) if code else "no code of ours in the file"):
        report.verdict = "unknown"
    elif row is None:
        report.note("record", False, "no certificate with this code")
        report.verdict = "unknown"
    else:
        _verify_row(row, body, report)
    return report


def _read(path: Path, report: Report) -> bytes | None:
    try:
        with path.open("rb") as file:
            body = file.read(MAX_FILE_BYTES + 1)
        find_code(body)
    except OSError as error:
        report.note("file", False, error.strerror or str(error))
        return None
    except UnreadableFileError:
        report.note("file", False, f"not a PDF, or larger than {MAX_FILE_BYTES} bytes")
        return None
    report.note("file", True, f"{len(body)} bytes")
    return body


def _verify_row(row: Certificate, body: bytes, report: Report) -> None:
    report.record = json.loads(row.record)
    is_whole = report.note("record", is_intact(row), f"sha256 {row.record_sha256}")
    try:
        is_same = _is_ours(row, body)
    except LmsError as error:
        report.note("bytes", False, str(error.message))
        return
    report.note("bytes", is_same, "as issued" if is_same else "differ from the issued file")
    report.note("state", row.state == "valid", f"{row.serial}: {row.state}")
    report.verdict = row.state if is_whole and is_same else "tampered"


def _is_ours(row: Certificate, body: bytes) -> bool:
    """Return whether a file is the one kept for the row, or what the row renders to."""
    digest = hashlib.sha256(body).hexdigest()
    if digest == row.pdf_sha256:
        return True
    if row.pdf_sha256 is not None:
        return False
    return open_paper(row, instance=_instance(), base_url=current_app.config["BASE_URL"]) == body


def _as_text(report: Report) -> str:
    lines = [f"{report.file}: {report.verdict.upper()} – {SENTENCES[report.verdict]}"]
    lines += [
        f"  {'ok ' if check['ok'] else 'NO '} {check['name']}: {check['detail']}" for check in report.checks
    ]
    if report.record is not None:
        record = read_record(json.dumps(report.record))
        lines.append(f"  {record.holder.name}, {record.programme.title}, {record.completed_on}")
    return "\n".join(lines)


def _instance() -> Path:
    return Path(current_app.config["INSTANCE"])
