"""Pictures made as small as paper needs them: PNG, on white, no more pixels than print shows. Pure."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from lms.core.pictures import MAX_PIXELS, MAX_SIDE

MOST_PIXELS = 1100
"""Longest side: 300 dots an inch on 9.5 cm."""
WIDEST, HIGHEST = 95, 65
"""Of a picture on paper, in millimetres."""
_MILLIMETRES_A_PIXEL = 25.4 / 110
_STEPS = ((MOST_PIXELS, 256), (900, 128), (750, 64), (600, 32), (400, 16), (300, 8))
"""Longest side and colours, tried in turn until a picture is as small as wanted."""


def open_picture(body: bytes) -> Image.Image | None:
    """Return a picture upright, on white and as large as the bank keeps it; None where it cannot be read."""
    try:
        with Image.open(io.BytesIO(body), formats=["PNG", "JPEG"]) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                return None
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    paper = Image.new("RGBA", upright.size, "white")
    shown = Image.alpha_composite(paper, upright).convert("RGB")
    shown.thumbnail((MAX_SIDE, MAX_SIDE))
    return shown


def as_png(picture: Image.Image, *, most_bytes: int) -> bytes:
    """Return a picture as PNG of at most so many bytes; one still larger at its smallest as it is then."""
    body = b""
    for side, colours in _STEPS:
        body = _written(picture, side, colours)
        if len(body) <= most_bytes:
            break
    return body


def size_of(body: bytes) -> tuple[int, int]:
    """Return how wide and high a PNG is, by its head."""
    return int.from_bytes(body[16:20]), int.from_bytes(body[20:24])


def fit(width: int, height: int) -> float:
    """Return how wide a picture of so many pixels is on paper, in millimetres."""
    return min(WIDEST, HIGHEST * width / height, width * _MILLIMETRES_A_PIXEL)


def _written(picture: Image.Image, side: int, colours: int) -> bytes:
    shown = picture.copy()
    shown.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    shown.quantize(colours, Image.Quantize.MEDIANCUT).save(out, "PNG", optimize=True)
    return out.getvalue()
