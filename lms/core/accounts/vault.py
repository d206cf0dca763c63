"""What must not lie in the database as plain text: sealed with the instance's vault key."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Vault:
    """Seals short texts and digests codes; a database without its key tells nothing about them."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(_derive(key, b"seal")))
        self._digest_key = _derive(key, b"digest")

    def seal(self, text: str) -> str:
        """Return ``text`` encrypted and signed, some 140 characters for a second-factor secret."""
        return self._fernet.encrypt(text.encode()).decode()

    def unseal(self, sealed: str, *, max_age_seconds: int | None = None) -> str | None:
        """Return the text, or None if it was not sealed with this key, or too long ago."""
        try:
            return self._fernet.decrypt(sealed.encode(), ttl=max_age_seconds).decode()
        except (InvalidToken, ValueError):
            return None

    def digest(self, code: str) -> str:
        """Return 64 hexadecimal characters that stand for a recovery code."""
        return hmac.new(self._digest_key, code.encode(), hashlib.sha256).hexdigest()


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"penggerak " + purpose).derive(key)
