"""The proof of a JSON-LD document: `eddsa-rdfc-2022`, an Ed25519 signature over what the document means.

Source: https://www.w3.org/TR/vc-di-eddsa/ section 3.2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from threading import Lock
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pyld import jsonld

from certificates.badges.contexts import load_document
from certificates.badges.multibase import read_multibase, write_multibase

Document = dict[str, Any]

_PYLD = Lock()
"""PyLD keeps what it made of a vocabulary in dictionaries all threads share."""


class SigningKey(Protocol):
    """A key credentials are signed with, e.g. `kunci-2026-1`."""

    @property
    def id(self) -> str:
        """Its name in the list of keys of this installation."""

    @property
    def private(self) -> Ed25519PrivateKey:
        """The secret half."""


def sign(document: Document, *, key: SigningKey, issuer: str, created: str) -> Document:
    """Return the document with its proof.

    Args:
        document: JSON-LD without a proof; every vocabulary it names is bundled.
        key: what signs.
        issuer: DID whose list of keys holds the key.
        created: ISO moment the proof says; the same document, key and moment give the same proof.
    """
    options = proof_options(issuer=issuer, key_id=key.id, created=created)
    signature = key.private.sign(_digest(document, options))
    return document | {"proof": options | {"proofValue": write_multibase(signature)}}


def proof_options(*, issuer: str, key_id: str, created: str) -> Document:
    """Return a proof without its value."""
    return {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": created,
        "verificationMethod": f"{issuer}#{key_id}",
        "proofPurpose": "assertionMethod",
    }


def has_valid_proof(signed: Document, public: Ed25519PublicKey) -> bool:
    """Return whether the proof of a document was made with this key over just this document.

    Hand in only documents whose form is known: canonicalization of a hostile one takes for ever.
    """
    document = {name: value for name, value in signed.items() if name != "proof"}
    options = {name: value for name, value in signed["proof"].items() if name != "proofValue"}
    try:
        public.verify(read_multibase(signed["proof"]["proofValue"]), _digest(document, options))
    except (InvalidSignature, ValueError):
        return False
    return True


def _digest(document: Document, options: Mapping[str, Any]) -> bytes:
    """Return what is signed: the hash of the options, then the hash of the document."""
    spoken = {"@context": document["@context"], **options}
    return hashlib.sha256(_canonical(spoken)).digest() + hashlib.sha256(_canonical(document)).digest()


def _canonical(document: Document) -> bytes:
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load_document}
    with _PYLD:
        text: str = jsonld.normalize(document, options)
    return text.encode()
