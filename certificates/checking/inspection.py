"""What a PDF says about itself: read in a process of its own, without asking the database."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from dataclasses import dataclass

from cryptography.hazmat.primitives.serialization import Encoding

from certificates.checking.inspection_process import ask
from certificates.signing.ring import KeyRing

MAX_FILE_BYTES = 5_000_000
"""Ours have 50,000."""
COSTLY_SECONDS = 2
"""Of CPU; ours take 0.1."""


@dataclass(frozen=True)
class Inspection:
    """What was found in a file. All of it is what the file says; nothing is believed yet."""

    sha256: str
    # Why it was not read to the end: `not_pdf`, `too_large`, `truncated`, `damaged`, `encrypted`, `bomb`,
    # `pages`, `objects`, `costly`; empty when it was.
    fault: str = ""
    # From the keywords.
    code: str | None = None
    page_count: int = 0
    # Words on the first page.
    text: str = ""
    # What the QR codes on the first page say.
    qr_codes: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    credential: str | None = None
    # What would run or open something, by name.
    actions: tuple[str, ...] = ()
    # See `certificates.checking.pdf_signatures`.
    signature: str = "unreadable"
    signer: str = ""
    signer_serial: str = ""
    # ISO; empty where there is none.
    signed_at: str = ""
    # Whether a time-stamp authority that we believe says so, too.
    is_timed: bool = False
    revoked_at: str = ""
    revoked_for: str = ""
    is_list_known: bool = False
    unsigned_sha256: tuple[str, ...] = ()
    # What reading it took.
    cpu_seconds: float = 0

    @property
    def is_costly(self) -> bool:
        """Whether it took far more work than any certificate."""
        return self.fault == "costly" or self.cpu_seconds > COSTLY_SECONDS


def inspect_file(body: bytes, *, ring: KeyRing, whom: str = "") -> Inspection:
    """Return what a file says; it is looked at in a process of its own, with limits, and not kept.

    Args:
        body: the file.
        ring: our public keys, to judge the signature with; none of them is needed to read the file.
        whom: the address it comes from, which gets one file read at a time; empty is the house itself.

    Raises:
        Unavailable: many files are being looked at, or the process does not start.
    """
    digest = hashlib.sha256(body).hexdigest()
    if len(body) > MAX_FILE_BYTES:
        return Inspection(digest, fault="too_large")
    question = json.dumps(_trust(ring)).encode()
    return _read_reply(digest, ask(len(question).to_bytes(4, "big") + question + body, whom=whom))


def _trust(ring: KeyRing) -> dict[str, list[str]]:
    return {
        "roots": [_packed(each.public_bytes(Encoding.DER)) for each in ring.roots],
        "issuers": [_packed(each.public_bytes(Encoding.DER)) for each in ring.issuers],
        "timestamp_roots": [_packed(each.public_bytes(Encoding.DER)) for each in ring.timestamp_roots],
        "crls": [_packed(each) for each in ring.crls.values()],
    }


def _packed(body: bytes) -> str:
    return b64encode(body).decode()


def _read_reply(digest: str, reply: bytes) -> Inspection:
    facts = json.loads(reply)
    lists = {name: tuple(value) for name, value in facts.items() if isinstance(value, list)}
    return Inspection(sha256=digest, **facts | lists)
