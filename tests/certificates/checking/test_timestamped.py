"""Files with the proofs for the long term behind the signature (B-LT)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from certificates.checking.inspection import Inspection, inspect_file
from certificates.signing.folder import key_folder
from certificates.signing.making import Maker
from certificates.signing.ring import KeyRing, read_ring
from lms.core.clock import utc_now
from tests.certificates.checking import tampering
from tests.certificates.checking.judging import judge, words
from tests.certificates.conftest import SealedSample
from tests.certificates.signing.services import make_authority, serving, timestamp_handler


@pytest.fixture(scope="module")
def maker(tmp_path_factory: pytest.TempPathFactory) -> Maker:
    folder = tmp_path_factory.mktemp("timed")
    maker = Maker(folder, base_url="https://x.example", site="X", now=utc_now() - timedelta(days=1))
    maker.make_missing()
    return maker


@pytest.fixture(scope="module")
def timed(maker: Maker, sealed_sample: SealedSample) -> bytes:
    """The sample, signed with a time stamp, which is asked for once."""
    authority = make_authority()
    body = authority.certificate.public_bytes(Encoding.PEM)
    (key_folder(maker.instance) / "timestamp-1.crt").write_bytes(body)
    with serving(timestamp_handler(authority)) as address:
        signer = read_ring(maker.instance, timestamp_url=address).signer
        assert signer
        return signer.sign(sealed_sample.unsigned, reason="", location="", name="", at=utc_now())


@pytest.fixture
def keys(maker: Maker, timed: bytes) -> KeyRing:
    return read_ring(maker.instance)


def look(body: bytes, ring: KeyRing) -> Inspection:
    return inspect_file(body, ring=ring)


def test_the_proofs_behind_the_signature_are_no_change(timed: bytes, keys: KeyRing) -> None:
    found = look(timed, keys)
    assert (found.signature, found.is_timed) == ("good", True)


def test_what_stands_behind_the_proofs_is_told(timed: bytes, keys: KeyRing) -> None:
    assert look(timed + b"\n% more", keys).signature == "appended"
    assert look(tampering.turned(timed), keys).signature == "updated"


def test_a_time_stamp_nobody_here_believes_leaves_the_signature_good(timed: bytes, keys: KeyRing) -> None:
    found = look(timed, replace(keys, timestamp_roots=()))
    assert (found.signature, found.is_timed) == ("good", False)


def test_a_signer_revoked_later_is_believed_by_the_time_stamp(
    timed: bytes, keys: KeyRing, sealed_sample: SealedSample
) -> None:
    found = replace(
        look(timed, keys),
        revoked_at=(utc_now() + timedelta(days=1)).isoformat(),
        revoked_for="key_compromise",
    )
    assert words(judge(found, sealed_sample, keys))["signer"] == "timed"
    assert words(judge(replace(found, is_timed=False), sealed_sample, keys))["signer"] == "doubtful"
