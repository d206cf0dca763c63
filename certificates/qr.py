"""The QR code on the paper: where it leads, and how large it is drawn."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import segno

SYMBOL_MILLIMETRES = 25
LARGE_SYMBOL_MILLIMETRES = 28
LARGEST_SMALL_VERSION = 7
"""A symbol beyond it, for an address with a long host, is drawn larger, so that its modules are not finer."""
PIXELS = 2
"""Side of a module in the picture."""
QUIET_MODULES = 4
"""Blank on each side, as ISO 18004 asks for; a part of the picture."""
MODULE = ("1" * PIXELS, "0" * PIXELS)
"""Pixels of a light and of a dark module."""


@dataclass(frozen=True)
class DrawnCode:
    """A QR code ready to be placed."""

    # data:image/png.
    picture: str
    # Side of the picture with its blank, so that the symbol has its size.
    millimetres: float


def check_address(code: str, *, base_url: str, stamp: str | None) -> str:
    """Return the address in the QR: capitals make the symbol smaller, and no part of it minds them."""
    stamped = f"/{stamp}" if stamp else ""
    return f"{base_url}/V/{code}{stamped}".upper()


def draw_qr(payload: str) -> DrawnCode:
    """Return the QR code; the fixed mask saves time and is as readable."""
    code = segno.make(payload, error="m", boost_error=False, micro=False, mask=3)
    modules = code.symbol_size(border=0)[0]
    small = int(code.version) <= LARGEST_SMALL_VERSION
    side = SYMBOL_MILLIMETRES if small else LARGE_SYMBOL_MILLIMETRES
    return DrawnCode(
        picture="data:image/png;base64," + base64.b64encode(_png(code.matrix)).decode(),
        millimetres=round(side * (modules + 2 * QUIET_MODULES) / modules, 2),
    )


def _png(matrix: Sequence[bytes | bytearray]) -> bytes:
    """Return the modules as a black and white PNG with its blank; four times faster than segno's own."""
    side = (len(matrix) + 2 * QUIET_MODULES) * PIXELS
    blank = "1" * QUIET_MODULES * PIXELS
    rows = ["1" * side] * QUIET_MODULES
    rows += [blank + "".join(MODULE[dark] for dark in row) + blank for row in matrix]
    rows += rows[:QUIET_MODULES]
    width = -(-side // 8)
    lines = [b"\0" + int(row.ljust(width * 8, "1"), 2).to_bytes(width, "big") for row in rows]
    pixels = zlib.compress(b"".join(line * PIXELS for line in lines))
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
