"""What a place is asked on: a drawing written out as SVG, or a picture kept by its hash. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from flask_babel import lazy_gettext as _l

from courses.catalogue.drawings import read_drawing, write_drawing
from lms.core.xml_reader import XmlFault
from quizzes.types.base import FieldFault, Json, Resolver

PICTURE_FIELDS = frozenset({"file", "sha256", "width", "height"})
ADDRESS = "/gambar-soal/"
"""Where pictures of questions are, before their hash; `quizzes.bank.pictures.pages` answers there."""
MAX_SIDE = 4000

_PIN_SHARE = 24
"""How many pins' radii are as long as the drawing is wide: at 320 px a pin is 24 px across."""
_SHOWN = re.compile(r"([0-9a-f]{64}) ([0-9]{1,4}) ([0-9]{1,4}) ?([a-z0-9._-]{0,100})")


@dataclass(frozen=True)
class Size:
    """How wide and high drawing or picture are, in its own units."""

    width: Decimal
    height: Decimal


def picture_faults(source: Json) -> Iterator[object]:
    """Yield what is wrong with the drawing or the picture of a source."""
    if not str(source.get("alt") or "").strip():
        yield _l("It does not say in words what the drawing shows.")
    picture = source.get("picture")
    if picture is not None and source.get("drawing"):
        yield _l("It has a drawing and a picture: leave one out.")
    elif picture is not None and not is_picture(picture):
        yield _l("The picture cannot be read.")
    elif picture is None:
        yield from _drawing_faults(str(source.get("drawing") or ""))


def size_of(source: Json) -> Size:
    """Return the size of a source without faults."""
    picture = source.get("picture")
    if picture is not None:
        return Size(Decimal(picture["width"]), Decimal(picture["height"]))
    drawing = read_drawing(str(source.get("drawing") or "").encode())
    return Size(*map(Decimal, drawing.root.attributes["viewBox"].split()[2:]))


def resolve_picture(source: Json, resolver: Resolver) -> Json:
    """Return ``drawing_html``, ``box`` and the ``radius`` of pins.

    Raises:
        FieldFault: the drawing or the picture cannot be shown.
    """
    alt = resolver.plain(str(source.get("alt") or ""))
    if source.get("picture") is not None:
        return _resolved_picture(source["picture"], alt)
    text = str(source.get("drawing") or "")
    try:
        drawing = read_drawing(text.encode())
    except XmlFault as fault:
        raise FieldFault("drawing", fault.message) from fault
    prefix = f"g{hashlib.sha256(text.encode()).hexdigest()[:8]}-"
    box = drawing.root.attributes["viewBox"]
    html = write_drawing(drawing, prefix=prefix, title=alt, show=lambda _line, words: words)
    return {"drawing_html": html} | _measures(box)


def is_picture(value: object) -> bool:
    """Return whether a value of a source names a picture that was kept."""
    return (
        isinstance(value, dict)
        and set(value) <= PICTURE_FIELDS
        and re.fullmatch("[0-9a-f]{64}", str(value.get("sha256"))) is not None
        and all(_is_side(value.get(name)) for name in ("width", "height"))
    )


def show_picture(value: object) -> str:
    """Return a picture as the editor's hidden field holds it."""
    if not isinstance(value, dict) or not is_picture(value):
        return ""
    parts = [value["sha256"], value["width"], value["height"], value.get("file", "")]
    return " ".join(str(part) for part in parts if part)


def read_shown_picture(text: str) -> Json | None:
    """Return what `show_picture` wrote, None for anything else."""
    found = _SHOWN.fullmatch(text)
    if not found:
        return None
    picture: Json = {"sha256": found[1], "width": int(found[2]), "height": int(found[3])}
    return picture | ({"file": found[4]} if found[4] else {})


def _resolved_picture(picture: object, alt: str) -> Json:
    if not isinstance(picture, dict) or not is_picture(picture):
        raise FieldFault("picture", _l("The picture cannot be read."))
    width, height = picture["width"], picture["height"]
    address = f"{ADDRESS}{picture['sha256']}"
    html = f'<img src="{address}" alt="{escape(alt)}" width="{width}" height="{height}">'
    return {"drawing_html": html} | _measures(f"0 0 {width} {height}")


def _measures(box: str) -> Json:
    return {"box": box, "radius": str(round(Decimal(box.split()[2]) / _PIN_SHARE, 1))}


def _drawing_faults(text: str) -> Iterator[object]:
    try:
        drawing = read_drawing(text.encode())
    except XmlFault as fault:
        yield _l("The drawing: %(fault)s", fault=fault.message)
        return
    if any("{" in words for _line, words in drawing.texts()):
        yield _l("The drawing of a question holds no facts: say them in the question.")


def _is_side(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_SIDE
