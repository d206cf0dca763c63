"""With a time-stamp authority: everything somebody needs in twenty years is in the file (B-LT)."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from certificates.signing.folder import key_folder
from certificates.signing.making import Maker
from certificates.signing.pades import NotSigned
from certificates.signing.ring import read_ring
from lms.core.clock import utc_now
from tests.certificates.conftest import SealedSample
from tests.certificates.signing.conftest import check
from tests.certificates.signing.services import Identity, make_authority, serving, timestamp_handler
from tests.certificates.signing.strangers import Files, look_with_poppler, verify_with_openssl

WORDS = {"reason": "Sertifikat", "location": "Madiun", "name": "Kantor"}


@pytest.fixture(scope="module")
def authority() -> Identity:
    return make_authority()


@pytest.fixture(scope="module")
def address(authority: Identity) -> Iterator[str]:
    with serving(timestamp_handler(authority)) as address:
        yield address


@pytest.fixture
def place(maker: Maker, authority: Identity) -> Path:
    body = authority.certificate.public_bytes(Encoding.PEM)
    (key_folder(maker.instance) / "timestamp-1.crt").write_bytes(body)
    return maker.instance


@pytest.fixture
def timed(place: Path, address: str, sealed_sample: SealedSample) -> bytes:
    """The sample with a time stamp, below the keys at ``place``."""
    signer = read_ring(place, timestamp_url=address).signer
    assert signer
    return signer.sign(sealed_sample.unsigned, **WORDS, at=utc_now())


def test_the_file_carries_time_chain_and_list(
    place: Path, authority: Identity, timed: bytes, sealed_sample: SealedSample
) -> None:
    status = check(timed, read_ring(place))

    assert status.bottom_line
    assert status.timestamp_validity.trusted
    serial = status.timestamp_validity.signing_cert.serial_number
    assert serial == authority.certificate.serial_number
    kept = DocumentSecurityStore.read_dss(PdfFileReader(io.BytesIO(timed)))
    assert len(kept.crls) == 1
    assert len(kept.certs) >= 3
    assert timed.startswith(sealed_sample.unsigned)


def test_openssl_verifies_the_signature_with_a_time_stamp(files: Files, place: Path, timed: bytes) -> None:
    ring = read_ring(place)
    genuine = verify_with_openssl(files, timed, ring)

    assert genuine.returncode == 0, genuine.stderr
    assert verify_with_openssl(files, timed, ring, added=b" ").returncode != 0


def test_poppler_trusts_the_signature_with_a_time_stamp(files: Files, place: Path, timed: bytes) -> None:
    stranger, friend = look_with_poppler(files, timed, read_ring(place))

    assert "Certificate is Trusted" not in stranger
    assert "Signature is Valid" in friend
    assert "Certificate is Trusted" in friend
    assert "ETSI.CAdES.detached" in friend


def test_an_authority_that_does_not_answer_lets_the_paper_wait(
    place: Path, sealed_sample: SealedSample
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        ring = read_ring(place, timestamp_url=address)
        assert ring.signer
        with pytest.raises(NotSigned, match="could not be made"):
            ring.signer.sign(sealed_sample.unsigned, **WORDS, at=utc_now())


def test_an_authority_that_answers_something_else_lets_it_wait(
    place: Path, sealed_sample: SealedSample
) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<h1>Selamat datang</h1>")

        def log_message(self, *_arguments: object) -> None:
            pass

    with serving(Handler) as address:
        ring = read_ring(place, timestamp_url=address)
        assert ring.signer
        with pytest.raises(NotSigned, match="could not be made"):
            ring.signer.sign(sealed_sample.unsigned, **WORDS, at=utc_now())


def test_an_authority_nobody_here_believes_lets_it_wait(
    maker: Maker, address: str, sealed_sample: SealedSample
) -> None:
    ring = read_ring(maker.instance, timestamp_url=address)
    assert ring.signer

    with pytest.raises(NotSigned, match="could not be made"):
        ring.signer.sign(sealed_sample.unsigned, **WORDS, at=utc_now())
