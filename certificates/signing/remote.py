"""A signer somewhere else: a signing service that speaks the protocol of the Cloud Signature Consortium.

SIGNER = ``csc+https://service.example/base?credential=ID``. The service's token lies in the folder of keys as
``service.token``, a PIN it may ask for as ``service.pin``. Only the hash of a file leaves this machine.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qs, urlsplit, urlunsplit

import aiohttp
from cryptography import x509
from pyhanko.sign import signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.csc_signer import (
    CSCAuthorizationInfo,
    CSCAuthorizationManager,
    CSCCredentialInfo,
    CSCServiceSessionInfo,
    CSCSigner,
    fetch_certs_in_csc_credential,
)

from certificates.signing.folder import KeyFault
from certificates.signing.pades import Trust, require_trusted
from lms.core.config import LOOPBACK

SCHEMES = ("csc+https", "csc+http")
TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Service:
    """Where the service is, which of its keys is ours, and what opens it."""

    url: str
    credential: str
    token: str = ""
    pin: str = ""

    def session_info(self) -> CSCServiceSessionInfo:
        """Return the same as pyHanko wants it."""
        return CSCServiceSessionInfo(self.url, self.credential, oauth_token=self.token or None)


def read_service(setting: str, *, token: str, pin: str) -> Service:
    """Return what the setting SIGNER names.

    Raises:
        KeyFault: it is no address of a service with HTTPS, or names no credential.
    """
    parts = urlsplit(setting.removeprefix("csc+"))
    credential = parse_qs(parts.query).get("credential", [""])[0]
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise KeyFault("SIGNER must begin with csc+https://: the token must not be seen on the way")
    if not parts.hostname or not credential:
        raise KeyFault("SIGNER must look like csc+https://service.example?credential=ID")
    return Service(
        urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", "")), credential, token, pin
    )


class RemoteKey:
    """A key that a service keeps."""

    def __init__(self, service: Service, trust: Trust) -> None:
        self._service, self._trust = service, trust

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate the service has for its key; asked for once."""
        return x509.load_der_x509_certificate(self._info.signing_cert.dump())

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[signers.Signer]:
        """Give it to pyHanko, for one signature."""
        async with _open_session() as session:
            manager = _Authorization(session, self._service, self._info)
            yield CSCSigner(session, manager, sign_timeout=TIMEOUT_SECONDS, embed_roots=True)

    @cached_property
    def _info(self) -> CSCCredentialInfo:
        info = asyncio.run(self._ask())
        require_trusted(info.signing_cert, info.chain, self._trust)
        return info

    async def _ask(self) -> CSCCredentialInfo:
        try:
            async with _open_session() as session:
                return await fetch_certs_in_csc_credential(
                    session, self._service.session_info(), timeout=TIMEOUT_SECONDS
                )
        except (ValueError, TypeError) as error:
            raise SigningError("The service does not answer as a signing service does") from error


class _Authorization(CSCAuthorizationManager):
    """Asks the service to release its key for exactly one hash."""

    def __init__(self, session: aiohttp.ClientSession, service: Service, info: CSCCredentialInfo) -> None:
        super().__init__(service.session_info(), info)
        self._session, self._pin = session, service.pin

    async def authorize_signature(self, hash_b64s: list[str]) -> CSCAuthorizationInfo:
        url = self.csc_session_info.endpoint_url("credentials/authorize")  # type: ignore[no-untyped-call]
        body = self.format_csc_auth_request(pin=self._pin or None, hash_b64s=hash_b64s)
        try:
            async with self._session.post(
                url, headers=self.auth_headers, json=body, raise_for_status=True
            ) as response:
                return self.parse_csc_auth_response(await response.json())
        except (aiohttp.ClientError, ValueError, TypeError) as error:
            raise SigningError("The service does not release the key") from error


def _open_session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS))
