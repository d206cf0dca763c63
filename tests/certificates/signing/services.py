"""Two small services of the tests' own: a time-stamp authority (RFC 3161) and a signing service (CSC)."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates.signing.pades import to_asn1

TOKEN, PIN, CREDENTIAL = "kunci-layanan", "4711", "penandatangan"


@dataclass(frozen=True)
class Identity:
    """A key with a certificate that signs itself."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate


def make_identity(name: str, use: x509.ObjectIdentifier | None = None) -> Identity:
    """Return somebody of another authority: RSA, as theirs mostly are."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begun = datetime.now(UTC) - timedelta(days=800)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begun)
        .not_valid_after(begun + timedelta(days=4000))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if use is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=True)
    return Identity(key, builder.sign(key, SHA256()))


def make_authority() -> Identity:
    """Return a time-stamp authority."""
    return make_identity("Otoritas Waktu", ExtendedKeyUsageOID.TIME_STAMPING)


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve on a port of loopback while the block runs, and yield the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def timestamp_handler(identity: Identity) -> type[BaseHTTPRequestHandler]:
    """Return what answers time-stamp requests; the token itself is pyHanko's test device's."""
    (certificate,) = to_asn1([identity.certificate])
    der = identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store = SimpleCertificateStore()
    stamper = DummyTimeStamper(certificate, asn1_keys.PrivateKeyInfo.load(der), certs_to_embed=store)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = stamper.request_tsa_response(tsp.TimeStampReq.load(body)).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: object) -> None:
            pass

    return Handler


@dataclass
class SigningService:
    """A signing service: what it was asked, and what it answers."""

    identity: Identity
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    # Answer with this status instead.
    status: int = 200
    garbage: bytes = b""

    def answer(self, path: str, request: dict[str, Any]) -> dict[str, Any]:
        """Return what the service says."""
        self.asked.append((path, request))
        assert request["credentialID"] == CREDENTIAL
        if path.endswith("/credentials/info"):
            der = self.identity.certificate.public_bytes(Encoding.DER)
            return {
                "cert": {"certificates": [base64.b64encode(der).decode()]},
                "key": {"algo": ["1.2.840.113549.1.1.11", "1.2.840.113549.1.1.1"]},
                "multisign": 1,
            }
        if path.endswith("/credentials/authorize"):
            assert request["PIN"] == PIN
            return {"SAD": "sekali-pakai"}
        assert path.endswith("/signatures/signHash")
        assert request["SAD"] == "sekali-pakai"
        hashes = [base64.b64decode(text) for text in request["hash"]]
        signed = [self.identity.key.sign(one, padding.PKCS1v15(), Prehashed(SHA256())) for one in hashes]
        return {"signatures": [base64.b64encode(one).decode() for one in signed]}

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """Return what answers for it."""
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                is_known = self.headers["Authorization"] == f"Bearer {TOKEN}"
                answer = service.answer(self.path, request) if is_known else {}
                self.send_response(service.status if is_known else 401)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(service.garbage or json.dumps(answer).encode())

            def log_message(self, *_arguments: object) -> None:
                pass

        return Handler
