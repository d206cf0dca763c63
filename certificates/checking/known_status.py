"""Lists somebody took along: which certificates no longer stand, as of a day.

Status lists are signed and go by the place a credential names; `dicabut.json` goes by the hash of a code and
tells replaced from revoked.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates.badges.proof import has_valid_proof
from certificates.badges.status_lists import LIST_BITS, Purpose, list_number, read_bit
from certificates.checking.ended import PREFIX_BYTES, hash_code
from certificates.checking.verdict import Verdict


@dataclass(frozen=True)
class KnownStatus:
    """What a list says about a certificate."""

    state: Verdict
    # The day of the list, ISO.
    at: str
    # For the line `state`.
    word: str


@dataclass(frozen=True)
class StatusBits:
    """One status list."""

    purpose: str
    number: int
    bits: bytes
    at: str


@dataclass(frozen=True)
class EndedCodes:
    """One `dicabut.json`."""

    # Hashes of codes, by what became of their certificates.
    hashes: Mapping[Verdict, frozenset[bytes]]
    at: str


def find_ended(lists: Sequence[EndedCodes], code: str) -> KnownStatus | None:
    """Return what the newest `dicabut.json` says about a code; None without one."""
    newest = max(lists, key=lambda each: each.at, default=None)
    if newest is None:
        return None
    hashed = hash_code(code)
    state = next((state for state, hashes in newest.hashes.items() if hashed in hashes), None)
    return KnownStatus(state or Verdict.VALID, newest.at, state.value if state else "listed")


def read_ended(documents: Sequence[Any]) -> Iterator[EndedCodes]:
    """Yield each `dicabut.json` among JSON documents.

    Raises:
        ValueError, LookupError, TypeError: one is not as we write it.
    """
    for document in documents:
        if "false_positive_rate" not in document:
            continue
        if document["bytes"] != PREFIX_BYTES:
            raise ValueError("hashes of another length in dicabut.json")
        hashes = {Verdict(name): _hashes(packed) for name, packed in document["lists"].items()}
        yield EndedCodes(hashes, document["at"][:10])


def _hashes(packed: str) -> frozenset[bytes]:
    body = base64.b64decode(packed)
    return frozenset(body[start : start + PREFIX_BYTES] for start in range(0, len(body), PREFIX_BYTES))


def find_status(lists: Sequence[StatusBits], index: int) -> KnownStatus | None:
    """Return what the newest lists say about a place; None when the list of revoked ones is not here."""
    revoked = _newest(lists, Purpose.REVOCATION, index)
    suspended = _newest(lists, Purpose.SUSPENSION, index)
    if revoked is None:
        return None
    place = index % LIST_BITS
    if not read_bit(revoked.bits, place):
        return KnownStatus(Verdict.VALID, revoked.at, "listed")
    if suspended is not None and read_bit(suspended.bits, place):
        return KnownStatus(Verdict.SUSPENDED, suspended.at, "suspended")
    return KnownStatus(Verdict.REVOKED, revoked.at, "ended")


def read_lists(documents: Sequence[Any], publics: Mapping[str, Ed25519PublicKey]) -> Iterator[StatusBits]:
    """Yield the status lists among JSON documents.

    Raises:
        ValueError, LookupError, TypeError: one is not as we write it, or not signed by one of ``publics``.
    """
    for document in documents:
        if "BitstringStatusListCredential" in document.get("type", []):
            yield _read(document, publics)


def _read(document: dict[str, Any], publics: Mapping[str, Ed25519PublicKey]) -> StatusBits:
    public = publics.get(document["proof"]["verificationMethod"].rpartition("#")[2])
    if public is None or not has_valid_proof(document, public):
        raise ValueError(f"{document['id']}: not signed by a key that is believed here")
    subject = document["credentialSubject"]
    bits = gzip.decompress(base64.urlsafe_b64decode(subject["encodedList"][1:] + "=="))
    if len(bits) * 8 != LIST_BITS:
        raise ValueError(f"{document['id']}: not as long as ours")
    number = int(document["id"].rpartition("/")[2])
    return StatusBits(subject["statusPurpose"], number, bits, document["validFrom"][:10])


def _newest(lists: Sequence[StatusBits], purpose: Purpose, index: int) -> StatusBits | None:
    fitting = [each for each in lists if (each.purpose, each.number) == (purpose, list_number(index))]
    return max(fitting, key=lambda each: each.at, default=None)
