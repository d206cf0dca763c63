"""The folder the keys of certificates lie in: one file each, private ones for nobody else to read.

`<kind>-<label>.key` is private, `.pub` and `.crt` are its public half and X.509 certificate, `.crl` is the
list of signers an issuer takes back. The label that counts highest is the one in use; older ones stay for
what was signed with them. Kinds: root, issuer, signer, stamp, badge; `timestamp-….crt` are roots of a
time-stamp authority.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from lms.core.config import ConfigError

PRIVATE, PUBLIC, CERTIFICATE, REVOKED = ".key", ".pub", ".crt", ".crl"

PrivateKey = EllipticCurvePrivateKey | Ed25519PrivateKey


class KeyFault(ConfigError):
    """A key is damaged, readable by others or in the wrong place; the message says what to do."""


def key_folder(instance: Path) -> Path:
    """Return where the keys of an installation lie."""
    return instance / "keys" / "certificates"


def list_labels(folder: Path, kind: str, *suffixes: str) -> list[str]:
    """Return the labels of a kind that have a file of one of these suffixes, the oldest first."""
    if not folder.is_dir():
        return []
    found = {
        path.stem.partition("-")[2]
        for path in folder.iterdir()
        if path.suffix in suffixes and path.stem.startswith(f"{kind}-")
    }
    return sorted((label for label in found if _is_label(label)), key=rank)


def rank(label: str) -> tuple[int, ...]:
    """Return the place of a label among its kind: ``2026-2`` comes after ``2026-1``, ``A`` after ``9``."""
    return tuple(int(part, 36) for part in label.split("-"))


def _is_label(label: str) -> bool:
    return all(part.isascii() and part.isalnum() for part in label.split("-"))


def write_private(path: Path, key: PrivateKey) -> None:
    """Write a private key that only its owner can read; nothing is overwritten.

    Raises:
        KeyFault: there is such a key already.
    """
    body = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_once(path, body)


def write_public(path: Path, key: PrivateKey) -> None:
    """Write the public half of a key beside it.

    Raises:
        KeyFault: there is one already.
    """
    write_once(path, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def write_once(path: Path, body: bytes) -> None:
    """Write a file of the folder that was not there; it is whole before its name exists.

    Raises:
        KeyFault: it was there.
    """
    part = _write_part(path, body)
    try:
        path.hardlink_to(part)
    except FileExistsError as error:
        raise KeyFault(f"{path} exists and is not overwritten.") from error
    finally:
        part.unlink()


def write_over(path: Path, body: bytes) -> None:
    """Write a file of the folder in the place of an older one; a crash leaves the old or the new one."""
    _write_part(path, body).replace(path)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other processes from changing the folder meanwhile."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write_part(path: Path, body: bytes) -> Path:
    """Write the body under another name; it belongs to whom the folder belongs, also where root writes it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        owner = path.parent.stat()
        if os.geteuid() == 0:
            os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    return part


def read_private(path: Path) -> PrivateKey:
    """Return a private key.

    Raises:
        KeyFault: it is missing, damaged, of another kind or readable by others.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFault(f"Key {path} can be read by others: run `chmod 600 {path}`")
        key = load_pem_private_key(path.read_bytes(), None)
    except FileNotFoundError as error:
        raise KeyFault(f"Key {path} is not here: put it back from a backup") from error
    except OSError as error:
        raise _unreadable(path, error) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFault(f"Key {path} is damaged: put it back from a backup") from error
    if isinstance(key, Ed25519PrivateKey):
        return key
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        return key
    raise KeyFault(f"Key {path} is of another kind than it must be: put the right one back")


def read_public(path: Path) -> EllipticCurvePublicKey | Ed25519PublicKey:
    """Return a public key.

    Raises:
        KeyFault: it is damaged, or of another kind.
    """
    try:
        key = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise _unreadable(path, error) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyFault(f"{path} is damaged: put it back from a backup") from error
    if isinstance(key, Ed25519PublicKey):
        return key
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return key
    raise KeyFault(f"{path} is of another kind than it must be: put the right one back")


def read_certificate(path: Path) -> x509.Certificate:
    """Return an X.509 certificate, written as PEM or DER.

    Raises:
        KeyFault: it is damaged.
    """
    try:
        body = path.read_bytes()
        is_pem = body.lstrip().startswith(b"-----")
        return x509.load_pem_x509_certificate(body) if is_pem else x509.load_der_x509_certificate(body)
    except OSError as error:
        raise _unreadable(path, error) from error
    except ValueError as error:
        raise KeyFault(f"Certificate {path} is damaged: put it back from a backup") from error


def _unreadable(path: Path, error: OSError) -> KeyFault:
    return KeyFault(
        f"{path} cannot be read ({error.strerror}): it must belong to the user the server runs as"
    )
