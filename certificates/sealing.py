"""From a row without a paper to one with a signed paper, whoever asks: holder, organiser, job, command."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from certificates import services
from certificates.badges.queries import draw_status_index
from certificates.models import Certificate
from certificates.papers import seal
from certificates.record import read_record
from certificates.signing.ring import current_ring

TRIES = 3
"""Two who draw the same place in the status lists at once: one of them draws again."""


def seal_certificate(
    session: Session, certificate_id: int, *, now: datetime, staff_id: int | None = None
) -> bool:
    """Make, keep and note the signed paper of a certificate that has none; the caller commits.

    What the session read before is let go: rendering takes a while, and no transaction may wait for it.

    Args:
        staff_id: which member of staff had it made; None for the holder and the machine.

    Returns:
        whether there was one to make.

    Raises:
        KeysMissing, Conflict, Unavailable: as :func:`certificates.papers.seal`; nothing is noted then.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            return _seal_once(session, certificate_id, now=now, staff_id=staff_id)
        except IntegrityError:
            session.rollback()
            if not tries_left:
                raise
    raise AssertionError("not reached")


def _seal_once(session: Session, certificate_id: int, *, now: datetime, staff_id: int | None) -> bool:
    row = session.get(Certificate, certificate_id)
    if row is None or row.pdf_sha256 is not None:
        return False
    index = draw_status_index(session) if row.status_index is None else row.status_index
    record = read_record(row.record)
    session.rollback()
    sealed = seal(
        record,
        ring=current_ring(),
        status_index=index,
        instance=Path(current_app.config["INSTANCE"]),
        base_url=current_app.config["BASE_URL"],
        now=now,
    )
    services.keep_pdf(session, certificate_id, sealed=sealed, now=now, staff_id=staff_id)
    session.flush()
    return True
