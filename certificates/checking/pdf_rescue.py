"""The code inside a PDF of ours that no longer opens: in its keywords, packed by deflate."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from certificates.codes import read_code

MAX_STREAM_BYTES = 500_000
MAX_STREAMS = 500
MAX_INFLATED_BYTES = 20_000_000
"""A packed bomb ends here."""

_STREAM = re.compile(rb"stream\r?\n")
_CODE = re.compile(rb"penggerak:([0-9A-Z]{17})")


def search_code(body: bytes) -> str | None:
    """Return the public code in what is left of a PDF, or None when there is none to be found."""
    for text in _texts(body):
        found = _CODE.search(text)
        if found:
            return read_code(found[1].decode())
    return None


def _texts(body: bytes) -> Iterator[bytes]:
    yield body
    left = MAX_INFLATED_BYTES
    for count, start in enumerate(_STREAM.finditer(body)):
        if count >= MAX_STREAMS or left <= 0:
            return
        text = _inflate(body[start.end() : start.end() + MAX_STREAM_BYTES], min(left, MAX_STREAM_BYTES))
        left -= len(text)
        yield text


def _inflate(packed: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, limit)
    except zlib.error:
        return b""
