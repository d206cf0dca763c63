"""Pictures within the texts of a question: ``{gambar:<sha256> 640x400|what it shows}``. Pure.

They are taken out before Markdown reads a text and put in again after its HTML is clean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from flask_babel import lazy_gettext as _l

from quizzes.types.pictures import ADDRESS, MAX_SIDE

MAX_ALT = 300
_MARK = re.compile(r"\{gambar:\s*(?P<body>[^{}]*)\}")
_BODY = re.compile(
    r"(?P<sha>[0-9a-f]{64}) (?P<width>[0-9]{1,4})x(?P<height>[0-9]{1,4})\|(?P<alt>.*)", re.DOTALL
)
_SIGN = "⟦gambar-{}⟧"
_SIGNS = re.compile(r"⟦gambar-([0-9]{1,4})⟧")
_TAG_OR_SIGN = re.compile(rf'<[a-z][^<>"]*(?:"[^"]*"[^<>"]*)*>|{_SIGNS.pattern}')


@dataclass(frozen=True)
class TextPicture:
    """A picture within a text: how it is found, its size in steps, and what it shows in words."""

    sha256: str
    width: int
    height: int
    alt: str

    @property
    def mark(self) -> str:
        """How it is written into a text."""
        return f"{{gambar:{self.sha256} {self.width}x{self.height}|{self.alt}}}"

    @property
    def html(self) -> str:
        """How it is shown."""
        size = f'width="{self.width}" height="{self.height}"'
        return f'<img class="in-text" src="{ADDRESS}{self.sha256}" alt="{escape(self.alt)}" {size}>'


def take_out(text: str) -> tuple[str, list[TextPicture]]:
    """Return the text with a sign for each picture, and the pictures.

    Raises:
        ValueError: a mark cannot be read, or does not say what its picture shows.
    """
    pictures: list[TextPicture] = []

    def sign(match: re.Match[str]) -> str:
        pictures.append(_read(match["body"]))
        return _SIGN.format(len(pictures) - 1)

    return _MARK.sub(sign, text), pictures


def put_in(html: str, pictures: list[TextPicture]) -> str:
    """Return clean HTML with the pictures in the place of their signs; within a tag there is none."""

    def place(match: re.Match[str]) -> str:
        if match[1] is None:
            return _SIGNS.sub("", match[0])
        return pictures[int(match[1])].html if int(match[1]) < len(pictures) else match[0]

    return _TAG_OR_SIGN.sub(place, html)


def said_in_words(text: str) -> str:
    """Return the text with what its pictures show in their place, for lists and search.

    Raises:
        ValueError: a mark cannot be read.
    """
    return _MARK.sub(lambda match: _read(match["body"]).alt, text)


def list_pictures(value: object) -> Iterator[str]:
    """Yield the hash of every picture the texts of a source name."""
    if isinstance(value, str):
        for match in _MARK.finditer(value):
            yield match["body"].split(" ")[0]
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from list_pictures(part)


def tidy_alt(text: str) -> str:
    """Return what a picture shows as it may stand in a mark."""
    return " ".join(re.sub(r"[{}|\\]", " ", text).split())[:MAX_ALT]


def _read(body: str) -> TextPicture:
    found = _BODY.fullmatch(body.strip())
    if found is None or not all(1 <= int(found[side]) <= MAX_SIDE for side in ("width", "height")):
        raise ValueError(str(_l("A picture in this text cannot be read: put it in again.")))
    alt = " ".join(found["alt"].split())
    if not alt:
        raise ValueError(str(_l("Say in words what the picture in this text shows.")))
    return TextPicture(found["sha"], int(found["width"]), int(found["height"]), alt)
