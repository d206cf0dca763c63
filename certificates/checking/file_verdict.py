"""The verdict on a file: what it says about itself, held against the record. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from certificates.badges.credential import check_credential
from certificates.badges.facts import CredentialFacts
from certificates.checking.file_checks import Check
from certificates.checking.file_lines import (
    check_actions,
    check_attachments,
    check_bytes,
    check_code,
    check_file,
    check_page,
    check_qr,
    check_signature,
    check_signer,
    credential_word,
)
from certificates.checking.inspection import Inspection
from certificates.checking.verdict import Verdict, is_intact, standing_of
from certificates.models import Certificate
from certificates.record import Record, read_record
from certificates.signing.ring import KeyRing
from certificates.signing.stamp import facts_of

OUT_OF_SHAPE = frozenset({"truncated", "damaged"})
"""Faults of a file that may have been one of ours."""


@dataclass(frozen=True)
class FileFinding:
    """The verdict on a file and what it rests on."""

    verdict: Verdict
    # Public code the file carries, without dashes; None without one.
    code: str | None
    checks: tuple[Check, ...]
    # What is certified, where that is known.
    record: Record | None = None
    # The same without a database, from the credential we signed.
    facts: CredentialFacts | None = None


def verdict_of(
    inspection: Inspection, certificate: Certificate | None, ring: KeyRing, now: datetime
) -> FileFinding:
    """Return the verdict on a file of this installation.

    Args:
        inspection: what the file says.
        certificate: the row of its code, None when there is none.
        ring: our public keys.
        now: the moment of the check.
    """
    if inspection.fault and (inspection.code is None or inspection.fault not in OUT_OF_SHAPE):
        return FileFinding(Verdict.UNCHECKED, inspection.code, (check_file(inspection),))
    if inspection.code is None or certificate is None:
        return FileFinding(Verdict.UNKNOWN, inspection.code, tuple(_of_a_stranger(inspection, ring)))
    if not is_intact(certificate):
        lines = (check_file(inspection), check_code(inspection), Check("record", False, "changed"))
        return FileFinding(Verdict.TAMPERED, inspection.code, lines)
    record = read_record(certificate.record)
    is_same = inspection.sha256 == certificate.pdf_sha256
    checks = tuple(_against_record(inspection, certificate, record, ring, is_same=is_same))
    standing = standing_of(certificate, record, now=now)
    is_whole = _is_bound(checks) if is_same else _is_proven(checks)
    return FileFinding(
        standing if is_whole else Verdict.TAMPERED,
        inspection.code,
        (*checks, Check("record", True, "same"), Check("state", standing is Verdict.VALID, standing.value)),
        record,
    )


def _is_bound(checks: Iterable[Check]) -> bool:
    """Return whether what we signed into the file says what the record says; that may have been changed."""
    return not any(check.ok is False for check in checks if check.name in {"qr", "credential"})


def _is_proven(checks: Iterable[Check]) -> bool:
    """Return whether the signature is ours and nothing speaks against it."""
    outcomes = {check.name: check.ok for check in checks}
    return bool(outcomes.get("signature")) and False not in outcomes.values()


def _of_a_stranger(inspection: Inspection, ring: KeyRing) -> Iterable[Check]:
    yield check_file(inspection)
    yield check_code(inspection)
    if inspection.code is not None:
        yield check_signature(inspection, ring.signers, unsigned=None)
        yield Check("record", False, "none")


def _against_record(
    inspection: Inspection, certificate: Certificate, record: Record, ring: KeyRing, *, is_same: bool
) -> Iterable[Check]:
    yield check_file(inspection)
    yield check_code(inspection)
    yield check_bytes(inspection, certificate, is_same=is_same)
    if inspection.fault:
        return
    yield check_signature(inspection, ring.signers, unsigned=certificate.unsigned_sha256)
    yield from check_signer(inspection, is_same=is_same)
    yield check_page(inspection, name=record.holder.name, number=record.serial)
    credential = check_credential(inspection.credential or "", ring.badge_publics)
    address = credential.facts.base_url if credential.ok and credential.facts else ""
    yield check_qr(inspection, ring, facts=facts_of(record), address=address)
    yield check_attachments(inspection, is_expected=certificate.credential is not None)
    if inspection.credential is not None:
        line = credential_word(credential, is_here=credential.agrees_with(record))
        is_issued = inspection.credential == certificate.credential and line.ok is not False
        yield Check("credential", True, "same") if is_issued else line
    yield check_actions(inspection)
