"""Parts of a picture, as an author writes them: "x y r" a circle, "x y w h" a box, more pairs a polygon.

All is exact, and the edge belongs to the region. Regions stay on the server until the result may be seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import lazy_gettext as _l

NUMBER = r"\d{1,4}(?:\.\d{1,2})?"
_NUMBERS = re.compile(rf"{NUMBER}(?: {NUMBER})*")
MAX_CORNERS = 12
LEAST_SHARE = 22
"""A region is at least as wide and as high as a picture of 320 pixels shows by 14: a finger finds it."""

Point = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Region:
    """Numbers of one region; their count says its shape."""

    numbers: tuple[Fraction, ...]

    @property
    def corners(self) -> list[Point]:
        """Corners of a box or a polygon."""
        if len(self.numbers) == 4:
            x, y, width, height = self.numbers
            return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        return list(zip(self.numbers[::2], self.numbers[1::2], strict=True))

    @property
    def bounds(self) -> tuple[Point, Point]:
        """Upper left and lower right corner of what the region covers."""
        if len(self.numbers) == 3:
            x, y, radius = self.numbers
            return (x - radius, y - radius), (x + radius, y + radius)
        across, down = zip(*self.corners, strict=True)
        return (min(across), min(down)), (max(across), max(down))

    def holds(self, point: Point) -> bool:
        """Return whether ``point`` lies in the region or on its edge."""
        if len(self.numbers) != 3:
            return _is_inside(self.corners, point)
        x, y, radius = self.numbers
        return (point[0] - x) ** 2 + (point[1] - y) ** 2 <= radius**2

    def drawn(self) -> dict[str, object]:
        """Return what draws the region: ``circle`` as numbers, or ``points`` of a polygon."""
        if len(self.numbers) == 3:
            return {"circle": [_shown(number) for number in self.numbers]}
        return {"points": " ".join(f"{_shown(x)},{_shown(y)}" for x, y in self.corners)}


def read_region(text: object) -> Region | None:
    """Return the region an author wrote, None where it is none."""
    written = " ".join(str(text or "").replace(",", " ").split())
    if not _NUMBERS.fullmatch(written):
        return None
    numbers = tuple(Fraction(number) for number in written.split())
    count = len(numbers)
    is_polygon = count >= 6 and count % 2 == 0 and count <= 2 * MAX_CORNERS
    if not (is_polygon or (count in (3, 4) and all(number > 0 for number in numbers[2:]))):
        return None
    return Region(numbers)


def read_point(text: str) -> Point | None:
    """Return a point "120 80", None where it is none."""
    found = re.fullmatch(rf"({NUMBER}) ({NUMBER})", text)
    return (Fraction(found[1]), Fraction(found[2])) if found else None


def region_faults(regions: Sequence[Region | None], width: Fraction, height: Fraction) -> Iterator[object]:
    """Yield what is wrong with the regions of a picture of this size."""
    for number, region in enumerate(regions, 1):
        if region is None:
            yield _l(
                "Place %(number)s: an area is “x y radius”, “x y width height” or the corners.", number=number
            )
            continue
        (left, top), (right, bottom) = region.bounds
        if left < 0 or top < 0 or right > width or bottom > height:
            yield _l("Place %(number)s is not on the picture.", number=number)
        if min(right - left, bottom - top) * LEAST_SHARE < width:
            yield _l("Place %(number)s is too small for a finger on a phone.", number=number)


def _is_inside(corners: Sequence[Point], point: Point) -> bool:
    """Return whether a ray from the point meets an odd number of edges; points on an edge are inside."""
    x, y = point
    is_inside = False
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        side = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        if side == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
            return True
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            is_inside = not is_inside
    return is_inside


def _shown(number: Fraction) -> str:
    return f"{float(number):g}"
