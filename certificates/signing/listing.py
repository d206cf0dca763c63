"""The keys as a list for whoever runs the machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from certificates.signing.folder import CERTIFICATE, PRIVATE, PUBLIC, key_folder, list_labels
from certificates.signing.ring import KeyRing

KINDS = {
    "root": CERTIFICATE,
    "issuer": CERTIFICATE,
    "signer": CERTIFICATE,
    "stamp": PUBLIC,
    "badge": PUBLIC,
    "timestamp": CERTIFICATE,
}
"""Kinds of keys, and the file each of them has."""


def describe_ring(instance: Path, ring: KeyRing) -> Iterator[str]:
    """Yield a line for every key: name, whether its private half is here, whether it is in use, dates."""
    folder = key_folder(instance)
    revoked = ring.revoked
    for kind, suffix in KINDS.items():
        labels = list_labels(folder, kind, suffix)
        for label in labels:
            name = f"{kind}-{label}"
            state = "in use" if label == labels[-1] else "old"
            here = "key here" if (folder / f"{name}{PRIVATE}").exists() else "no key"
            one = ring.certificates.get(name)
            if one is not None and one.serial_number in revoked:
                state = "revoked"
            yield f"{name:<18} {state:<8} {here:<9} {_dates(one)}".rstrip()


def _dates(one: x509.Certificate | None) -> str:
    if one is None:
        return ""
    span = f"{one.not_valid_before_utc.date()} to {one.not_valid_after_utc.date()}"
    return f"{span}  sha256 {one.fingerprint(SHA256()).hex()}"
