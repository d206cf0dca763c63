"""Who issues, and the list of keys."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates.badges.did import ED25519_MARK, name_issuer, write_did_document
from certificates.badges.multibase import read_multibase
from tests.certificates.badges.conftest import BASE


@pytest.mark.parametrize(
    ("base_url", "did"),
    [
        ("https://pelatihan.example.id", "did:web:pelatihan.example.id"),
        ("https://Pelatihan.Example.ID", "did:web:pelatihan.example.id"),
        ("http://127.0.0.1:8000", "did:web:127.0.0.1%3A8000"),
    ],
)
def test_issuer_is_named_after_the_host(base_url: str, did: str) -> None:
    assert name_issuer(base_url) == did


def test_old_keys_stay_in_the_list(publics: Mapping[str, Ed25519PublicKey]) -> None:
    document = write_did_document(publics, base_url=BASE)

    names = [f"did:web:pelatihan.example.id#{name}" for name in ("kunci-2025-1", "kunci-2026-1")]
    assert [method["id"] for method in document["verificationMethod"]] == names
    assert document["assertionMethod"] == names
    assert {method["controller"] for method in document["verificationMethod"]} == {document["id"]}


def test_keys_are_public_halves(publics: Mapping[str, Ed25519PublicKey]) -> None:
    document = write_did_document(publics, base_url=BASE)

    bodies = [read_multibase(method["publicKeyMultibase"]) for method in document["verificationMethod"]]
    assert bodies == [ED25519_MARK + publics[name].public_bytes_raw() for name in sorted(publics)]
