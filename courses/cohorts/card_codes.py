"""Token and PIN of a card, derived from the instance's card key: nothing secret lies in the database.

The token names card and generation under a mask, so that it looks random, and carries a tag of 144 bits
that only the key can make. A new generation of the card makes every earlier token and PIN worthless.
"""

from __future__ import annotations

import base64
import hmac
import re
from hashlib import sha256

PIN_DIGITS = 6
_CARD_BYTES, _GENERATION_BYTES, _TAG_BYTES = 5, 2, 18
_TOKEN = re.compile(r"[a-z2-7]{40}\Z")


def card_token(key: bytes, card_id: int, generation: int) -> str:
    """Return the 40 letters and digits in a card's QR."""
    plain = card_id.to_bytes(_CARD_BYTES, "big") + generation.to_bytes(_GENERATION_BYTES, "big")
    tag = _digest(key, b"token", plain)[:_TAG_BYTES]
    return base64.b32encode(_mask(key, tag, plain) + tag).decode().lower()


def read_card_token(key: bytes, token: str) -> tuple[int, int] | None:
    """Return card id and generation of a token made with this key, or None."""
    folded = token.lower()
    if not _TOKEN.match(folded):
        return None
    raw = base64.b32decode(folded.upper())
    masked, tag = raw[:-_TAG_BYTES], raw[-_TAG_BYTES:]
    plain = _mask(key, tag, masked)
    if not hmac.compare_digest(tag, _digest(key, b"token", plain)[:_TAG_BYTES]):
        return None
    return int.from_bytes(plain[:_CARD_BYTES], "big"), int.from_bytes(plain[_CARD_BYTES:], "big")


def card_pin(key: bytes, card_id: int, generation: int) -> str:
    """Return the six digits printed under a card's number."""
    number = int.from_bytes(_digest(key, b"pin", f"{card_id}/{generation}".encode())[:16], "big")
    return f"{number % 10**PIN_DIGITS:0{PIN_DIGITS}d}"


def is_card_pin(key: bytes, card_id: int, generation: int, pin: str) -> bool:
    """Return whether ``pin`` is the one of the card, in the same time for right and wrong."""
    return hmac.compare_digest(card_pin(key, card_id, generation).encode(), pin.encode())


def _mask(key: bytes, tag: bytes, text: bytes) -> bytes:
    stream = _digest(key, b"mask", tag)
    return bytes(a ^ b for a, b in zip(text, stream, strict=False))


def _digest(key: bytes, purpose: bytes, text: bytes) -> bytes:
    return hmac.new(key, purpose + b"\0" + text, sha256).digest()
