"""The picture of a question about places, with a letter at each place. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from string import ascii_uppercase

from PIL import Image, ImageDraw

from courses.catalogue.drawings import Drawing, read_drawing
from lms.core.xml_reader import XmlFault
from quizzes.exchange.printing.figures.canvas import draw, face
from quizzes.exchange.printing.figures.fitting import MOST_PIXELS, open_picture
from quizzes.types.base import Json
from quizzes.types.regions import Point, Region, read_point, read_region

_PIN_SHARE = 28
"""How many pins' radii are as long as the picture is wide; a pin is never larger than one of a tall one."""
_INK, _PAPER, _EDGE = "#000000", "#FFFFFF", "#28348A"


def draw_places(source: Json, files: Mapping[str, bytes]) -> Image.Image | None:
    """Return the drawing or the picture with the letters of its places, None where it cannot be shown."""
    shown = _ground(source, files)
    if shown is None:
        return None
    ground, width = shown
    scale = ground.width / width
    for letter, option in zip(ascii_uppercase, source["options"], strict=False):
        region = read_region(option.get("area"))
        place = _middle(region) if region else read_point(str(option.get("at", "")))
        if region:
            _outline(ground, region, scale)
        if place:
            _pin(ground, letter, (float(place[0]) * scale, float(place[1]) * scale))
    return ground


def can_draw(source: Json, files: Mapping[str, bytes]) -> bool:
    """Say whether there is a drawing or a picture the places can stand on."""
    name = source.get("picture")
    if name is None:
        return _read(source) is not None
    return isinstance(name, str) and open_picture(files.get(name, b"")) is not None


def _ground(source: Json, files: Mapping[str, bytes]) -> tuple[Image.Image, float] | None:
    """Return what the places are on, and how wide that is in their numbers."""
    name = source.get("picture")
    if name is not None:
        picture = open_picture(files[name]) if isinstance(name, str) and name in files else None
        return (_enlarged(picture), picture.width) if picture else None
    drawing = _read(source)
    if drawing is None:
        return None
    width, height = map(float, drawing.root.attributes["viewBox"].split()[2:])
    pixels = round(MOST_PIXELS * min(1.0, width / height))
    return draw(drawing, width=max(1, pixels)), width


def _read(source: Json) -> Drawing | None:
    try:
        return read_drawing(str(source.get("drawing") or "").encode())
    except XmlFault:
        return None


def _enlarged(picture: Image.Image) -> Image.Image:
    """Return a small picture larger, so that the letters on it are not coarse."""
    factor = max(1, round(900 / max(picture.size)))
    size = picture.width * factor, picture.height * factor
    return picture.resize(size, Image.Resampling.LANCZOS) if factor > 1 else picture


def _middle(region: Region) -> Point:
    """Return a point within a region, its middle where that is one."""
    (left, top), (right, bottom) = region.bounds
    return next((point for point in _points(left, top, right, bottom) if region.holds(point)), (left, top))


def _points(left: Fraction, top: Fraction, right: Fraction, bottom: Fraction) -> Iterator[Point]:
    yield (left + right) / 2, (top + bottom) / 2
    for down in range(1, 16):
        for across in range(1, 16):
            yield left + (right - left) * across / 16, top + (bottom - top) * down / 16


def _outline(ground: Image.Image, region: Region, scale: float) -> None:
    pen, width = ImageDraw.Draw(ground), max(2, ground.width // 300)
    if len(region.numbers) == 3:
        x, y, radius = (float(number) * scale for number in region.numbers)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=_EDGE, width=width)
        return
    corners = [(float(x) * scale, float(y) * scale) for x, y in region.corners]
    pen.line([*corners, corners[0]], fill=_EDGE, width=width, joint="curve")


def _pin(ground: Image.Image, letter: str, at: tuple[float, float]) -> None:
    radius = min(ground.size) / _PIN_SHARE * (1 if ground.width > ground.height * 2 else 0.8)
    radius = max(radius, max(ground.size) / (1.6 * _PIN_SHARE))
    x = min(max(at[0], radius), ground.width - radius - 1)
    y = min(max(at[1], radius), ground.height - radius - 1)
    pen = ImageDraw.Draw(ground)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), _PAPER, _INK, max(2, round(radius / 9)))
    font = face(radius * 1.4, is_bold=True)
    left, top, right, bottom = font.getbbox(letter)
    pen.text((x - (left + right) / 2, y - (top + bottom) / 2), letter, _INK, font)
