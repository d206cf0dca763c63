"""Areas of a picture, their borders included: rectangle, circle, ellipse, polygon, and all of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from quizzes.exchange.qti.values import QtiFault, Scalar, read_scalar

_COUNTS = {"rect": 4, "circle": 3, "ellipse": 4, "default": 0}


@dataclass(frozen=True)
class Shape:
    """A shape by name and coordinates as HTML's image maps have them."""

    name: str
    coords: tuple[float, ...]

    def holds(self, point: Scalar) -> bool:
        """Say whether a point lies inside or on the border."""
        if not isinstance(point, tuple):
            return False
        x, y = float(point[0]), float(point[1])
        if self.name == "rect":
            return self._in_rectangle(x, y)
        if self.name in ("circle", "ellipse"):
            return self._in_ellipse(x, y)
        return self.name == "default" or self._in_polygon(x, y)

    def _in_rectangle(self, x: float, y: float) -> bool:
        left, top, right, bottom = self.coords
        return min(left, right) <= x <= max(left, right) and min(top, bottom) <= y <= max(top, bottom)

    def _in_ellipse(self, x: float, y: float) -> bool:
        centre_x, centre_y, across, *rest = self.coords
        down = rest[0] if rest else across
        left, right = (x - centre_x) * down, (y - centre_y) * across
        return left * left + right * right <= across * across * down * down

    def _in_polygon(self, x: float, y: float) -> bool:
        inside = False
        for start, end in corners(self.coords):
            if _is_on(start, end, (x, y)):
                return True
            if (start[1] > y) != (end[1] > y):
                crossing = start[0] + (y - start[1]) / (end[1] - start[1]) * (end[0] - start[0])
                inside ^= x < crossing
        return inside


Corner = tuple[float, float]


def corners(coords: Sequence[float]) -> list[tuple[Corner, Corner]]:
    """Return the sides of a polygon, closed."""
    points = list(zip(coords[::2], coords[1::2], strict=True))
    return list(zip(points, points[1:] + points[:1], strict=True))


def _is_on(start: Corner, end: Corner, point: Corner) -> bool:
    across = (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])
    within = min(start[0], end[0]) <= point[0] <= max(start[0], end[0])
    return across == 0 and within and min(start[1], end[1]) <= point[1] <= max(start[1], end[1])


def read_shape(attributes: dict[str, str]) -> Shape:
    """Return the area of ``shape`` and ``coords``.

    Raises:
        QtiFault: there is no such shape, or its coordinates are not as many as it needs.
    """
    name = attributes.get("shape", "").strip()
    coords = [_coordinate(part) for part in attributes.get("coords", "").replace(",", " ").split()]
    count = _COUNTS.get(name)
    is_polygon = name == "poly" and len(coords) >= 6 and len(coords) % 2 == 0
    if not is_polygon and (count is None or (len(coords) != count and name != "default")):
        raise QtiFault(f"The area {name!r} with {len(coords)} coordinates cannot be understood.")
    return Shape(name, tuple(coords))


def _coordinate(text: str) -> float:
    number = read_scalar("float", text.removesuffix("%"))
    assert isinstance(number, float)
    if not math.isfinite(number):
        raise QtiFault(f"{text!r} is no coordinate.")
    return number
