"""All keys of certificates of this installation, as they lie in its folder.

What is missing is simply not there, what is damaged is told in `faults`: old papers are checked with the
rest. A new paper waits until `problem` is empty.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import current_app

from certificates.signing.choice import choose_key
from certificates.signing.folder import key_folder
from certificates.signing.pades import PadesSigner, Signer
from certificates.signing.reading import Reader
from lms.core.clock import utc_now

RENEWED_BEFORE = timedelta(days=60)
"""So long before its end `lms doctor` asks for another signer."""
BADGE_PREFIX = "kunci-"
"""Before the label of a badge key in its public name."""


@dataclass(frozen=True)
class StampKey:
    """Signs the QR codes."""

    # One Crockford character.
    id: str
    private: EllipticCurvePrivateKey


@dataclass(frozen=True)
class BadgeKey:
    """Signs the credentials."""

    # E.g. ``kunci-2026-1``: the fragment of its address in did.json.
    id: str
    private: Ed25519PrivateKey


@dataclass(frozen=True)
class KeyRing:
    """Keys in use, and the public halves of all there ever were."""

    stamp_key: StampKey | None = None
    stamp_publics: Mapping[str, EllipticCurvePublicKey] = field(default_factory=dict)
    badge_key: BadgeKey | None = None
    badge_publics: Mapping[str, Ed25519PublicKey] = field(default_factory=dict)
    signer: Signer | None = None
    # Oldest first.
    roots: tuple[x509.Certificate, ...] = ()
    issuers: tuple[x509.Certificate, ...] = ()
    signers: tuple[x509.Certificate, ...] = ()
    # Of time-stamp authorities.
    timestamp_roots: tuple[x509.Certificate, ...] = ()
    # DER, by the label of their issuer, the oldest first.
    crls: Mapping[str, bytes] = field(default_factory=dict)
    # Signers taken back, and since when, by the serial numbers of their certificates.
    revoked: Mapping[int, datetime] = field(default_factory=dict)
    # All of them by their names in the folder, e.g. ``root-1``.
    certificates: Mapping[str, x509.Certificate] = field(default_factory=dict)
    # What is damaged, a sentence each that says what to do.
    faults: tuple[str, ...] = ()
    # What a new paper lacks, likewise.
    lacking: tuple[str, ...] = ()

    @property
    def crl(self) -> bytes:
        """The list of signers the issuer in use took back, DER; empty without an issuer."""
        return list(self.crls.values())[-1] if self.crls else b""

    @property
    def is_empty(self) -> bool:
        """Whether no keys were ever made."""
        return not (self.stamp_publics or self.badge_publics or self.roots or self.faults)

    @property
    def problem(self) -> str:
        """Why no paper can be signed now, in a sentence that says what to do; empty when all is well."""
        if self.is_empty:
            return "There are no keys for certificates yet: run `lms keys create`"
        return next(iter((*self.faults, *self.lacking)), "")

    def find_renewal(self, now: datetime) -> str:
        """Return what runs out soon and what to do, or an empty text; until then all goes on."""
        for label, body in self.crls.items():
            ended = x509.load_der_x509_crl(body).next_update_utc
            if ended is not None and ended < now:
                return (
                    f"The list of signers that issuer-{label} took back ended on {ended.date()}: put "
                    f"issuer-{label}.key back, then it is dated anew every day"
                )
        end = self.signers[-1].not_valid_after_utc if self.signers else now + RENEWED_BEFORE
        if end - now >= RENEWED_BEFORE:
            return ""
        return f"The signer's certificate ends on {end.date()}: run `lms keys rotate signer`"


def read_ring(
    instance: Path, *, signer: str = "", timestamp_url: str = "", now: datetime | None = None
) -> KeyRing:
    """Return the keys of an installation; an empty ring where there are none.

    Args:
        instance: folder of the installation.
        signer: the setting SIGNER.
        timestamp_url: the setting TIMESTAMP_URL.
        now: when the list of signers taken back is dated; this moment if left out.
    """
    return read_folder(key_folder(instance), signer=signer, timestamp_url=timestamp_url, now=now)


def read_folder(
    folder: Path, *, signer: str = "", timestamp_url: str = "", now: datetime | None = None
) -> KeyRing:
    """Return the keys in a folder as `lms keys backup` writes it; arguments as for :func:`read_ring`."""
    reader = Reader(folder, now=now or utc_now())
    stamps = reader.read_pairs("stamp")
    badges = reader.read_pairs("badge")
    trust = reader.read_trust()
    signers = reader.read_certificates("signer")
    key = choose_key(signer, reader, trust, signers)
    return KeyRing(
        stamp_key=StampKey(stamps.label, stamps.private)
        if isinstance(stamps.private, EllipticCurvePrivateKey)
        else None,
        stamp_publics={
            label: public
            for label, public in stamps.publics.items()
            if isinstance(public, EllipticCurvePublicKey)
        },
        badge_key=BadgeKey(BADGE_PREFIX + badges.label, badges.private)
        if isinstance(badges.private, Ed25519PrivateKey)
        else None,
        badge_publics={
            BADGE_PREFIX + label: public
            for label, public in badges.publics.items()
            if isinstance(public, Ed25519PublicKey)
        },
        signer=PadesSigner(key, trust, timestamp_url=timestamp_url) if key is not None else None,
        roots=trust.roots,
        issuers=trust.issuers,
        signers=tuple(signers.values()),
        timestamp_roots=trust.timestamp_roots,
        crls=reader.crls,
        revoked=reader.revoked,
        certificates=reader.named,
        faults=tuple(reader.faults),
        lacking=tuple(reader.lacking),
    )


_Mark = tuple[object, ...]
_read: dict[Path, tuple[_Mark, KeyRing]] = {}
"""Rings as last read, by their instance; read again when the folder has changed, and every day."""


def current_ring() -> KeyRing:
    """Return the keys of the application's installation, read anew when they have changed."""
    instance = Path(current_app.config["INSTANCE"])
    signer, timestamp_url = current_app.config["SIGNER"], current_app.config["TIMESTAMP_URL"]
    now = utc_now()
    mark = (signer, timestamp_url, now.date(), *_state_of(instance))
    known = _read.get(instance)
    if known is None or known[0] != mark:
        known = mark, read_ring(instance, signer=signer, timestamp_url=timestamp_url, now=now)
        _read[instance] = known
    return known[1]


def _state_of(instance: Path) -> list[tuple[str, int, int, int]]:
    try:
        with os.scandir(key_folder(instance)) as entries:
            found = sorted((entry.name, os.stat(entry.path)) for entry in entries)
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [(name, s.st_mtime_ns, s.st_ino, stat.S_IMODE(s.st_mode)) for name, s in found]
