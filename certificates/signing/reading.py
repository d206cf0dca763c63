"""Reading the folder of keys: what can be read is taken, what is wrong is noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates.signing.authority import renew_crl
from certificates.signing.folder import (
    CERTIFICATE,
    PRIVATE,
    PUBLIC,
    REVOKED,
    KeyFault,
    PrivateKey,
    list_labels,
    read_certificate,
    read_private,
    read_public,
)
from certificates.signing.pades import LocalKey, Trust

Found = TypeVar("Found")

PublicKey = EllipticCurvePublicKey | Ed25519PublicKey


@dataclass(frozen=True)
class Pairs:
    """The keys of a kind: all public ones, and the one in use with its label."""

    publics: dict[str, PublicKey]
    label: str
    private: PrivateKey | None


class Reader:
    """Reads one folder once."""

    def __init__(self, folder: Path, *, now: datetime) -> None:
        self.folder, self.now = folder, now
        self.faults: list[str] = []
        self.lacking: list[str] = []
        self.crls: dict[str, bytes] = {}
        self.named: dict[str, x509.Certificate] = {}
        self.revoked: dict[int, datetime] = {}

    def read_pairs(self, kind: str) -> Pairs:
        """Return the keys of a kind; only the newest can be in use."""
        labels = list_labels(self.folder, kind, PUBLIC, PRIVATE)
        label = labels[-1] if labels else ""
        private = self._private_in_use(kind, label)
        publics = {}
        for one in labels:
            public = self._public(kind, one, private if one == label else None)
            if public is not None:
                publics[one] = public
        return Pairs(publics, label, private if label in publics else None)

    def read_trust(self) -> Trust:
        """Return roots, issuers, and the lists of what they took back."""
        roots = self.read_certificates("root")
        issuers = self.read_certificates("issuer")
        for label, issuer in issuers.items():
            self._attempt(lambda label=label, issuer=issuer: self._read_crl(label, issuer))  # type: ignore[misc]
        return Trust(
            roots=tuple(roots.values()),
            issuers=tuple(issuers.values()),
            crls=tuple(self.crls.values()),
            timestamp_roots=tuple(self.read_certificates("timestamp").values()),
        )

    def read_certificates(self, kind: str) -> dict[str, x509.Certificate]:
        """Return the certificates of a kind by label, the oldest first."""
        found = {}
        for label in list_labels(self.folder, kind, CERTIFICATE):
            path = self.path(kind, label, CERTIFICATE)
            one = self._attempt(lambda path=path: read_certificate(path))  # type: ignore[misc]
            if one is not None:
                found[label] = one
                self.named[f"{kind}-{label}"] = one
        return found

    def read_local_key(self, trust: Trust, signers: Mapping[str, x509.Certificate]) -> LocalKey | None:
        """Return the signer whose key is a file here: the newest one, if it is fit to sign."""
        labels = list_labels(self.folder, "signer", CERTIFICATE)
        if not labels:
            self.lacking.append("There is no signer for PDFs: run `lms keys create`")
            return None
        label = labels[-1]
        private = self._private_in_use("signer", label)
        certificate = signers.get(label)
        if certificate is None or not isinstance(private, EllipticCurvePrivateKey):
            return None
        return self._fit(label, private, certificate, trust)

    def read_secret(self, name: str) -> str:
        """Return a line that opens a device or a service; empty where there is none.

        Raises:
            KeyFault: others can read it.
        """
        path = self.folder / name
        if not path.exists():
            return ""
        if path.stat().st_mode & 0o077:
            raise KeyFault(f"{path} can be read by others: run `chmod 600 {path}`")
        return path.read_text(encoding="utf-8").strip()

    def path(self, kind: str, label: str, suffix: str) -> Path:
        """Return where a file of the folder lies."""
        return self.folder / f"{kind}-{label}{suffix}"

    def _fit(
        self, label: str, private: EllipticCurvePrivateKey, certificate: x509.Certificate, trust: Trust
    ) -> LocalKey | None:
        path = self.path("signer", label, PRIVATE)
        if private.public_key() != certificate.public_key():
            self.faults.append(
                f"Key {path} belongs to another certificate than signer-{label}{CERTIFICATE}: "
                "put the right one back, or run `lms keys rotate signer`"
            )
        elif certificate.serial_number in self.revoked:
            self.lacking.append("The signer was revoked: run `lms keys rotate signer`")
        elif not any(_is_issued_by(certificate, issuer) for issuer in trust.issuers):
            self.faults.append(
                f"No issuer here issued signer-{label}{CERTIFICATE}: put issuer-….crt back from a backup, "
                "or run `lms keys rotate signer`"
            )
        elif certificate.not_valid_after_utc <= self.now:
            day = certificate.not_valid_after_utc.date()
            self.lacking.append(f"The signer's certificate ended on {day}: run `lms keys rotate signer`")
        else:
            return LocalKey(private, certificate, trust)
        return None

    def _private_in_use(self, kind: str, label: str) -> PrivateKey | None:
        if not label:
            self.lacking.append(f"There is no {kind} key: run `lms keys create`")
            return None
        path = self.path(kind, label, PRIVATE)
        if not path.exists():
            self.lacking.append(
                f"Key {path} is not here: put it back from a backup, or run `lms keys rotate {kind}`"
            )
            return None
        return self._attempt(lambda: read_private(path))

    def _public(self, kind: str, label: str, private: PrivateKey | None) -> PublicKey | None:
        path = self.path(kind, label, PUBLIC)
        if not path.exists():
            # Cut off between the two files; the private one says the same.
            private = private or self._attempt(lambda: read_private(self.path(kind, label, PRIVATE)))
            return private.public_key() if private else None
        public = self._attempt(lambda: read_public(path))
        if private is None or public is None or private.public_key() == public:
            return public
        self.faults.append(
            f"Key {self.path(kind, label, PRIVATE)} belongs to another one than {path.name}: "
            "put the right one back from a backup"
        )
        return None

    def _read_crl(self, label: str, issuer: x509.Certificate) -> None:
        """Take the list of an issuer as it lies here; date it anew where the issuer's key is here."""
        path = self.path("issuer", label, REVOKED)
        if not path.exists():
            return
        try:
            kept = x509.load_der_x509_crl(path.read_bytes())
            is_genuine = kept.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
        except (OSError, ValueError, TypeError) as error:
            raise KeyFault(f"{path} is damaged: put it back from a backup") from error
        if not is_genuine:
            raise KeyFault(f"{path} was not signed by issuer-{label}{CERTIFICATE}: put the right one back")
        self.revoked |= {one.serial_number: one.revocation_date_utc for one in kept}
        key = self.path("issuer", label, PRIVATE)
        private = read_private(key) if key.exists() else None
        self.crls[label] = renew_crl(kept, issuer, private, now=self.now)

    def _attempt(self, read: Callable[[], Found]) -> Found | None:
        try:
            return read()
        except KeyFault as fault:
            self.faults.append(str(fault.message))
            return None


def _is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
