"""The process that looks for a QR in a stranger's photo: a script that lives for one photo and trusts nobody.

`certificates.checking.photo` starts it with an empty environment, the photo at its standard input. It prints
JSON: the texts of the QR codes, or a word for why there are none. It can open no file for writing and no
second process, and the kernel ends it when it takes too much.
"""

from __future__ import annotations

import io
import json
import resource
import signal
import sys

MEMORY_BYTES = 1_000_000_000
"""Address space, most of which libraries reserve and never touch."""
CPU_SECONDS = 6
"""A photo of 12 megapixels takes 0.4."""
WALL_SECONDS = 15
FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 50_000_000
"""Of PNG and WebP, which are unpacked whole; phones take 12 million, few 50."""
MAX_JPEG_PIXELS = 220_000_000
"""JPEG is unpacked at a half, a quarter or an eighth, as the size asks for."""
LONG_SIDE = 3_000
"""Pixels that are looked at: a sheet of A4 on them has ten to the millimetre, thrice what a QR needs."""
MAX_CODES = 8
MAX_TEXT = 400


def limit_process() -> None:
    """Cap memory, time and files for good."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(WALL_SECONDS)


def read_photo(body: bytes) -> dict[str, object]:
    """Return ``{"texts": [...]}``, or ``{"fault": word}``: `kind`, `pixels` or `damaged`."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415  (loaded under the limits)

    Image.MAX_IMAGE_PIXELS = None  # our own limits, before anything is unpacked
    try:
        photo = Image.open(io.BytesIO(body), formats=FORMATS)
    except UnidentifiedImageError:
        return {"fault": "kind"}
    except (OSError, ValueError, SyntaxError):
        return {"fault": "damaged"}
    most = MAX_JPEG_PIXELS if photo.format == "JPEG" else MAX_PIXELS
    if photo.width * photo.height > most:
        return {"fault": "pixels"}
    try:
        photo.draft("L", (LONG_SIDE, LONG_SIDE))
        upright = ImageOps.exif_transpose(photo).convert("L")
    except (OSError, ValueError, SyntaxError, ZeroDivisionError):
        return {"fault": "damaged"}
    upright.thumbnail((LONG_SIDE, LONG_SIDE))
    return {"texts": _texts_in(upright)}


def _texts_in(picture: object) -> list[str]:
    import zxingcpp  # noqa: PLC0415  (loaded under the limits)

    codes = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)  # type: ignore[arg-type]
    return [code.text[:MAX_TEXT] for code in codes[:MAX_CODES]]


if __name__ == "__main__":
    limit_process()
    json.dump(read_photo(sys.stdin.buffer.read()), sys.stdout)
