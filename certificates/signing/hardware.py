"""A signer in a device: a card, a stick or a hardware security module, through PKCS #11.

SIGNER = ``pkcs11:token=NAME;object=LABEL?module-path=/usr/lib/….so`` (RFC 7512). Key and certificate have the
same label. The PIN lies in the folder of keys as ``device.pin``. Needs the package python-pkcs11.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote

from cryptography import x509
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign import signers
from pyhanko.sign.general import SigningError

from certificates.signing.folder import KeyFault
from certificates.signing.pades import Trust, require_trusted

if TYPE_CHECKING:
    from pyhanko.sign.pkcs11 import PKCS11Signer

SCHEME = "pkcs11"
INSTALL = (
    "SIGNER names a device, but the package python-pkcs11 is not installed: run "
    "`.venv/bin/pip install python-pkcs11`"
)


@dataclass(frozen=True)
class Device:
    """Which device, which key in it, and what opens it."""

    module: str
    token: str
    label: str
    pin: str


def read_device(setting: str, *, pin: str) -> Device:
    """Return what the setting SIGNER names.

    Raises:
        KeyFault: it does not name module, token and object.
    """
    path, _mark, query = setting.removeprefix(f"{SCHEME}:").partition("?")
    names = {name: unquote(value) for name, _, value in (part.partition("=") for part in path.split(";"))}
    module = parse_qs(query).get("module-path", [""])[0]
    if not (module and names.get("token") and names.get("object")):
        raise KeyFault("SIGNER must look like pkcs11:token=NAME;object=LABEL?module-path=/usr/lib/….so")
    return Device(module, names["token"], names["object"], pin)


class DeviceKey:
    """A key that never leaves its device."""

    def __init__(self, device: Device, trust: Trust) -> None:
        self._device, self._trust = device, trust

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate in the device."""
        return x509.load_der_x509_certificate(self._signer.signing_cert.dump())

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[signers.Signer]:
        """Give it to pyHanko; the session with the device stays open."""
        with self._told():
            yield self._signer

    @cached_property
    def _signer(self) -> PKCS11Signer:
        with self._told():
            # Not of the locked set: few installations have a device.
            from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session  # noqa: PLC0415

            device = self._device
            session = open_pkcs11_session(
                device.module,
                token_criteria=TokenCriteria(label=device.token),
                user_pin=device.pin or None,
            )
            signer = PKCS11Signer(
                session,
                cert_label=device.label,
                key_label=device.label,
                ca_chain=self._trust.chain(),
                # Every device signs a hash; hashing by itself many cannot.
                use_raw_mechanism=True,
            )
            require_trusted(signer.signing_cert, [], self._trust)
            return signer

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the device says into a sentence."""
        try:
            import pkcs11  # noqa: PLC0415
        except ImportError as error:
            raise SigningError(INSTALL) from error
        try:
            yield
        except (pkcs11.exceptions.PKCS11Error, RuntimeError) as error:
            reason = str(error) or type(error).__name__
            raise SigningError(f"The device {self._device.token!r} does not sign: {reason}") from error
