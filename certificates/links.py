"""The holder's link: a token only this installation can make; nothing secret lies in the database."""

from __future__ import annotations

import base64
import hmac

PURPOSE = b"certificate holder's link\0"
TOKEN_BYTES = 16


def link_token(key: bytes, code: str) -> str:
    """Return the token of a certificate's link, 26 characters; it lasts as long as the instance key."""
    mac = hmac.digest(key, PURPOSE + code.encode(), "sha256")[:TOKEN_BYTES]
    return base64.b32encode(mac).decode().rstrip("=").lower()


def is_link_token(key: bytes, code: str, token: str) -> bool:
    """Return whether ``token`` opens the certificate ``code``; takes the same time for any answer."""
    return hmac.compare_digest(link_token(key, code).encode(), token.lower().encode())
