"""Passwords and second factors of demo people, derived from this machine's key whenever they are needed."""

from __future__ import annotations

import base64
import hashlib
import hmac

from flask import current_app


def derive_password(login: str) -> str:
    """Return the password of ``login``: 100 bits, in groups one can type."""
    text = base64.b32encode(_derive(f"password:{login}")).decode().lower()
    return "-".join((text[:5], text[5:10], text[10:15], text[15:20]))


def derive_totp_secret(login: str) -> str:
    """Return the second factor's secret of ``login`` in base 32."""
    return base64.b32encode(_derive(f"totp:{login}")[:20]).decode()


def _derive(purpose: str) -> bytes:
    key: bytes = current_app.config["VAULT_KEY"]
    return hmac.digest(key, f"demo:{purpose}".encode(), hashlib.sha256)
