"""Links only this installation can make; nothing secret lies in the database.

The holder's link is given to whom it concerns and opens one certificate. The own link is kept by its person
and opens the page with all of theirs, when the account is closed or the card has run out, too.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable

PURPOSE = b"certificate holder's link\0"
OWN_PURPOSE = b"own certificates\0"
TOKEN_BYTES = 16
LENGTH = 26
"""Characters of them; the number of the generation stands behind."""


def link_token(key: bytes, code: str, generation: int = 1) -> str:
    """Return the token of a certificate's link; one of each generation."""
    return _token(key, PURPOSE, code, generation)


def read_link_token(key: bytes, code: str, token: str) -> int | None:
    """Return the generation of a token of this certificate, or None; takes the same time for any answer."""
    return _read(token, lambda generation: link_token(key, code, generation))


def own_token(key: bytes, user_id: int, generation: int) -> str:
    """Return the token of somebody's link to all their certificates; one of each generation."""
    return _token(key, OWN_PURPOSE, str(user_id), generation)


def read_own_token(key: bytes, user_id: int, token: str) -> int | None:
    """Return the generation of a token that is this person's, or None; takes the same time for any answer."""
    return _read(token, lambda generation: own_token(key, user_id, generation))


def _token(key: bytes, purpose: bytes, whose: str, generation: int) -> str:
    mac = hmac.digest(key, purpose + f"{whose}/{generation}".encode(), "sha256")[:TOKEN_BYTES]
    return base64.b32encode(mac).decode().rstrip("=").lower() + str(generation)


def _read(token: str, make: Callable[[int], str]) -> int | None:
    number = token[LENGTH:]
    generation = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    is_ours = hmac.compare_digest(make(generation).encode(), token.lower().encode())
    return generation if is_ours and generation else None
