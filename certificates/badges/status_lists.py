"""Bitstring status lists: a bit for every credential, so that asking for one tells nobody which.

Source: https://www.w3.org/TR/vc-bitstring-status-list/
"""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from certificates.badges.contexts import CREDENTIALS
from certificates.badges.did import name_issuer
from certificates.badges.proof import SigningKey, sign
from certificates.record import canonical, iso

LIST_BITS = 131_072
"""Bits of a list, the least the standard allows: a crowd large enough to hide in."""
LAST_LIST = 16_384
"""So many lists hold every index a column of 31 bits takes."""
PATH = "/kredensial/status"
FRESH = timedelta(days=7)
"""So long a copy of a list may be believed."""
TTL_MILLISECONDS = 300_000
"""So long nobody needs to ask again."""


class Purpose(StrEnum):
    """What a set bit means."""

    # Not to be accepted: revoked, replaced, or suspended for now. Credentials name this list.
    REVOCATION = "revocation"
    # The same index: of those, the ones that may come back.
    SUSPENSION = "suspension"


SET_BY = {
    Purpose.REVOCATION: frozenset({"revoked", "replaced", "suspended"}),
    Purpose.SUSPENSION: frozenset({"suspended"}),
}
"""States of a certificate that set a bit."""


def list_number(index: int) -> int:
    """Return the list an index is in, from 1."""
    return index // LIST_BITS + 1


def list_address(base_url: str, purpose: Purpose, number: int) -> str:
    """Return where a list is."""
    return f"{base_url}{PATH}/{purpose}/{number}"


def status_position(address: str, place: str) -> int:
    """Return the index that a credential's two statements name.

    Raises:
        ValueError: they name none.
    """
    number, within = int(address.rpartition("/")[2]), int(place)
    if not (1 <= number <= LAST_LIST and 0 <= within < LIST_BITS):
        raise ValueError("no place in a status list")
    return (number - 1) * LIST_BITS + within


def write_bits(places: Iterable[int]) -> bytes:
    """Return a list with the bits at ``places`` set; place 0 is the highest bit of the first byte."""
    bits = bytearray(LIST_BITS // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8
    return bytes(bits)


def read_bit(bits: bytes, place: int) -> bool:
    """Return whether a bit is set."""
    return bool(bits[place // 8] & 0x80 >> place % 8)


def encode_bits(bits: bytes) -> str:
    """Return a list as its credential has it: base64url of gzip. The same bits, the same text."""
    packed = gzip.compress(bits, compresslevel=9, mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


@dataclass(frozen=True)
class StatusList:
    """One list at one moment. Equal lists of a day have equal texts and tags, whichever process made them."""

    base_url: str
    purpose: Purpose
    number: int
    bits: bytes
    day: datetime

    def tag(self, key: SigningKey) -> str:
        """Return the version, for ETag."""
        said = (self.base_url, self.purpose, str(self.number), self.day.isoformat(), key.id)
        return hashlib.sha256("\0".join(said).encode() + b"\0" + self.bits).hexdigest()[:32]

    def write(self, key: SigningKey) -> str:
        """Return the signed list as JSON."""
        address = list_address(self.base_url, self.purpose, self.number)
        issuer = name_issuer(self.base_url)
        document = {
            "@context": [CREDENTIALS],
            "id": address,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": issuer,
            "validFrom": iso(self.day),
            "validUntil": iso(self.day + FRESH),
            "credentialSubject": {
                "id": f"{address}#list",
                "type": "BitstringStatusList",
                "statusPurpose": str(self.purpose),
                "ttl": TTL_MILLISECONDS,
                "encodedList": encode_bits(self.bits),
            },
        }
        return canonical(sign(document, key=key, issuer=issuer, created=iso(self.day)))


def make_list(
    places: Iterable[int], *, base_url: str, purpose: Purpose, number: int, now: datetime
) -> StatusList:
    """Return a list as it is now. It says the day it was made, so that it has one text a day."""
    day = datetime(now.year, now.month, now.day, tzinfo=UTC)
    return StatusList(base_url, purpose, number, write_bits(places), day)
