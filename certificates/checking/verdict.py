"""What a stranger is told about a certificate: pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from certificates.models import Certificate, CertificateEvent
from certificates.record import Record, digest, read_record
from certificates.signing.stamp import facts_of
from lms.core.text import fold


class Verdict(StrEnum):
    """The one word."""

    VALID = "valid"
    # Genuine and standing; its holder shows it to nobody without paper, file or link.
    HIDDEN = "hidden"
    REPLACED = "replaced"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"
    # The record, or the file that was shown, is not what was issued.
    TAMPERED = "tampered"
    UNKNOWN = "unknown"
    # This machine cannot tell: no key, no record to a true signature, no database.
    UNCHECKED = "unchecked"


class Cause(StrEnum):
    """Why this machine cannot tell."""

    # The stamp is signed with a key it does not have.
    KEY = "key"
    # The stamp is ours, but there is no record to it: restored from an older backup, or another installation.
    RECORD = "record"
    # The database is away.
    SYSTEM = "system"


@dataclass(frozen=True)
class Finding:
    """A verdict, and as much of the record as this visitor may see."""

    verdict: Verdict
    # None: nothing is known, or the holder hides it.
    record: Record | None = None
    # As this visitor sees it.
    name: str = ""
    is_masked: bool = False
    # When it was replaced, suspended or revoked.
    changed_at: datetime | None = None
    # The last day of one that ran out.
    last_day: date | None = None
    # Code of the reason of a suspension or revocation.
    reason: str = ""
    # Code of the certificate that replaced it, for whoever may know.
    successor: str = ""
    # Only with `UNCHECKED`.
    cause: Cause | None = None
    # IANA zone of the training, for moments; the one of Jakarta where nothing is known.
    time_zone: str = "Asia/Jakarta"


UNKNOWN = Finding(Verdict.UNKNOWN)


def judge(
    certificate: Certificate | None, *, is_trusted: bool, now: datetime, facts: str = "", typed_name: str = ""
) -> Finding:
    """Return what a visitor is told.

    Args:
        certificate: with its events, or None when no code matches.
        is_trusted: the holder, or whoever has the paper, the file or the holder's link: sees the full name,
            and hidden pages too.
        facts: the hash of the printed facts in a stamp of ours; empty without one.
        typed_name: what somebody with nothing but the code believes the name to be; shows it if it is right.
    """
    if certificate is None:
        return UNKNOWN
    record = find_intact_record(certificate, facts=facts)
    if record is None:
        return Finding(Verdict.TAMPERED)
    finding = _fate(certificate, record, now=now)
    if certificate.is_hidden and not is_trusted:
        is_valid = finding.verdict is Verdict.VALID
        return replace(finding, verdict=Verdict.HIDDEN) if is_valid else finding
    is_named = is_trusted or is_same_name(typed_name, record.holder.name)
    name = record.holder.name if is_named else mask_name(record.holder.name)
    return replace(finding, record=record, name=name, is_masked=not is_named)


def _fate(certificate: Certificate, record: Record, *, now: datetime) -> Finding:
    verdict = standing_of(certificate, record, now=now)
    ending = find_ending(certificate)
    return Finding(
        verdict,
        changed_at=ending.at if ending else None,
        last_day=record.last_day if verdict is Verdict.EXPIRED else None,
        reason=ending.reason if ending else "",
        time_zone=record.run.time_zone,
    )


def standing_of(certificate: Certificate, record: Record, *, now: datetime) -> Verdict:
    """Return whether an intact certificate stands, or what became of it.

    That it has run out is read from the record, which nobody can change, and counts from the moment itself.
    """
    if certificate.state == "valid" and record.expires_at is not None and record.expires_at <= now:
        return Verdict.EXPIRED
    return Verdict(certificate.state)


def is_intact(certificate: Certificate, *, facts: str = "") -> bool:
    """Return whether the record is the one that was issued; as :func:`find_intact_record`."""
    return find_intact_record(certificate, facts=facts) is not None


def find_intact_record(certificate: Certificate, *, facts: str = "") -> Record | None:
    """Return the record if it is the one that was hashed at issue and belongs to this code and number.

    Args:
        facts: the hash of the printed facts in a stamp of ours, which must be the record's, if there is one.
    """
    if digest(certificate.record) != certificate.record_sha256:
        return None
    record = read_record(certificate.record)
    if facts and facts != facts_of(record):
        return None
    is_its_own = (record.code, record.serial) == (certificate.code, certificate.serial)
    return record if is_its_own else None


def mask_name(name: str) -> str:
    """Return the first letter of each word, e.g. "S*** A***": enough to compare, too little to learn."""
    return " ".join(word[0] + "***" for word in name.split())


def is_same_name(typed: str, name: str) -> bool:
    """Return whether somebody typed this name: letters and digits count; case, signs and accents do not."""
    return bool(_letters(typed)) and _letters(typed) == _letters(name)


def find_ending(certificate: Certificate) -> CertificateEvent | None:
    """Return the last event that brought a certificate where it is now, or None while it stands."""
    if certificate.state == "valid":
        return None
    return next((event for event in reversed(certificate.events) if event.kind == certificate.state), None)


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", fold(text)) if c.isalnum())
