"""The PDF of a row: made and signed once, then kept and handed out byte for byte."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import lazy_gettext as _l

from certificates.badges.credential import write_credential
from certificates.models import Certificate
from certificates.paper import render_paper
from certificates.record import Record
from certificates.signing.pades import NotSigned, Signer
from certificates.signing.ring import BadgeKey, KeyRing, StampKey
from certificates.signing.stamp import make_stamp
from lms.core.errors import NotFound, Unavailable
from lms.core.files import keep_file, read_file


class KeysMissing(NotSigned):
    """A key is missing or damaged; `problem` is the ring's sentence."""


@dataclass(frozen=True)
class Sealed:
    """What was made for a row, as `services.keep_pdf` notes it; the file is kept already."""

    pdf_sha256: str
    # Of the rendered bytes, which the signed file begins with.
    unsigned_sha256: str
    stamp: str
    credential: str
    status_index: int
    # Serial number of the signer's certificate, hexadecimal.
    signer: str


def open_paper(certificate: Certificate, *, instance: Path) -> bytes:
    """Return the PDF as it was signed and kept. Writes nothing, so that a GET may ask for it.

    Raises:
        NotFound: none was made yet.
        Unavailable: it was, but the file is not on this machine; it is not made again, since those who have
            it have these bytes.
    """
    if certificate.pdf_sha256 is None:
        raise NotFound
    try:
        return read_file(instance, certificate.pdf_sha256)
    except NotFound as error:
        raise Unavailable(
            _l("The signed file is not on this machine. Bring the files back from the backup.")
        ) from error


def seal(
    record: Record,
    *,
    ring: KeyRing,
    status_index: int,
    instance: Path,
    base_url: str,
    now: datetime,
) -> Sealed:
    """Stamp, certify, render and sign a record, keep the file, and return what to note of it.

    It takes some 60 ms of work and holds no transaction: call it outside of any. Called twice, for instance
    because the first run was cut off, it leaves a second file that no row names.

    Raises:
        KeysMissing: a key is missing or damaged.
        Conflict: the name holds characters the typeface lacks.
        NotSigned: the signer does not answer.
        Unavailable: the renderer is missing or busy.
    """
    stamp_key, badge_key, signer = _require_keys(ring)
    stamp = make_stamp(record, stamp_key)
    credential = write_credential(record, status_index=status_index, key=badge_key, base_url=base_url)
    unsigned = render_paper(record, base_url=base_url, stamp=stamp, credential=credential)
    signed = _sign(unsigned, record, signer, now=now)
    return Sealed(
        pdf_sha256=keep_file(instance, signed),
        unsigned_sha256=hashlib.sha256(unsigned).hexdigest(),
        stamp=stamp,
        credential=credential,
        status_index=status_index,
        signer=signer.serial,
    )


def _require_keys(ring: KeyRing) -> tuple[StampKey, BadgeKey, Signer]:
    if ring.stamp_key is None or ring.badge_key is None or ring.signer is None:
        raise KeysMissing(ring.problem)
    return ring.stamp_key, ring.badge_key, ring.signer


def _sign(unsigned: bytes, record: Record, signer: Signer, *, now: datetime) -> bytes:
    return signer.sign(
        unsigned,
        reason=f"Sertifikat {record.serial}",
        location=record.office.city,
        name=record.office.name,
        at=now,
    )
