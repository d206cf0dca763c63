"""Shapes of a drawing as lines of points: curves are cut into short straight pieces. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fontTools.misc.transform import Identity, Transform
from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path

Point = tuple[float, float]
PIECES = 16
"""Straight pieces of one curve."""


class Outline(BasePen):  # type: ignore[misc]  # fontTools says no types
    """Collects the lines of a path, each with whether it is closed."""

    def __init__(self) -> None:
        super().__init__(None)
        self.lines: list[tuple[list[Point], bool]] = []

    def _moveTo(self, pt: Point) -> None:  # noqa: N802
        self.lines.append(([pt], False))

    def _lineTo(self, pt: Point) -> None:  # noqa: N802
        self.lines[-1][0].append(pt)

    def _curveToOne(self, pt1: Point, pt2: Point, pt3: Point) -> None:  # noqa: N802
        start = self.lines[-1][0][-1]
        for piece in range(1, PIECES + 1):
            t = piece / PIECES
            shares = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            points = (start, pt1, pt2, pt3)
            self.lines[-1][0].append(
                (
                    sum(share * point[0] for share, point in zip(shares, points, strict=True)),
                    sum(share * point[1] for share, point in zip(shares, points, strict=True)),
                )
            )

    def _closePath(self) -> None:  # noqa: N802
        points, _is_closed = self.lines[-1]
        self.lines[-1] = (points, True)


def trace(name: str, attributes: Mapping[str, str]) -> list[tuple[list[Point], bool]]:
    """Return the lines of an element, none of one that is no shape."""
    write = _PATHS.get(name)
    outline = Outline()
    if write is not None:
        parse_path(write(attributes), outline)
    return outline.lines


def read_transform(text: str) -> Transform:
    """Return what ``translate(…) rotate(…) scale(…)`` says."""
    found = Identity
    for part in text.split(")"):
        name, _, inside = part.strip().partition("(")
        numbers = [float(number) for number in inside.replace(",", " ").split()]
        if name.strip() == "translate":
            found = found.translate(*numbers[:2])
        elif name.strip() == "scale":
            found = found.scale(*numbers[:2])
        elif name.strip() == "rotate":
            found = _rotated(found, *numbers[:3])
    return found


def _rotated(before: Transform, degrees: float, x: float = 0, y: float = 0) -> Transform:
    turn = Identity.rotate(degrees * 3.141592653589793 / 180)
    return before.translate(x, y).transform(turn).translate(-x, -y)


def _number(attributes: Mapping[str, str], name: str, default: float = 0) -> float:
    return float(attributes.get(name) or default)


def _rect(attributes: Mapping[str, str]) -> str:
    x, y, width, height = (_number(attributes, name) for name in ("x", "y", "width", "height"))
    rx = min(_number(attributes, "rx", _number(attributes, "ry")), width / 2)
    ry = min(_number(attributes, "ry", rx), height / 2)
    if not rx or not ry:
        return f"M{x} {y}h{width}v{height}h{-width}z"
    corner = f"a{rx} {ry} 0 0 1"
    return (
        f"M{x + rx} {y}h{width - 2 * rx}{corner} {rx} {ry}v{height - 2 * ry}{corner} {-rx} {ry}"
        f"h{2 * rx - width}{corner} {-rx} {-ry}v{2 * ry - height}{corner} {rx} {-ry}z"
    )


def _ellipse(attributes: Mapping[str, str]) -> str:
    x, y = _number(attributes, "cx"), _number(attributes, "cy")
    rx, ry = (_number(attributes, name, _number(attributes, "r")) for name in ("rx", "ry"))
    return f"M{x - rx} {y}a{rx} {ry} 0 0 1 {2 * rx} 0a{rx} {ry} 0 0 1 {-2 * rx} 0z"


def _line(attributes: Mapping[str, str]) -> str:
    x1, y1, x2, y2 = (_number(attributes, name) for name in ("x1", "y1", "x2", "y2"))
    return f"M{x1} {y1}L{x2} {y2}"


_PATHS: dict[str, Any] = {
    "path": lambda attributes: attributes.get("d", ""),
    "rect": _rect,
    "circle": _ellipse,
    "ellipse": _ellipse,
    "line": _line,
    "polyline": lambda attributes: f"M{attributes.get('points', '')}",
    "polygon": lambda attributes: f"M{attributes.get('points', '')}z",
}
