"""The stamp in the QR code: a signature over code and printed facts, checked without asking anybody.

120 characters, all of which a QR code writes in its short alphanumeric mode: the key's id (1), the facts
(16: base32 of 80 bits of a hash) and the signature (103: base32 of 64 bytes, ECDSA P-256). Every browser
can check it. Nothing in it is secret, and the facts cannot be read out of it, only compared.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from certificates.record import Record
from certificates.signing.ring import StampKey
from lms.core.text import fold

PURPOSE = b"PENGGERAK1"
"""What the key signs here and nowhere else."""
FACTS_BYTES = 10
FACTS_LENGTH = 16
SIGNATURE_LENGTH = 103
LENGTH = 1 + FACTS_LENGTH + SIGNATURE_LENGTH
HALF = 32
"""Bytes of each of the two numbers of a signature."""


@dataclass(frozen=True)
class Stamp:
    """What a genuine stamp says: by which key, and the hash of the facts it stands for."""

    key_id: str
    facts: str


def make_stamp(record: Record, key: StampKey) -> str:
    """Return the stamp of a record: the same record and key, the same text (RFC 6979)."""
    facts = facts_of(record)
    message = _message(record.code, facts)
    signature = key.private.sign(message, ECDSA(SHA256(), deterministic_signing=True))
    r, s = decode_dss_signature(signature)
    return key.id + facts + _base32(r.to_bytes(HALF, "big") + s.to_bytes(HALF, "big"))


def read_stamp(code: str, text: str, publics: Mapping[str, EllipticCurvePublicKey]) -> Stamp | None:
    """Return what a stamp says if it is genuine and belongs to this code; None for anything else.

    Args:
        code: the certificate's, 17 characters without dashes.
        text: as the QR code has it; small letters are forgiven.
        publics: the keys that are believed, by their id.
    """
    text = text.upper() if text.isascii() else ""
    key = publics.get(text[:1])
    if key is None or len(text) != LENGTH:
        return None
    facts, signed = text[1 : 1 + FACTS_LENGTH], _bytes_of(text[1 + FACTS_LENGTH :])
    if signed is None or _bytes_of(facts) is None:
        return None
    r, s = int.from_bytes(signed[:HALF], "big"), int.from_bytes(signed[HALF:], "big")
    try:
        key.verify(encode_dss_signature(r, s), _message(code, facts), ECDSA(SHA256()))
    except InvalidSignature:
        return None
    return Stamp(text[0], facts)


def facts_of(record: Record) -> str:
    """Return the hash of what is printed: number, name, programme and day of completion."""
    return facts_hash(
        record.serial, record.holder.name, record.programme.title, record.completed_on.isoformat()
    )


def facts_hash(serial: str, name: str, programme: str, day: str) -> str:
    """Return the 16 characters that stand for four printed facts.

    Args:
        serial: as printed.
        name: case, blanks and forms of the same letter do not count.
        programme: its title as printed.
        day: of completion, ISO.
    """
    text = rfc8785.dumps([serial, fold(name), programme, day])
    return _base32(hashlib.sha256(text).digest()[:FACTS_BYTES])


def _message(code: str, facts: str) -> bytes:
    return b"\0".join((PURPOSE, code.encode(), facts.encode()))


def _base32(body: bytes) -> str:
    return base64.b32encode(body).decode().rstrip("=")


def _bytes_of(text: str) -> bytes | None:
    """Return what a base32 text stands for; None if another text stands for the same, or it is none."""
    try:
        body = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError:
        return None
    return body if _base32(body) == text else None
