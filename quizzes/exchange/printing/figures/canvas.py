"""A drawing as a picture of pixels, in the colours of paper."""

from __future__ import annotations

import importlib.util
from functools import cache
from math import atan2, degrees, hypot
from pathlib import Path

from fontTools.misc.transform import Identity, Transform
from PIL import Image, ImageDraw, ImageFont

from courses.catalogue.drawings import Drawing
from lms.core.typeface import REGULAR, SEMIBOLD
from lms.core.xml_reader import XmlElement
from quizzes.exchange.printing.figures.looks import Look
from quizzes.exchange.printing.figures.outlines import Point, read_transform, trace

PAPER = "#FFFFFF"
_FINER = 2
"""Drawn so much larger and made smaller again, so that edges are smooth."""
_DASH = (4.0, 4.0)


def draw(drawing: Drawing, *, width: int) -> Image.Image:
    """Return the drawing so many pixels wide."""
    canvas = Canvas.of(drawing, width=width)
    canvas.children(drawing.root, Identity.scale(canvas.scale), Look())
    return canvas.image.reduce(_FINER)


class Canvas:
    """Where a drawing goes, element by element."""

    def __init__(self, drawing: Drawing, image: Image.Image, scale: float) -> None:
        self.image, self.scale = image, scale
        self._pen = ImageDraw.Draw(image)
        self._markers = {e.attributes.get("id"): e for e in drawing.root.elements() if e.name == "marker"}

    @classmethod
    def of(cls, drawing: Drawing, *, width: int) -> Canvas:
        """Return an empty canvas as large as a drawing."""
        wide, high = map(float, drawing.root.attributes["viewBox"].split()[2:])
        scale = _FINER * width / wide
        size = _FINER * width, max(_FINER, round(high * scale))
        return cls(drawing, Image.new("RGB", size, PAPER), scale)

    def children(self, parent: XmlElement, transform: Transform, look: Look) -> None:
        """Draw what is in an element."""
        for child in parent.children:
            if isinstance(child, XmlElement) and child.name not in {"defs", "marker", "title", "desc"}:
                self._element(child, transform, look)

    def _element(self, element: XmlElement, transform: Transform, look: Look) -> None:
        said = element.attributes
        here = transform.transform(read_transform(said.get("transform", "")))
        mine = look.changed(said.get("class", "").split(), anchor=said.get("text-anchor"))
        if element.name == "g":
            self.children(element, here, mine)
        elif element.name == "text":
            self._words(element, here, mine, (0, 0))
        for points, is_closed in trace(element.name, said):
            self._shape([here.transformPoint(point) for point in points], mine, is_closed=is_closed)
            self._tips(element, points, here, mine)

    def _shape(self, points: list[Point], look: Look, *, is_closed: bool) -> None:
        if look.fill and len(points) > 2:
            self._pen.polygon(points, fill=look.fill)
        if look.stroke and len(points) > 1:
            line = [*points, points[0]] if is_closed else points
            for piece in _dashed(line, self.scale) if look.is_dashed else [line]:
                self._stroke(piece, look)

    def _stroke(self, points: list[Point], look: Look) -> None:
        width = max(1, round(look.width * self.scale))
        self._pen.line(points, fill=look.stroke, width=width, joint="curve")
        for x, y in (points[0], points[-1]):
            self._pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=look.stroke)

    def _tips(self, element: XmlElement, points: list[Point], transform: Transform, look: Look) -> None:
        if len(points) < 2:
            return
        ends = {"marker-start": (points[0], points[1], True), "marker-end": (points[-1], points[-2], False)}
        for name, (at, other, is_start) in ends.items():
            marker = self._markers.get(element.attributes.get(name, "")[5:-1])
            if marker is not None:
                way = (
                    (other[0] - at[0], other[1] - at[1]) if is_start else (at[0] - other[0], at[1] - other[1])
                )
                self._tip(marker, transform.translate(*at), way, look.width, is_start=is_start)

    def _tip(
        self, marker: XmlElement, transform: Transform, way: Point, width: float, *, is_start: bool
    ) -> None:
        said = marker.attributes
        if "orient" in said:
            transform = transform.rotate(atan2(way[1], way[0]))
            if is_start and said["orient"] == "auto-start-reverse":
                transform = transform.scale(-1)
        box = float(said.get("viewBox", "0 0 3 3").split()[2])
        transform = transform.scale(width * float(said.get("markerWidth", 3)) / box)
        place = float(said.get("refX", 0)), float(said.get("refY", 0))
        self.children(marker, transform.translate(-place[0], -place[1]), Look())

    def _words(self, element: XmlElement, transform: Transform, look: Look, at: Point) -> Point:
        said = element.attributes
        x = float(said.get("x", at[0])) + float(said.get("dx", 0))
        y = float(said.get("y", at[1])) + float(said.get("dy", 0))
        for child in element.children:
            if isinstance(child, XmlElement):
                inner = look.changed(
                    child.attributes.get("class", "").split(), anchor=child.attributes.get("text-anchor")
                )
                x, y = self._words(child, transform, inner, (x, y))
            elif child.strip():
                x += self._phrase(" ".join(child.split()), transform, look, (x, y))
        return x, y

    def _phrase(self, words: str, transform: Transform, look: Look, at: Point) -> float:
        """Write words and return how far they reach, in units of the drawing."""
        factor = hypot(transform[0], transform[1])
        font = face(look.size * factor, is_bold=look.is_bold)
        anchor = {"start": "ls", "middle": "ms", "end": "rs"}[look.anchor]
        turn = degrees(atan2(transform[1], transform[0]))
        if abs(turn) < 0.1:
            self._pen.text(transform.transformPoint(at), words, look.fill or "#000000", font, anchor)
        else:
            self._turned(words, transform.transformPoint(at), look, font, turn)
        return float(font.getlength(words)) / factor

    def _turned(self, words: str, at: Point, look: Look, font: ImageFont.FreeTypeFont, turn: float) -> None:
        reach = 2 * round(font.getlength(words) + font.size)
        layer = Image.new("L", (reach, reach), 0)
        anchor = {"start": "ls", "middle": "ms", "end": "rs"}[look.anchor]
        ImageDraw.Draw(layer).text((reach / 2, reach / 2), words, 255, font, anchor)
        layer = layer.rotate(-turn, Image.Resampling.BICUBIC)
        corner = round(at[0] - reach / 2), round(at[1] - reach / 2)
        self.image.paste(look.fill or "#000000", corner, layer)


@cache
def _faces() -> Path:
    spec = importlib.util.find_spec("fontpkg_spectral")
    assert spec is not None, "fontpkg-spectral is not installed"
    assert spec.origin is not None
    return Path(spec.origin).parent / "files"


def face(size: float, *, is_bold: bool) -> ImageFont.FreeTypeFont:
    """Return the typeface of papers at a size in pixels."""
    return ImageFont.truetype(str(_faces() / (SEMIBOLD if is_bold else REGULAR)), max(1, round(size)))


def _dashed(points: list[Point], scale: float) -> list[list[Point]]:
    """Return the pieces of a line that are drawn."""
    pieces: list[list[Point]] = []
    left, is_drawn = _DASH[0] * scale, True
    piece = [points[0]]
    for end in points[1:]:
        start = piece[-1]
        while (far := hypot(end[0] - start[0], end[1] - start[1])) > left:
            share = left / far
            start = start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])
            pieces += [[*piece, start]] if is_drawn else []
            piece, is_drawn = [start], not is_drawn
            left = _DASH[0 if is_drawn else 1] * scale
        piece.append(end)
        left -= far
    return [*pieces, piece] if is_drawn and len(piece) > 1 else pieces
