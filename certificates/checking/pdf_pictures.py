"""The QR on a page, read from its picture without rendering the page. Runs in the inspection's process.

A PNG goes into a PDF nearly as it is, so it is made a PNG again around its packed rows.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import zxingcpp
from PIL import Image

from certificates.checking.pdf_objects import look

QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
MAX_SIDE_PIXELS = 2_000
MAX_PICTURES = 8
QUIET_PIXELS = 16
"""White around the picture, in case it was cut close."""

_MODES = {"/DeviceRGB": (2, "RGB"), "/DeviceGray": (0, "L")}
"""Colour space: colour type of PNG, mode of Pillow."""


def read_codes(page: Any) -> list[str]:
    """Return what the QR codes among the pictures of a page say."""
    found = []
    for picture in _pictures(page):
        image = _open(picture)
        if image is not None:
            found += [code.text for code in zxingcpp.read_barcodes(image, formats=QR)]
    return found


def _pictures(page: Any) -> Iterator[Any]:
    drawn = look(look(page, "/Resources", {}), "/XObject", {})
    for name in list(drawn)[:MAX_PICTURES]:
        if look(drawn[name], "/Subtype") == "/Image":
            yield drawn[name]


def _open(picture: Any) -> Image.Image | None:
    """Return the picture in grey with a white margin, or None: not one as we make them."""
    width, height = int(picture["/Width"]), int(picture["/Height"])
    colours, mode = _MODES.get(str(look(picture, "/ColorSpace")), (0, ""))
    depth = int(look(picture, "/BitsPerComponent", 8))
    if not mode or depth not in {1, 8} or not 0 < max(width, height) <= MAX_SIDE_PIXELS:
        return None
    predictor = int(look(look(picture, "/DecodeParms", {}), "/Predictor", 1))
    if predictor >= 10 and picture["/Filter"] == "/FlateDecode":
        body = _png(width, height, depth, colours, picture.encoded_data)
        image: Image.Image = Image.open(io.BytesIO(body), formats=["PNG"])
    else:
        image = Image.frombytes("1" if depth == 1 else mode, (width, height), picture.data)
    page = Image.new("L", (width + 2 * QUIET_PIXELS, height + 2 * QUIET_PIXELS), 255)
    page.paste(image.convert("L"), (QUIET_PIXELS, QUIET_PIXELS))
    return page


def _png(width: int, height: int, depth: int, colours: int, rows: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
