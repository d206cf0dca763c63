"""What reads and signs cookies and form tokens: itsdangerous, with its key derived once for a process."""

from __future__ import annotations

from typing import Any

from itsdangerous import Signer, TimestampSigner, URLSafeTimedSerializer


class KeptSigner(TimestampSigner):
    """A signer that remembers the keys it has derived; they depend on nothing but secret and salt."""

    def __init__(self, *told: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        self._derived: dict[str | bytes | None, bytes] = {}

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

    def make_signer(self, salt: str | bytes | None = None) -> Signer:
        """Return the signer; another one where a salt of its own is asked for."""
        return self._kept if salt in {None, self.salt} else super().make_signer(salt)
