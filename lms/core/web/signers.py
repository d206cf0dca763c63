"""What reads and signs cookies and form tokens: itsdangerous, which derives its key once for a process.

A person sends the same cookie and token with each answer: a signature found right stays right.
"""

from __future__ import annotations

from typing import Any

from itsdangerous import Serializer, Signer, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode

SQUEEZED_FROM = 300
"""Bytes. Tokens and usual cookies, of 42 to 150, became longer by zlib or shorter by six."""

KEPT_SIGNATURES = 2_000
"""Right ones in memory, half a kilobyte each; then all are forgotten."""


class KeptSigner(TimestampSigner):
    """A signer that remembers the keys it has derived, and what it found signed by them.

    Both depend on nothing but secret and salt. Whether a signature is too old is asked each time.
    """

    def __init__(self, *told: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        self._derived: dict[str | bytes | None, bytes] = {}
        self._right: set[tuple[str | bytes, str | bytes]] = set()

    def verify_signature(self, value: str | bytes, sig: str | bytes) -> bool:
        """Return whether a value, its time included, was signed with our key."""
        if (value, sig) in self._right:
            return True
        is_right = super().verify_signature(value, sig)
        if is_right:
            if len(self._right) >= KEPT_SIGNATURES:
                self._right.clear()
            self._right.add((value, sig))
        return is_right

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """Return the key for signatures."""
        key = self._derived.get(secret_key)
        if key is None:
            key = self._derived[secret_key] = super().derive_key(secret_key)
        return key


class KeptSerializer(URLSafeTimedSerializer):
    """Writes and reads as itsdangerous does (a test compares); its signer is made once for all values."""

    default_signer = KeptSigner

    def __init__(self, *told: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        self._kept = super().make_signer()

    def dump_payload(self, obj: Any) -> bytes:
        """Return a value as letters that may stand in an address."""
        payload: bytes = Serializer.dump_payload(self, obj)
        return base64_encode(payload) if len(payload) < SQUEEZED_FROM else super().dump_payload(obj)

    def make_signer(self, salt: str | bytes | None = None) -> Signer:
        """Return the signer; another one where a salt of its own is asked for."""
        return self._kept if salt in {None, self.salt} else super().make_signer(salt)
