"""A signing service keeps the key: only a hash leaves this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from certificates.signing.folder import key_folder
from certificates.signing.making import Maker
from certificates.signing.pades import NotSigned
from certificates.signing.ring import KeyRing, read_ring
from tests.certificates.conftest import SealedSample
from tests.certificates.signing.conftest import check
from tests.certificates.signing.services import (
    CREDENTIAL,
    PIN,
    TOKEN,
    SigningService,
    make_identity,
    serving,
)
from tests.conftest import NOW

WORDS = {"reason": "Sertifikat", "location": "Madiun", "name": "Kantor"}


@pytest.fixture(scope="module")
def identity() -> SigningService:
    return SigningService(make_identity("Kantor Resmi"))


@pytest.fixture
def service(identity: SigningService) -> SigningService:
    return SigningService(identity.identity)


@pytest.fixture
def address(service: SigningService) -> Iterator[str]:
    with serving(service.handler()) as address:
        yield f"csc+{address}/layanan?credential={CREDENTIAL}"


@pytest.fixture
def place(maker: Maker, service: SigningService) -> Path:
    """An instance that knows the service's root, token and PIN."""
    folder = key_folder(maker.instance)
    (folder / "root-2.crt").write_bytes(service.identity.certificate.public_bytes(Encoding.PEM))
    for name, text in (("service.token", TOKEN), ("service.pin", PIN)):
        (folder / name).write_text(text + "\n")
        (folder / name).chmod(0o600)
    return maker.instance


def sign(ring: KeyRing, pdf: bytes) -> bytes:
    assert ring.signer, ring.problem
    return ring.signer.sign(pdf, **WORDS, at=NOW)


def test_the_service_signs_and_the_signature_is_trusted(
    place: Path, address: str, service: SigningService, sealed_sample: SealedSample
) -> None:
    ring = read_ring(place, signer=address)

    signed = sign(ring, sealed_sample.unsigned)

    assert check(signed, ring).bottom_line
    assert ring.signer
    assert ring.signer.serial == f"{service.identity.certificate.serial_number:x}"
    assert [path.rpartition("/")[2] for path, _request in service.asked] == ["info", "authorize", "signHash"]
    assert len(json.dumps(service.asked)) < 1500, "a hash goes out, never the file"


def test_the_certificate_is_asked_for_once(
    place: Path, address: str, service: SigningService, sealed_sample: SealedSample
) -> None:
    ring = read_ring(place, signer=address)
    for _ in range(2):
        sign(ring, sealed_sample.unsigned)

    assert [path.rpartition("/")[2] for path, _request in service.asked].count("info") == 1


def test_without_our_own_signer_s_key_nothing_is_missing(place: Path, address: str) -> None:
    (key_folder(place) / "signer-1.key").unlink()

    assert read_ring(place, signer=address).problem == ""


@pytest.mark.parametrize(("status", "garbage"), [(500, b""), (403, b""), (200, b"<html>"), (200, b"[]")])
def test_a_service_that_fails_lets_the_paper_wait(
    place: Path,
    address: str,
    service: SigningService,
    sealed_sample: SealedSample,
    status: int,
    garbage: bytes,
) -> None:
    service.status, service.garbage = status, garbage

    with pytest.raises(NotSigned, match="could not be made"):
        sign(read_ring(place, signer=address), sealed_sample.unsigned)


def test_a_wrong_token_lets_it_wait(place: Path, address: str, sealed_sample: SealedSample) -> None:
    (key_folder(place) / "service.token").write_text("lain")

    with pytest.raises(NotSigned, match="could not be made"):
        sign(read_ring(place, signer=address), sealed_sample.unsigned)


def test_a_service_nobody_here_believes_signs_nothing(
    maker: Maker, place: Path, address: str, sealed_sample: SealedSample
) -> None:
    (key_folder(place) / "root-2.crt").unlink()

    with pytest.raises(NotSigned, match=r"root-2\.crt"):
        sign(read_ring(place, signer=address), sealed_sample.unsigned)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("csc+http://layanan.example?credential=x", "csc+https"),
        ("csc+https://layanan.example", "credential=ID"),
        ("csc+https:?credential=x", "credential=ID"),
    ],
)
def test_an_address_that_will_not_do_is_told(place: Path, setting: str, words: str) -> None:
    assert words in read_ring(place, signer=setting).problem


def test_a_token_others_can_read_is_told(place: Path, address: str) -> None:
    (key_folder(place) / "service.token").chmod(0o644)

    assert "chmod 600" in read_ring(place, signer=address).problem
