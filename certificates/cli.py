"""Commands: check PDF files, make the papers of a cohort ahead of time."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from certificates import queries
from certificates.checking.cli import trust, verify
from certificates.sealing import seal_certificate
from certificates.signing.pades import NotSigned
from lms.core.clock import utc_now
from lms.core.db import db


@click.group()
def certificate() -> None:
    """Certificates: check files, make papers."""


certificate.add_command(verify)
certificate.add_command(trust)


@certificate.command()
@click.option("--cohort", "cohort_id", type=int, help="Only of this cohort (its number).")
@with_appcontext
def render(cohort_id: int | None) -> None:
    """Make, sign and keep the PDFs of standing certificates that have none yet."""
    ids = queries.list_without_paper(db.session(), cohort_id=cohort_id)
    for certificate_id in ids:
        try:
            seal_certificate(db.session(), certificate_id, now=utc_now())
        except NotSigned as error:
            raise click.ClickException(error.problem) from error
        db.session.commit()
    click.echo(f"{len(ids)} PDFs made.")
