"""A file as a trainee sends it with an answer: which kinds may come in, and how they are kept. Pure."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import PurePosixPath

from flask_babel import lazy_gettext as _l
from PIL import Image, ImageOps

from lms.core.errors import Invalid
from lms.core.text import tidy

MAX_FILE_BYTES = 4_000_000
MAX_PIXELS = {"JPEG": 64_000_000, "PNG": 16_000_000}
"""What phones take. A JPEG is read at the size it is kept at, a PNG fills the memory with all it has."""
MAX_SIDE = 2_400
"""Pixels pictures are kept at: enough to read handwriting."""
MAX_NAME = 120

_PDF_END = 2_048
"""Bytes at the end of a PDF among which its end mark stands."""


@dataclass(frozen=True)
class FileKind:
    """One kind of file: what it is sent as, what it begins with and what it may be called."""

    media_type: str
    magic: bytes
    endings: tuple[str, ...]


KINDS = (
    FileKind("application/pdf", b"%PDF-", (".pdf",)),
    FileKind("image/jpeg", b"\xff\xd8\xff", (".jpg", ".jpeg")),
    FileKind("image/png", b"\x89PNG\r\n\x1a\n", (".png",)),
)


@dataclass(frozen=True)
class Upload:
    """A file ready to be kept."""

    body: bytes
    name: str
    media_type: str


def read_upload(body: bytes, name: str) -> Upload:
    """Return what is kept of a file: a PDF as it is, a picture drawn anew, without place and device in it.

    Raises:
        Invalid: empty, too large, no kind we take, not what its name says, or damaged.
    """
    if not body:
        raise _refused(_l("Choose a file first."))
    if len(body) > MAX_FILE_BYTES:
        raise _refused(_l("This file is too large: at most 4 MB."))
    kind = next((kind for kind in KINDS if body.startswith(kind.magic)), None)
    shown = tidy(name.replace("\\", "/").rpartition("/")[2])[-MAX_NAME:]
    if kind is None or PurePosixPath(shown.lower()).suffix not in kind.endings:
        raise _refused(_l("Only PDF, JPEG and PNG files can be attached."))
    if kind.media_type != "application/pdf":
        return Upload(_redraw(body, kind), shown, kind.media_type)
    if b"%%EOF" not in body[-_PDF_END:]:
        raise _damaged()
    return Upload(body, shown, kind.media_type)


def ending_of(media_type: str) -> str:
    """Return what the name of a kept file ends with, ".pdf"."""
    return next(kind.endings[0] for kind in KINDS if kind.media_type == media_type)


def _redraw(body: bytes, kind: FileKind) -> bytes:
    form = kind.media_type.partition("/")[2].upper()
    try:
        with Image.open(io.BytesIO(body), formats=[form]) as picture:
            if picture.width * picture.height > MAX_PIXELS[form]:
                raise _refused(_l("This picture has too many pixels: take it with a lower resolution."))
            picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
            drawn = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _damaged() from error
    drawn.thumbnail((MAX_SIDE, MAX_SIDE))
    bare = Image.new("RGB", drawn.size)
    bare.paste(drawn)
    kept = io.BytesIO()
    bare.save(kept, form, quality=85) if form == "JPEG" else bare.save(kept, form)
    return kept.getvalue()


def _damaged() -> Invalid:
    return _refused(_l("This file is damaged. Open it on your device, save it again and try once more."))


def _refused(message: object) -> Invalid:
    return Invalid(message, field="file")
