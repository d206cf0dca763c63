"""Pictures people send: drawn anew within limits, or taken back byte for byte as we wrote them. Pure."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext as _l
from PIL import Image, ImageOps

from lms.core.errors import Invalid

MAX_SENT_BYTES = 2_000_000
MAX_PIXELS = 16_000_000
MAX_SIDE = 1_200
"""Steps a picture is kept at: what a phone shows and a weak line brings."""
MAX_KEPT_BYTES = 150_000
_FORMATS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}


@dataclass(frozen=True)
class Picture:
    """A picture ready to be kept; `sha256` is that of what was sent, so a newer library changes no name."""

    sha256: str
    media_type: str
    width: int
    height: int
    body: bytes

    def as_kept(self) -> Picture:
        """Return the same under the hash of what is kept: a file written from it is this very picture."""
        return replace(self, sha256=hashlib.sha256(self.body).hexdigest())

    def source(self, file: str = "") -> dict[str, Any]:
        """Return how the source of a question names it."""
        named: dict[str, Any] = {"sha256": self.sha256, "width": self.width, "height": self.height}
        return ({"file": file} if file else {}) | named


def read_picture(sent: bytes, *, kept_as: str = "") -> Picture:
    """Return a PNG or JPEG drawn anew: no place, no device, no bytes behind its end.

    Args:
        sent: the file.
        kept_as: "WEBP" where nobody needs the file in the format it came in.

    Raises:
        Invalid: empty, too large, another kind, damaged, or too heavy for a phone still.
    """
    form = next((name for magic, name in _FORMATS.items() if sent.startswith(magic)), None)
    if form is None:
        raise _refused(_l("Only PNG and JPEG pictures can be shown."))
    if len(sent) > MAX_SENT_BYTES:
        raise _refused(_l("This picture is larger than 2 MB."))
    drawn = _redraw(sent, form)
    kept = io.BytesIO()
    kept_form = kept_as or form
    if kept_form == "PNG":
        drawn.save(kept, kept_form, optimize=True)
    else:
        drawn.save(kept, kept_form, quality=80)
    if len(kept.getvalue()) > MAX_KEPT_BYTES:
        raise _refused(_l("This picture is too heavy for phones: make it smaller, or save a photo as JPEG."))
    digest = hashlib.sha256(sent).hexdigest()
    return Picture(digest, f"image/{kept_form.lower()}", drawn.width, drawn.height, kept.getvalue())


def read_kept(sent: bytes) -> Picture:
    """Return a picture as we keep those within texts, which came back in a file: byte for byte as it is.

    Raises:
        Invalid: it is no WebP of ours: something stands beside the picture, or it is too large.
    """
    if len(sent) > MAX_KEPT_BYTES or not _is_bare_webp(sent):
        raise _refused(_l("Pictures of texts come as the bank has written them."))
    try:
        with Image.open(io.BytesIO(sent), formats=["WEBP"]) as picture:
            picture.load()
            width, height = picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _refused(_l("This picture is damaged. Save it again and try once more.")) from error
    if max(width, height) > MAX_SIDE:
        raise _refused(_l("Pictures of texts come as the bank has written them."))
    return Picture(hashlib.sha256(sent).hexdigest(), "image/webp", width, height, sent)


def _is_bare_webp(sent: bytes) -> bool:
    """Return whether a file is one still WebP picture: no place, no device, no bytes behind its end.

    Source: RFC 9649, section 2: RIFF, size, WEBP, then a single chunk VP8 or VP8L, padded to an even length.
    """
    if sent[:4] != b"RIFF" or sent[8:16] not in (b"WEBPVP8 ", b"WEBPVP8L"):
        return False
    size, chunk = (int.from_bytes(sent[place : place + 4], "little") for place in (4, 16))
    return len(sent) == size + 8 == chunk + chunk % 2 + 20


def _redraw(sent: bytes, form: str) -> Image.Image:
    try:
        with Image.open(io.BytesIO(sent), formats=[form]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise _refused(_l("This picture has too many pixels: take it with a lower resolution."))
            upright = ImageOps.exif_transpose(picture)
            # What can be seen through becomes white, as paper is.
            paper = Image.new("RGBA", upright.size, "white")
            drawn = Image.alpha_composite(paper, upright.convert("RGBA")).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _refused(_l("This picture is damaged. Save it again and try once more.")) from error
    drawn.thumbnail((MAX_SIDE, MAX_SIDE))
    bare = Image.new("RGB", drawn.size)
    bare.paste(drawn)
    return bare


def _refused(message: object) -> Invalid:
    return Invalid(message, field="upload")
