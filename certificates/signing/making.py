"""Making keys, renewing them, taking a signer back. What was signed with old ones stays valid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from certificates.codes import ALPHABET
from certificates.signing.authority import Authority, make_crl, revocation
from certificates.signing.folder import (
    CERTIFICATE,
    PRIVATE,
    PUBLIC,
    REVOKED,
    KeyFault,
    PrivateKey,
    alone,
    key_folder,
    list_labels,
    read_certificate,
    read_private,
    write_once,
    write_over,
    write_private,
    write_public,
)
from certificates.signing.ring import read_ring
from lms.core.clock import utc_now
from lms.core.config import load_config

REASONS = {
    "key_compromise": x509.ReasonFlags.key_compromise,
    "superseded": x509.ReasonFlags.superseded,
    "cessation": x509.ReasonFlags.cessation_of_operation,
}
"""Why a signer is taken back, as lists of X.509 say it."""


@dataclass(frozen=True)
class Maker:
    """Makes keys of one installation."""

    instance: Path
    # Public address without trailing slash, and name; both stand in the certificates.
    base_url: str
    site: str
    now: datetime
    # Where the root's key is while it is needed, if it does not lie with the others.
    root_key: Path | None = None

    def make_missing(self) -> list[str]:
        """Make every kind of key there is none of, and return the names of those made."""
        kinds: dict[str, tuple[str, Callable[[], str]]] = {
            "root": (CERTIFICATE, self._make_root),
            "issuer": (CERTIFICATE, self._make_issuer),
            "signer": (CERTIFICATE, self.make_signer),
            "stamp": (PUBLIC, self.make_stamp_key),
            "badge": (PUBLIC, self.make_badge_key),
        }
        return [
            make() for kind, (suffix, make) in kinds.items() if not list_labels(self._folder, kind, suffix)
        ]

    def make_stamp_key(self) -> str:
        """Make the next key of the QR codes and return its name.

        Raises:
            KeyFault: all ids of one character are taken.
        """
        labels = list_labels(self._folder, "stamp", PUBLIC, PRIVATE)
        place = ALPHABET.index(labels[-1]) + 1 if labels else 1
        if place == len(ALPHABET):
            raise KeyFault("The QR code has no sign left for a further stamp key.")
        return self._make_pair("stamp", ALPHABET[place], _new_key())

    def make_badge_key(self) -> str:
        """Make the next key of the credentials, named after the year, and return its name."""
        years = [label.split("-") for label in list_labels(self._folder, "badge", PUBLIC, PRIVATE)]
        count = sum(year == str(self.now.year) for year, *_number in years)
        return self._make_pair("badge", f"{self.now.year}-{count + 1}", Ed25519PrivateKey.generate())

    def make_signer(self) -> str:
        """Make the next signer of PDFs, issued by the newest issuer, and return its name.

        Raises:
            KeyFault: the issuer or its key is not here, or damaged.
        """
        issuer_label, issuer, issuer_key = self._open("issuer")
        label, key = self._next_label("signer"), _new_key()
        one = self._authority.make_signer(
            label, key.public_key(), issuer, issuer_key, issuer_label=issuer_label
        )
        return self._keep("signer", label, one, key)

    def renew_root(self) -> list[str]:
        """Make the next root, an issuer and a signer below it; return their names.

        Roots before it stay beside it, in all that says whom to believe.
        """
        below = replace(self, root_key=None)
        return [self._make_root(), *below.renew_issuer()]

    def renew_issuer(self) -> list[str]:
        """Make the next issuer, signed by the root, and a signer of it; return their names.

        Raises:
            KeyFault: the root or its key is not here, or damaged.
        """
        return [self._make_issuer(), self.make_signer()]

    def revoke_signer(self, label: str, *, reason: str) -> x509.Certificate:
        """Put a signer onto the list of its issuer and return its certificate.

        Raises:
            KeyFault: there is no such signer, it is on the list already, or its issuer's key is not here.
        """
        signer = self._certificate("signer", label)
        issuer_label = self._issuer_of(signer)
        _label, issuer, key = self._open("issuer", issuer_label)
        path = self._path("issuer", issuer_label, REVOKED)
        with alone(self._folder):
            entries = list(x509.load_der_x509_crl(path.read_bytes())) if path.exists() else []
            if any(one.serial_number == signer.serial_number for one in entries):
                raise KeyFault(f"signer-{label} was taken back before.")
            entries.append(revocation(signer.serial_number, reason=REASONS[reason], at=self.now))
            write_over(path, make_crl(issuer, key, now=self.now, revoked=entries))
        return signer

    @property
    def _folder(self) -> Path:
        return key_folder(self.instance)

    @property
    def _authority(self) -> Authority:
        return Authority(site=self.site, base_url=self.base_url, now=self.now)

    def _make_root(self) -> str:
        label, key = self._next_label("root"), _new_key()
        return self._keep("root", label, self._authority.make_root(label, key), key)

    def _make_issuer(self) -> str:
        root_label, root, root_key = self._open("root")
        label, key = self._next_label("issuer"), _new_key()
        one = self._authority.make_issuer(label, key.public_key(), root, root_key, root_label=root_label)
        name = self._keep("issuer", label, one, key)
        write_once(self._path("issuer", label, REVOKED), make_crl(one, key, now=self.now))
        return name

    def _make_pair(self, kind: str, label: str, key: PrivateKey) -> str:
        write_private(self._path(kind, label, PRIVATE), key)
        write_public(self._path(kind, label, PUBLIC), key)
        return f"{kind}-{label}"

    def _keep(self, kind: str, label: str, one: x509.Certificate, key: PrivateKey) -> str:
        # The key first: what was cut off in between is made again under the next label.
        write_private(self._path(kind, label, PRIVATE), key)
        write_once(self._path(kind, label, CERTIFICATE), one.public_bytes(Encoding.PEM))
        return f"{kind}-{label}"

    def _open(self, kind: str, label: str = "") -> tuple[str, x509.Certificate, EllipticCurvePrivateKey]:
        """Return a root or issuer with its key: the newest one whose key is here."""
        if kind == "root" and self.root_key is not None:
            return self._open_by_key(self.root_key)
        label = label or self._newest(kind)
        return self._open_with(kind, label, self._path(kind, label, PRIVATE))

    def _open_by_key(self, path: Path) -> tuple[str, x509.Certificate, EllipticCurvePrivateKey]:
        """Return the root that a key from elsewhere belongs to; there may be several roots."""
        public = read_private(path).public_key()
        labels = list_labels(self._folder, "root", CERTIFICATE)
        own = (label for label in labels if self._certificate("root", label).public_key() == public)
        return self._open_with("root", next(own, None) or self._newest("root"), path)

    def _open_with(
        self, kind: str, label: str, path: Path
    ) -> tuple[str, x509.Certificate, EllipticCurvePrivateKey]:
        one = self._certificate(kind, label)
        key = read_private(path)
        if not isinstance(key, EllipticCurvePrivateKey) or key.public_key() != one.public_key():
            raise KeyFault(f"Key {path} belongs to another certificate than {kind}-{label}{CERTIFICATE}")
        return label, one, key

    def _newest(self, kind: str) -> str:
        labels = list_labels(self._folder, kind, CERTIFICATE)
        if not labels:
            raise KeyFault(f"There is no {kind} yet: run `lms keys create`")
        here = [label for label in labels if self._path(kind, label, PRIVATE).exists()]
        return (here or labels)[-1]

    def _certificate(self, kind: str, label: str) -> x509.Certificate:
        path = self._path(kind, label, CERTIFICATE)
        if not path.exists():
            raise KeyFault(f"There is no {kind}-{label}: see `lms keys list`")
        return read_certificate(path)

    def _issuer_of(self, signer: x509.Certificate) -> str:
        for label in list_labels(self._folder, "issuer", CERTIFICATE):
            if self._certificate("issuer", label).subject == signer.issuer:
                return label
        raise KeyFault("The certificate of this signer's issuer is not here: put it back from a backup")

    def _next_label(self, kind: str) -> str:
        labels = list_labels(self._folder, kind, CERTIFICATE, PRIVATE)
        return str(int(labels[-1]) + 1) if labels else "1"

    def _path(self, kind: str, label: str, suffix: str) -> Path:
        return self._folder / f"{kind}-{label}{suffix}"


def prepare_keys(instance: Path) -> None:
    """Make the keys of an installation that never had any; what is there stays as it is.

    Raises:
        ConfigError: the installation has no usable settings.
    """
    with alone(key_folder(instance)):
        if read_ring(instance).is_empty:
            config = load_config(instance)
            Maker(instance, base_url=config.BASE_URL, site=config.SITE_NAME, now=utc_now()).make_missing()


def _new_key() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())
