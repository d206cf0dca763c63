"""Which key signs PDFs: the setting SIGNER says it."""

from __future__ import annotations

from collections.abc import Mapping

from cryptography import x509

from certificates.signing.folder import KeyFault
from certificates.signing.hardware import SCHEME, DeviceKey, read_device
from certificates.signing.pades import Key, Trust
from certificates.signing.reading import Reader
from certificates.signing.remote import SCHEMES, RemoteKey, read_service


def choose_key(
    setting: str, reader: Reader, trust: Trust, signers: Mapping[str, x509.Certificate]
) -> Key | None:
    """Return the key that signs, or None; the reader then knows why. Asks no device and no service yet.

    Args:
        setting: empty for a file in the folder of keys.
        reader: of that folder.
        trust: roots, issuers and lists that lie there.
        signers: certificates of signers that lie there.
    """
    if not setting:
        return reader.read_local_key(trust, signers)
    try:
        return _choose_outer(setting, reader, trust)
    except KeyFault as fault:
        reader.faults.append(str(fault.message))
        return None


def _choose_outer(setting: str, reader: Reader, trust: Trust) -> Key:
    scheme = setting.partition(":")[0]
    if scheme == SCHEME:
        return DeviceKey(read_device(setting, pin=reader.read_secret("device.pin")), trust)
    if scheme in SCHEMES:
        token, pin = reader.read_secret("service.token"), reader.read_secret("service.pin")
        return RemoteKey(read_service(setting, token=token, pin=pin), trust)
    raise KeyFault(f"SIGNER begins with {scheme!r}: it must be empty, or begin with pkcs11: or csc+https:")
