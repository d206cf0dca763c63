"""Who issues: `did:web`, a name that leads to a list of public keys on our own host.

Source: https://w3c-ccg.github.io/did-method-web/, https://www.w3.org/TR/cid-1.0/#Multikey
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates.badges.multibase import write_multibase

CONTEXT = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")
ED25519_MARK = b"\xed\x01"
"""Says that the 32 bytes behind it are a public key of Ed25519 (multicodec 0xed)."""


def name_issuer(base_url: str) -> str:
    """Return the DID of an installation, e.g. `did:web:pelatihan.example.id`."""
    return "did:web:" + quote(urlsplit(base_url).netloc.lower(), safe=".-")


def write_did_document(publics: Mapping[str, Ed25519PublicKey], *, base_url: str) -> dict[str, Any]:
    """Return the list of keys. Old ones stay in it for ever: what they signed is still true."""
    issuer = name_issuer(base_url)
    methods = [
        {
            "id": f"{issuer}#{name}",
            "type": "Multikey",
            "controller": issuer,
            "publicKeyMultibase": write_multibase(ED25519_MARK + public.public_bytes_raw()),
        }
        for name, public in sorted(publics.items())
    ]
    return {
        "@context": list(CONTEXT),
        "id": issuer,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
