"""What a checker takes along: public keys, lists of revoked signers, status lists; as files in a folder.

`lms certificate trust` writes them. Those of the public addresses of an installation do as well, under any
name: certificates (`.crt`, `.pem`), lists of revoked signers (`.crl`), `did.json`, `kunci.json` (keys of the
QR), `dicabut.json` and status lists (what no longer stands).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from certificates.badges.did import ED25519_MARK, write_did_document
from certificates.badges.multibase import read_multibase
from certificates.checking.known_status import EndedCodes, StatusBits, read_ended, read_lists
from certificates.signing.folder import key_folder
from certificates.signing.ring import KeyRing, read_ring
from lms.core.errors import Invalid

MAX_FILE_BYTES = 2_000_000


@dataclass(frozen=True)
class Trusted:
    """Whom we believe, and what they last said."""

    ring: KeyRing
    lists: tuple[StatusBits, ...] = ()
    ended: tuple[EndedCodes, ...] = ()


def read_trusted(folder: Path) -> Trusted:
    """Return what lies in a folder.

    Raises:
        Invalid: it cannot be read, or there is no root in it.
    """
    if key_folder(folder).is_dir():
        return Trusted(read_ring(folder))
    try:
        bodies = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if _is_small(path)}
        certificates = list(_certificates(bodies))
        documents = [json.loads(body) for name, body in bodies.items() if name.endswith(".json")]
        badges = dict(_badge_keys(documents))
        ring = replace(
            _chain(certificates),
            crls={name: _der_list(body) for name, body in bodies.items() if name.endswith(".crl")},
            badge_publics=badges,
            stamp_publics=dict(_stamp_keys(documents)),
        )
        lists = tuple(read_lists(documents, badges))
        ended = tuple(read_ended(documents))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise Invalid(f"{folder}: {error}") from error
    if not ring.roots:
        raise Invalid(f"{folder}: no root certificate in it")
    return Trusted(ring, lists, ended)


def write_trusted(folder: Path, ring: KeyRing, *, base_url: str, lists: Mapping[str, str]) -> list[str]:
    """Write all that is public of a ring into a folder, and return the names of the files.

    Args:
        folder: is made where it is missing; files of the same names are replaced.
        ring: the keys.
        base_url: public address of the installation.
        lists: lists of what no longer stands as JSON, by their names.

    Raises:
        OSError: the folder cannot be written.
    """
    chain = dict(ring.certificates) | {
        f"signer-{place}": each for place, each in enumerate(ring.signers, start=1)
    }
    did = write_did_document(ring.badge_publics, base_url=base_url)
    keys = {"keys": [_jwk(name, key) for name, key in ring.stamp_publics.items()]}
    files = {f"{name}.crt": each.public_bytes(Encoding.PEM) for name, each in chain.items()}
    files |= {f"issuer-{label}.crl": body for label, body in ring.crls.items()}
    files |= {"did.json": json.dumps(did).encode(), "kunci.json": json.dumps(keys).encode()}
    files |= {f"{name}.json": text.encode() for name, text in lists.items()}
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        (folder / name).write_bytes(body)
    return sorted(files)


def _chain(certificates: Sequence[x509.Certificate]) -> KeyRing:
    authorities = [each for each in certificates if _is_authority(each)]
    return KeyRing(
        roots=tuple(each for each in authorities if each.issuer == each.subject),
        issuers=tuple(each for each in authorities if each.issuer != each.subject),
        signers=tuple(each for each in certificates if each not in authorities),
    )


def _is_small(path: Path) -> bool:
    return path.is_file() and path.stat().st_size <= MAX_FILE_BYTES


def _certificates(bodies: Mapping[str, bytes]) -> Iterator[x509.Certificate]:
    for name, body in bodies.items():
        if name.endswith((".crt", ".pem", ".cer")):
            if body.lstrip().startswith(b"-----"):
                yield from x509.load_pem_x509_certificates(body)
            else:
                yield x509.load_der_x509_certificate(body)


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _der_list(body: bytes) -> bytes:
    if body.lstrip().startswith(b"-----"):
        return x509.load_pem_x509_crl(body).public_bytes(Encoding.DER)
    return x509.load_der_x509_crl(body).public_bytes(Encoding.DER)


def _badge_keys(documents: list[Any]) -> Iterator[tuple[str, Ed25519PublicKey]]:
    for document in documents:
        for method in document.get("verificationMethod", []):
            raw = read_multibase(method["publicKeyMultibase"]).removeprefix(ED25519_MARK)
            yield method["id"].rpartition("#")[2], Ed25519PublicKey.from_public_bytes(raw)


def _stamp_keys(documents: list[Any]) -> Iterator[tuple[str, EllipticCurvePublicKey]]:
    for document in documents:
        for key in document.get("keys", []):
            x, y = (int.from_bytes(base64.urlsafe_b64decode(key[name] + "=="), "big") for name in "xy")
            yield key["kid"], EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()


def _jwk(name: str, key: EllipticCurvePublicKey) -> dict[str, str]:
    numbers = key.public_numbers()
    x, y = (base64.urlsafe_b64encode(n.to_bytes(32, "big")).decode() for n in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "kid": name, "x": x.rstrip("="), "y": y.rstrip("=")}
