"""Pages are sent without the words a phone has already."""

from __future__ import annotations

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest
import zstandard
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.core.web.compression import DICTIONARY, Dictionary

HEAD = 40
"""Bytes in front of a frame that say which dictionary."""


def inflate(body: bytes, content: bytes) -> bytes:
    """Return the page in a ``dcz`` body, read as RFC 9842 says."""
    assert body[:8].hex() == "5e2a4d1820000000"
    assert body[8:HEAD] == hashlib.sha256(content).digest()
    words = zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    return zstandard.ZstdDecompressor(dict_data=words).decompress(body[HEAD:])


@pytest.fixture
def content(app: Flask) -> bytes:
    """The dictionary as browsers load it."""
    assets = app.extensions["assets"]
    return bytes(app.test_client().get(assets.url(DICTIONARY)).data)


def ask(client: FlaskClient, accepted: str, key: str | None = None) -> TestResponse:
    headers = {"Accept-Encoding": accepted} | ({"Available-Dictionary": key} if key else {})
    return client.get("/masuk", headers=headers)


def key_of(content: bytes) -> str:
    return f":{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


def test_the_dictionary_says_that_it_is_one_and_may_be_kept(app: Flask, client: FlaskClient) -> None:
    response = client.get(app.extensions["assets"].url(DICTIONARY), headers={"Accept-Encoding": "br"})

    assert response.headers["Use-As-Dictionary"] == 'match="/*", match-dest=("document")'
    assert "immutable" in response.headers["Cache-Control"]
    assert len(response.data) < 3_200
    other = client.get(app.extensions["assets"].url("core/app.css"))
    assert "Use-As-Dictionary" not in other.headers


def test_a_page_for_who_has_the_dictionary_is_the_same_page(client: FlaskClient, content: bytes) -> None:
    plain = ask(client, "identity")
    small = ask(client, "gzip, br, zstd, dcb, dcz", key_of(content))

    assert small.headers["Content-Encoding"] == "dcz"
    assert "Available-Dictionary" in small.headers["Vary"]
    page = inflate(small.data, content)
    assert page.count(b"<h1") == plain.data.count(b"<h1") == 1
    assert page.split(b"csrf_token")[0] == plain.data.split(b"csrf_token")[0]
    assert len(small.data) < len(ask(client, "br").data)


@pytest.mark.parametrize("key", [None, ":AAAA:", "nonsense", key_of(b"another edition of it")])
def test_who_has_none_or_another_gets_brotli(client: FlaskClient, key: str | None) -> None:
    response = ask(client, "gzip, br, zstd, dcb, dcz", key)

    assert response.headers["Content-Encoding"] == "br"
    assert b"<h1" in brotli.decompress(response.data)


def test_who_takes_neither_gets_the_page_as_it_is(client: FlaskClient, content: bytes) -> None:
    response = ask(client, "gzip", key_of(content))

    assert "Content-Encoding" not in response.headers
    assert b"<h1" in response.data


def test_threads_do_not_disturb_each_other() -> None:
    dictionary = Dictionary(b"words that both ends know " * 20)
    bodies = [f"page {n}: words that both ends know".encode() * 200 for n in range(40)]

    with ThreadPoolExecutor(8) as pool:
        squeezed = list(pool.map(dictionary.compress, bodies * 5))

    words = b"words that both ends know " * 20
    assert [inflate(body, words) for body in squeezed] == bodies * 5
