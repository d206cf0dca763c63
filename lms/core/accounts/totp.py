"""Six-digit codes of an app (RFC 6238) and recovery codes: arithmetic only."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime

import pyotp

PERIOD_SECONDS = 30
DRIFT = 1
"""Codes of so many periods before and after are taken too: phones' clocks are off."""
RECOVERY_CODES = 10
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RECOVERY_LENGTH = 12
_LOOKALIKES = str.maketrans("OIL", "011")


def make_secret() -> str:
    """Return a new secret of 160 bits in base 32, as apps expect it."""
    return pyotp.random_base32()


def code_at(secret: str, now: datetime) -> str:
    """Return the code an app shows at ``now``."""
    return pyotp.TOTP(secret).at(int(now.timestamp()))


def find_counter(secret: str, code: str, *, now: datetime) -> int | None:
    """Return the period whose code this is, or None. Whoever accepts it must store it: a code works once."""
    current = int(now.timestamp()) // PERIOD_SECONDS
    found = None
    for counter in range(current - DRIFT, current + DRIFT + 1):
        expected = pyotp.TOTP(secret).at(counter * PERIOD_SECONDS)
        if hmac.compare_digest(expected.encode(), code.encode()):
            found = counter
    return found


def enrolment_uri(secret: str, *, login: str, issuer: str) -> str:
    """Return what the QR for an authenticator app says."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def make_recovery_codes() -> list[str]:
    """Return ten codes of 60 random bits, written 4-4-4."""
    codes = [
        "".join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)
    ]
    return ["-".join((code[:4], code[4:8], code[8:])) for code in codes]


def fold_code(text: str) -> str:
    """Return a typed recovery code as it is digested: no blanks or dashes, O is 0, I and L are 1."""
    return "".join(c for c in text.upper() if c.isalnum()).translate(_LOOKALIKES)


def fold_digits(text: str) -> str:
    """Return only the ASCII digits of what somebody typed."""
    return "".join(c for c in text if c in "0123456789")
