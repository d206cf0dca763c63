"""The vocabularies are the published ones, and nobody asks the network for another."""

from __future__ import annotations

import hashlib
import socket

import pytest

from certificates.badges.contexts import (
    CREDENTIALS,
    DATA,
    FILES,
    OPEN_BADGES,
    ForeignContextError,
    load_document,
)
from certificates.badges.credential import write_credential
from tests.certificates.badges.conftest import BASE, Key
from tests.certificates.samples import make_record

PUBLISHED = {
    CREDENTIALS: "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    OPEN_BADGES: "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
}


@pytest.mark.parametrize("url", FILES)
def test_vocabulary_is_as_published(url: str) -> None:
    assert hashlib.sha256((DATA / FILES[url]).read_bytes()).hexdigest() == PUBLISHED[url]


def test_origin_and_licence_of_every_vocabulary_are_told() -> None:
    told = (DATA / "README.md").read_text(encoding="utf-8")

    assert all(f"`{FILES[url]}`" in told and url in told for url in FILES)


@pytest.mark.parametrize("url", ["https://example.org/context.json", "file:///etc/passwd", CREDENTIALS + "/"])
def test_no_other_vocabulary_is_loaded(url: str) -> None:
    with pytest.raises(ForeignContextError):
        load_document(url)


def test_a_credential_is_written_without_a_network(key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("asked the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    assert write_credential(make_record("Budi"), status_index=1, key=key, base_url=BASE)
