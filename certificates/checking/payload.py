"""What a QR says, or what was pasted instead of a code: an address of ours taken apart."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

MAX_LENGTH = 400
"""Characters of an address that are looked at; the longest of ours has some 170."""


@dataclass(frozen=True)
class Payload:
    """An address on a certificate."""

    # In small letters; empty when the text names none.
    host: str
    code: str
    # The stamp or the token of a link; empty without.
    token: str


def read_payload(text: str) -> Payload | None:
    """Return the code and token of an address ``…/v/<code>[/<token>]``, in any case; None if it is none."""
    try:
        parts = urlsplit(text.strip()[:MAX_LENGTH])
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    steps = [unquote(step) for step in parts.path.strip("/").split("/")]
    if parts.scheme.lower() not in {"http", "https"} or steps[0].lower() != "v" or not 2 <= len(steps) <= 3:
        return None
    return Payload(host, steps[1], steps[2] if len(steps) == 3 else "")


def choose(texts: Collection[str], hosts: Collection[str]) -> Payload | None:
    """Return the address of ours among what was read from a photo, one with a stamp before one without.

    Where none leads to one of ``hosts`` but one is written like ours, that one is returned.
    """
    found = [payload for payload in map(read_payload, texts) if payload is not None]
    return max(found, key=lambda payload: (payload.host in hosts, bool(payload.token)), default=None)
