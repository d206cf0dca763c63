"""What a stranger is told about a certificate: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from certificates.models import Certificate, CertificateEvent
from certificates.record import Record, digest, read_record


class Verdict(StrEnum):
    """The one word."""

    VALID = "valid"
    HIDDEN = "hidden"
    REPLACED = "replaced"
    REVOKED = "revoked"
    TAMPERED = "tampered"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """A verdict, and as much of the record as this visitor may see."""

    verdict: Verdict
    # None: nothing is known, or the holder hides it.
    record: Record | None = None
    # As this visitor sees it.
    name: str = ""
    is_masked: bool = False
    # When it was replaced or revoked.
    changed_at: datetime | None = None
    # Code of the reason of a revocation.
    reason: str = ""
    # IANA zone of the training, for moments; the one of Jakarta where nothing is known.
    time_zone: str = "Asia/Jakarta"


UNKNOWN = Finding(Verdict.UNKNOWN)


def judge(certificate: Certificate | None, *, is_trusted: bool) -> Finding:
    """Return what a visitor is told.

    Args:
        certificate: with its events, or None when no code matches.
        is_trusted: the holder, or whoever has the holder's link: sees the full name, and hidden pages too.
    """
    if certificate is None:
        return UNKNOWN
    if not is_intact(certificate):
        return Finding(Verdict.TAMPERED)
    record = read_record(certificate.record)
    ending = find_ending(certificate)
    is_hidden = certificate.is_hidden and not is_trusted
    verdict = Verdict(certificate.state)
    return Finding(
        verdict=Verdict.HIDDEN if is_hidden and verdict is Verdict.VALID else verdict,
        record=None if is_hidden else record,
        name="" if is_hidden else record.holder.name if is_trusted else mask_name(record.holder.name),
        is_masked=not is_trusted,
        changed_at=ending.at if ending else None,
        reason=ending.reason if ending else "",
        time_zone=record.run.time_zone,
    )


def is_intact(certificate: Certificate) -> bool:
    """Return whether the record is the one that was hashed at issue and belongs to this code and number."""
    if digest(certificate.record) != certificate.record_sha256:
        return False
    record = read_record(certificate.record)
    return (record.code, record.serial) == (certificate.code, certificate.serial)


def mask_name(name: str) -> str:
    """Return the first letter of each word, e.g. "S*** A***": enough to compare, too little to learn."""
    return " ".join(word[0] + "***" for word in name.split())


def find_ending(certificate: Certificate) -> CertificateEvent | None:
    """Return the event that ended a certificate's standing, or None while it stands."""
    return next((event for event in certificate.events if event.kind == certificate.state), None)
