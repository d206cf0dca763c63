"""A key, a record and its credential, made once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from certificates.badges.credential import write_credential
from tests.certificates.samples import make_record

BASE = "https://pelatihan.example.id"
INDEX = 200_000
"""In the second list, at place 68,928."""


@dataclass(frozen=True)
class Key:
    """A signing key by itself."""

    id: str
    private: Ed25519PrivateKey


def make_key(name: str = "kunci-2026-1", seed: int = 1) -> Key:
    """Return the same key for the same seed."""
    return Key(name, Ed25519PrivateKey.from_private_bytes(bytes([seed] * 32)))


@pytest.fixture(scope="session")
def key() -> Key:
    """The key in use."""
    return make_key()


@pytest.fixture(scope="session")
def publics(key: Key) -> Mapping[str, Ed25519PublicKey]:
    """What an installation believes: the key in use and an older one."""
    return {"kunci-2025-1": make_key(seed=2).private.public_key(), key.id: key.private.public_key()}


@pytest.fixture(scope="session")
def credential(key: Key) -> str:
    """The credential of the sample record."""
    return write_credential(make_record(), status_index=INDEX, key=key, base_url=BASE)


@pytest.fixture
def document(credential: str) -> Any:
    """The same, to be changed."""
    return json.loads(credential)
