"""Who signed a PDF, and whether it is still what they signed. Runs in the inspection's process.

Source: PAdES (ETSI EN 319 142-1); the tamper matrix of ARCHITECTURE.md.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from lms.core.clock import utc_now

END = b"%%EOF"


@dataclass(frozen=True)
class Trust:
    """Whom we believe: DER of our roots and issuers, and the lists of those who may sign no longer."""

    roots: Sequence[bytes]
    issuers: Sequence[bytes]
    crls: Sequence[bytes]
    # Of time-stamp authorities.
    timestamp_roots: Sequence[bytes]


@dataclass(frozen=True)
class Signature:
    """What was found out about the signature of a file."""

    # `good`, or what is wrong: see `judge_signature`.
    word: str
    signer: str = ""
    # Of the signer's X.509 certificate, hexadecimal.
    serial: str = ""
    # ISO, as the signer says, or the time stamp.
    signed_at: str = ""
    # Whether a time-stamp authority that we believe says so.
    is_timed: bool = False
    # ISO; empty: not revoked, as far as the lists here know.
    revoked_at: str = ""
    # As in RFC 5280, e.g. `key_compromise`.
    revoked_for: str = ""
    # Whether a list of the signer's issuer was here to look into.
    is_list_known: bool = False
    # Of the file before it was signed: one for each way its last line may have ended.
    unsigned_sha256: tuple[str, ...] = ()


def read_signature(
    reader: PdfFileReader, body: bytes, *, trust: Trust, loop: asyncio.AbstractEventLoop
) -> Signature:
    """Return what is known about the one signature of a file; its words are those of `judge_signature`.

    Two more: ``none`` and ``several``, by number of signatures; ``unreadable`` when it is none.
    """
    try:
        found = reader.embedded_regular_signatures
        if len(found) != 1:
            return Signature("several" if found else "none")
        return _read(found[0], body, trust=trust, loop=loop)
    except Exception:  # the file says what it likes, and libraries raise what they like
        return Signature("unreadable")


def _read(
    embedded: EmbeddedPdfSignature, body: bytes, *, trust: Trust, loop: asyncio.AbstractEventLoop
) -> Signature:
    now = utc_now()
    moment = min(embedded.self_reported_timestamp or now, now)
    word, stamped_at = "unpinned", None
    if trust.roots:
        status = loop.run_until_complete(
            async_validate_pdf_signature(
                embedded, _context(trust.roots, trust, moment), _context(trust.timestamp_roots, trust, moment)
            )
        )
        word, stamped_at = judge_signature(embedded, status, body), _timestamp(status)
    signer = x509.load_der_x509_certificate(embedded.signer_cert.dump())
    revoked = _find_revocation(signer, trust)
    return Signature(
        word=word,
        signer=str(embedded.signer_cert.subject.native.get("common_name", "")),
        serial=f"{signer.serial_number:x}",
        signed_at=(stamped_at or moment).astimezone(UTC).isoformat(timespec="seconds"),
        is_timed=stamped_at is not None,
        revoked_at=revoked.revocation_date_utc.isoformat(timespec="seconds") if revoked else "",
        revoked_for=_reason(revoked) if revoked else "",
        is_list_known=any(True for _list in _lists_of(signer, trust)),
        unsigned_sha256=tuple(_prefixes(body, embedded.byte_range[1])),
    )


def _context(roots: Sequence[bytes], trust: Trust, moment: datetime) -> ValidationContext:
    return ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(der) for der in roots],
        other_certs=[asn1_x509.Certificate.load(der) for der in trust.issuers],
        moment=moment,
        best_signature_time=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )


def _timestamp(status: PdfSignatureStatus) -> datetime | None:
    """Return the moment a time-stamp authority of ours gives, or None."""
    stamp = status.timestamp_validity
    if stamp is None or not (stamp.valid and stamp.intact and stamp.trusted):
        return None
    moment: datetime = stamp.timestamp
    return moment


def judge_signature(embedded: EmbeddedPdfSignature, status: PdfSignatureStatus, body: bytes) -> str:
    """Return the word for a signature.

    ``broken``: bytes it covers were changed, or it belongs to another file. ``foreign``: not by a signer of
    ours. ``open``: it allows changes, ours allow none. ``updated``: something was put over it, or beside it.
    ``appended``: more bytes follow that no reader looks at. ``good``.
    """
    if not (status.intact and status.valid):
        return "broken"
    if not status.trusted:
        return "foreign"
    if embedded.docmdp_level is not MDPPerm.NO_CHANGES:
        return "open"
    if not (status.docmdp_ok and status.seed_value_ok):
        return "updated"
    if status.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return "good"
    # Proofs for the long term (B-LT) are put behind the signature, and are the only thing that may be.
    is_proof = status.modification_level is ModificationLevel.LTA_UPDATES
    return "good" if is_proof and body.rstrip(b"\r\n").endswith(END) else "appended"


def _lists_of(signer: x509.Certificate, trust: Trust) -> Iterator[x509.CertificateRevocationList]:
    """Yield the lists that the signer's own issuer signed."""
    issuers = [x509.load_der_x509_certificate(der) for der in (*trust.issuers, *trust.roots)]
    for der in trust.crls:
        found = x509.load_der_x509_crl(der)
        for issuer in issuers:
            if issuer.subject == signer.issuer == found.issuer and _is_signed_by(found, issuer):
                yield found
                break


def _is_signed_by(found: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    try:
        return found.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (InvalidSignature, TypeError, ValueError):
        return False


def _find_revocation(signer: x509.Certificate, trust: Trust) -> x509.RevokedCertificate | None:
    for found in _lists_of(signer, trust):
        entry = found.get_revoked_certificate_by_serial_number(signer.serial_number)
        if entry is not None:
            return entry
    return None


def _reason(revoked: x509.RevokedCertificate) -> str:
    try:
        flag: Any = revoked.extensions.get_extension_for_class(x509.CRLReason).value.reason.name
    except x509.ExtensionNotFound:
        return "unspecified"
    return str(flag)


def _prefixes(body: bytes, signature_start: int) -> Iterator[str]:
    """Yield the hashes of what stood before the signature was put behind it."""
    end = body.rfind(END, 0, signature_start) + len(END)
    if end < len(END):
        return
    for line_end in (b"", b"\n", b"\r\n", b"\r"):
        if body.startswith(line_end, end):
            yield hashlib.sha256(body[: end + len(line_end)]).hexdigest()
