"""Pages squeezed for a weak line: with words the browser has already, or by themselves.

A browser that keeps our compression dictionary says so, and gets pages by Zstandard against it (RFC 9842,
``dcz``): markup and words of the course need not be sent again with each lesson. All others get brotli.
"""

from __future__ import annotations

import base64
import hashlib
import threading

import brotli
import zstandard
from flask import Flask, Response, current_app, request

MIN_BYTES = 600
"""Below this a page gains nothing."""
BROTLI_QUALITY = 5
"""11 takes more than ten times as long for 7 % less."""
ZSTANDARD_LEVEL = 6
DICTIONARY = "core/pages.dict"
"""Made by ``python -m tests.page_dictionary`` from the pages of the shipped course."""
_MAGIC = bytes.fromhex("5e2a4d1820000000")


class _OfThread(threading.local):
    """A compressor for each thread: it is not for two at once, and dear to make."""

    def __init__(self, content: bytes) -> None:
        words = zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        self.compressor = zstandard.ZstdCompressor(level=ZSTANDARD_LEVEL, dict_data=words)


class Dictionary:
    """Text that both ends know, so that it need not be sent."""

    def __init__(self, content: bytes) -> None:
        digest = hashlib.sha256(content).digest()
        self.key = f":{base64.b64encode(digest).decode()}:"
        """What a browser that has it sends as ``Available-Dictionary``."""
        self._head = _MAGIC + digest
        self._own = _OfThread(content)

    def compress(self, body: bytes) -> bytes:
        """Return ``body`` as ``dcz``: which dictionary, then the frame."""
        return self._head + self._own.compressor.compress(body)


def init_app(app: Flask) -> None:
    """Keep the dictionary at hand; wants the assets."""
    app.extensions["page_dictionary"] = Dictionary(app.extensions["assets"].body(DICTIONARY))


def compress(response: Response) -> Response:
    """Compress a page of HTML in the best way its reader takes."""
    if (
        response.mimetype != "text/html"
        or response.direct_passthrough
        or "Content-Encoding" in response.headers
    ):
        return response
    body = response.get_data()
    if len(body) < MIN_BYTES:
        return response
    encoding = _best_encoding()
    if encoding == "dcz":
        response.set_data(current_app.extensions["page_dictionary"].compress(body))
    elif encoding == "br":
        response.set_data(brotli.compress(body, quality=BROTLI_QUALITY))
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers.add("Vary", "Accept-Encoding, Available-Dictionary")
    return response


def _best_encoding() -> str:
    accepted = request.headers.get("Accept-Encoding", "")
    key = request.headers.get("Available-Dictionary")
    if key and "dcz" in accepted and key == current_app.extensions["page_dictionary"].key:
        return "dcz"
    return "br" if "br" in accepted else ""
