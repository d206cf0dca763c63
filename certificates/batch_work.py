"""What the jobs of a batch do with a few certificates at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from certificates import batches, services
from certificates.badges.queries import draw_status_indexes
from certificates.batches import Kind, Piece
from certificates.models import Certificate, CertificateBatch
from certificates.paper import refuse_unprintable, render_papers
from certificates.papers import KeysMissing, Sealed, seal
from certificates.record import read_record
from certificates.signing.ring import KeyRing, current_ring
from certificates.signing.stamp import make_stamp
from courses.cohorts.models import Cohort
from lms.core.errors import Conflict, LmsError, Unavailable
from lms.core.files import keep_file
from lms.core.jobs import kinds
from lms.core.pdf import widen

CORES = 2
"""Files set side by side, each by a renderer of its own."""
LANES = 2 * CORES
"""While some files are signed here, the renderers set the next."""


def work(session: Session, payload: Mapping[str, Any], now: datetime) -> None:
    """Do the next piece of a batch, note it and promise the one after it."""
    batch = session.get(CertificateBatch, payload["batch_id"])
    if batch is None or batch.finished_at is not None or batch.done != payload["begun_at"]:
        return
    do, size = _WORKS[Kind(batch.kind)]
    ids = batch.certificate_ids[batch.done : batch.done + size]
    session.expunge(batch)
    try:
        piece = do(session, batch, ids, now)
        is_noted = _note(session, batch, len(ids), piece, now)
    except IntegrityError:
        # Two drew the same place in the status lists, or a number was taken: all of it once more.
        session.rollback()
        piece = do(session, batch, ids, now)
        is_noted = _note(session, batch, len(ids), piece, now)
    if not is_noted:
        session.rollback()


def _note(session: Session, batch: CertificateBatch, count: int, piece: Piece, now: datetime) -> bool:
    return batches.advance(session, batch.id, begun_at=batch.done, count=count, piece=piece, now=now)


def _make_papers(session: Session, _batch: CertificateBatch, ids: Sequence[int], now: datetime) -> Piece:
    """Sign the files of those that have none."""
    rows = _list(session, ids, Certificate.pdf_sha256.is_(None))
    drawn = draw_status_indexes(session, count=len(rows))
    places = {
        row.id: place if row.status_index is None else row.status_index
        for row, place in zip(rows, drawn, strict=True)
    }
    seal_one = _sealer(places, now)
    session.expunge_all()
    session.rollback()  # rendering takes a while: no transaction may wait for it
    widen(CORES)
    with ThreadPoolExecutor(LANES) as pool:
        outcomes = list(pool.map(seal_one, rows))
    faults = {row.id: made for row, made in zip(rows, outcomes, strict=True) if isinstance(made, LmsError)}
    for fault in faults.values():
        if not isinstance(fault, Conflict):
            return _end(fault)
    for row, made in zip(rows, outcomes, strict=True):
        if isinstance(made, Sealed):
            services.keep_pdf(session, row.id, sealed=made, now=now)
    problem = next((str(fault.message) for fault in faults.values()), "")
    return Piece(failed_ids=tuple(faults), problem=problem)


def _sealer(places: Mapping[int, int], now: datetime) -> Callable[[Certificate], Sealed | LmsError]:
    """Return what signs one row, wherever it is called, and returns what went wrong."""
    ring, instance = current_ring(), Path(current_app.config["INSTANCE"])
    base_url = current_app.config["BASE_URL"]

    def seal_one(row: Certificate) -> Sealed | LmsError:
        place = places[row.id]
        try:
            record = read_record(row.record)
            return seal(record, ring=ring, status_index=place, instance=instance, base_url=base_url, now=now)
        except LmsError as error:
            return error

    return seal_one


def _print(session: Session, batch: CertificateBatch, ids: Sequence[int], _now: datetime) -> Piece:
    """Put the papers of a few into one file for the printer."""
    rows = sorted(_list(session, ids), key=lambda row: ids.index(row.id))
    name = session.scalar(select(Cohort.name).where(Cohort.id == batch.cohort_id))
    session.expunge_all()
    session.rollback()
    try:
        stamps = _stamps(rows, current_ring())
        failed = [row for row in rows if not _is_printable(row)]
        body = _printed(
            [row for row in rows if row not in failed], title=f"Sertifikat – {name}", stamps=stamps
        )
    except Unavailable as error:
        return _end(error)
    files = (keep_file(Path(current_app.config["INSTANCE"]), body),) if body else ()
    return Piece(files=files, failed_ids=tuple(row.id for row in failed))


def _printed(rows: Sequence[Certificate], *, title: str, stamps: Mapping[str, str]) -> bytes:
    if not rows:
        return b""
    records = [read_record(row.record) for row in rows]
    return render_papers(records, title=title, base_url=current_app.config["BASE_URL"], stamps=stamps)


def _is_printable(row: Certificate) -> bool:
    try:
        refuse_unprintable(read_record(row.record))
    except Conflict:
        return False
    return True


def _stamps(rows: Sequence[Certificate], ring: KeyRing) -> dict[str, str]:
    """Return what the QR codes carry, as on the signed files."""
    if ring.stamp_key is None:
        raise KeysMissing(ring.problem)
    return {row.code: row.stamp or make_stamp(read_record(row.record), ring.stamp_key) for row in rows}


def _renew(session: Session, batch: CertificateBatch, ids: Sequence[int], now: datetime) -> Piece:
    """Replace those that say something else than what is written down now."""
    for certificate_id in ids:
        try:
            services.renew_one(session, batch.asked_by_id, certificate_id=certificate_id, now=now)
        except Conflict:
            continue  # meanwhile it fell, or somebody replaced it: nothing was changed
    return Piece()


def _list(session: Session, ids: Sequence[int], *which: ColumnElement[bool]) -> list[Certificate]:
    """Return those of these certificates that are valid now."""
    query = select(Certificate).where(Certificate.id.in_(ids), Certificate.state == "valid", *which)
    return list(session.scalars(query.order_by(Certificate.id)))


def _end(error: LmsError) -> Piece:
    return Piece(problem=str(error.message), is_end=True)


_Do = Callable[[Session, CertificateBatch, Sequence[int], datetime], Piece]
_WORKS: dict[Kind, tuple[_Do, int]] = {
    Kind.PAPERS: (_make_papers, 40),
    Kind.PRINT: (_print, 50),
    Kind.REISSUE: (_renew, 25),
}
"""How each kind is done, and how many certificates in one go: a second or two of work."""

BATCH = kinds.Kind(batches.JOB, work, lease=timedelta(minutes=5))
