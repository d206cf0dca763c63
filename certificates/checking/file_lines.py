"""The lines about a file: what it says, held against what is known. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import accumulate
from urllib.parse import urlsplit

from cryptography import x509

from certificates.badges.credential import CredentialCheck, Problem
from certificates.checking.file_checks import Check
from certificates.checking.inspection import Inspection
from certificates.checking.payload import read_payload
from certificates.codes import read_code, show_code
from certificates.models import Certificate
from certificates.signing.ring import KeyRing
from certificates.signing.stamp import LENGTH as STAMP_LENGTH
from certificates.signing.stamp import read_stamp
from lms.core.text import fold

CREDENTIAL = "kredensial.json"
MAX_NAME_LINES = 12
"""Also pieces of a line, where letters of another face are in between."""
RETIRED = frozenset({"superseded", "cessation_of_operation", "affiliation_changed"})
"""Reasons of a revocation that leave earlier signatures standing; else somebody else may have the key."""


def check_file(inspection: Inspection) -> Check:
    """Return whether the file could be read."""
    return Check("file", not inspection.fault, inspection.fault or "read")


def check_code(inspection: Inspection) -> Check:
    """Return whether it carries a code."""
    if inspection.code is None:
        return Check("code", False, "none")
    return Check("code", True, "found", {"code": show_code(inspection.code)})


def check_bytes(inspection: Inspection, certificate: Certificate, *, is_same: bool) -> Check:
    """Return whether the file is the issued one, byte for byte."""
    if is_same:
        return Check("bytes", True, "same")
    if certificate.pdf_sha256 is None:
        return Check("bytes", None, "never")
    has_pages = certificate.unsigned_sha256 in (inspection.sha256, *inspection.unsigned_sha256)
    return Check("bytes", False, "same_pages" if has_pages else "other")


def check_signature(
    inspection: Inspection, signers: Sequence[x509.Certificate], *, unsigned: str | None
) -> Check:
    """Return the line about the signature.

    Args:
        inspection: what the file says.
        signers: ours, to tell the newest from earlier ones.
        unsigned: hash of the rendered pages, where it is known.
    """
    word = inspection.signature
    if word == "broken" and unsigned is not None and unsigned in inspection.unsigned_sha256:
        word = "misplaced"
    newest = max(signers, key=lambda each: each.not_valid_before_utc, default=None)
    if word == "good" and newest is not None and inspection.signer_serial != f"{newest.serial_number:x}":
        word = "earlier"
    ok = None if word == "unpinned" else word in {"good", "earlier"}
    return Check("signature", ok, word, {"at": _moment(inspection.signed_at), "signer": inspection.signer})


def check_signer(inspection: Inspection, *, is_same: bool) -> Iterable[Check]:
    """Yield the line about the signer, if the signature is ours.

    Args:
        inspection: what the file says.
        is_same: the file is known, byte for byte: then nobody else has signed it.
    """
    if inspection.signature != "good":
        return
    values = {"at": _moment(inspection.revoked_at)}
    if not inspection.revoked_at:
        is_listed = inspection.is_list_known
        yield Check("signer", True if is_listed else None, "good" if is_listed else "unlisted")
    elif is_same:
        yield Check("signer", True, "known", values)
    elif values["at"] <= _moment(inspection.signed_at):
        yield Check("signer", False, "revoked", values)
    elif inspection.is_timed:
        yield Check("signer", True, "timed", values)
    else:
        is_retired = inspection.revoked_for in RETIRED
        yield Check("signer", is_retired, "retired" if is_retired else "doubtful", values)


def check_page(inspection: Inspection, *, name: str, number: str) -> Check:
    """Return whether the page shows the certified name and number, each by itself."""
    shown = set(_joined(inspection.text))
    word = "same"
    if not shown:
        word = "empty"
    elif _squeeze(name) not in shown:
        word = "name"
    elif not any(text.rpartition(":")[2] == _squeeze(number) for text in shown):
        word = "number"
    return Check("page", word == "same", word)


def _joined(text: str) -> Iterator[str]:
    """Yield the lines of a page, and those that follow each other as one: a long name takes several."""
    lines = [squeezed for line in text.split("\n") if (squeezed := _squeeze(line))]
    for start in range(len(lines)):
        yield from accumulate(lines[start : start + MAX_NAME_LINES])


def check_qr(inspection: Inspection, ring: KeyRing, *, facts: str, address: str) -> Check:
    """Return whether the QR on the page is the one of this certificate.

    Args:
        inspection: what the file says.
        ring: our public keys.
        facts: hash of the certified facts; empty where they are not known.
        address: of the installation when it issued the certificate; empty where that is not known.
    """
    word = _qr_word(inspection, ring, facts, (urlsplit(address).hostname or "").lower())
    return Check("qr", None if word in {"none", "unknown_key"} else word in {"good", "plain"}, word)


def _qr_word(inspection: Inspection, ring: KeyRing, facts: str, host: str) -> str:
    if len(inspection.qr_codes) != 1:
        return "several" if inspection.qr_codes else "none"
    payload = read_payload(inspection.qr_codes[0])
    if payload is None or host not in {"", payload.host}:
        return "elsewhere"
    code = read_code(payload.code)
    if code is None or code != inspection.code:
        return "other_code"
    return _stamp_word(code, payload.token, ring, facts) if payload.token else "plain"


def _stamp_word(code: str, token: str, ring: KeyRing, facts: str) -> str:
    if len(token) == STAMP_LENGTH and token[0].upper() not in ring.stamp_publics:
        return "unknown_key"
    stamp = read_stamp(code, token, ring.stamp_publics)
    if stamp is None:
        return "forged"
    return "good" if facts in {"", stamp.facts} else "other_facts"


def check_attachments(inspection: Inspection, *, is_expected: bool) -> Check:
    """Return whether the credential is attached and nothing else."""
    if inspection.attachments == (CREDENTIAL,):
        return Check("attachment", True, "one")
    if inspection.attachments:
        return Check("attachment", False, "more", {"names": ", ".join(inspection.attachments)[:200]})
    return Check("attachment", False if is_expected else None, "missing" if is_expected else "none")


def credential_word(credential: CredentialCheck, *, is_here: bool) -> Check:
    """Return the line about an attached credential.

    Args:
        credential: what was found out about it.
        is_here: whether it is this certificate's.
    """
    if credential.problem is Problem.UNKNOWN_KEY:
        return Check("credential", None, "unknown_key")
    if not credential.ok:
        return Check("credential", False, "changed")
    return Check("credential", is_here, "good" if is_here else "other")


def check_actions(inspection: Inspection) -> Check:
    """Return whether the file keeps still."""
    names = ", ".join(inspection.actions)
    return Check("actions", not names, "some" if names else "none", {"names": names})


def _moment(text: str) -> datetime:
    """Return a moment of an inspection; the beginning of all time where there is none."""
    return datetime.fromisoformat(text) if text else datetime.min.replace(tzinfo=UTC)


def _squeeze(text: str) -> str:
    """Return a text without blanks and case: lines of a page break anywhere."""
    return "".join(unicodedata.normalize("NFKC", fold(text)).split())
