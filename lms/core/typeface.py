"""How wide text is in the bundled typeface, and which characters it lacks; asked before paper is made."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

REGULAR = "Spectral-Regular.ttf"
SEMIBOLD = "Spectral-SemiBold.ttf"


@cache
def _advances(face: str) -> dict[int, float]:
    """Return the advance of each character in em."""
    spec = importlib.util.find_spec("fontpkg_spectral")
    assert spec is not None, "fontpkg-spectral is not installed"
    assert spec.origin is not None
    with TTFont(Path(spec.origin).parent / "files" / face, lazy=True) as font:
        units, widths = font["head"].unitsPerEm, font["hmtx"]
        return {code: widths[glyph][0] / units for code, glyph in font.getBestCmap().items()}


def missing_characters(text: str, face: str = REGULAR) -> str:
    """Return the characters of ``text`` the typeface has no sign for, each once."""
    known = _advances(face)
    return "".join(dict.fromkeys(c for c in text if ord(c) not in known))


def width(text: str, size: float, face: str = REGULAR) -> float:
    """Return the width of ``text`` in points at ``size`` points; kerning would only make it narrower."""
    known = _advances(face)
    return size * sum(known.get(ord(c), 1.0) for c in text)


def line_count(text: str, size: float, limit: float, face: str = REGULAR) -> int:
    """Return how many lines of ``limit`` points ``text`` takes; words longer than a line are broken."""
    lines, room = 1, limit
    blank = width(" ", size, face)
    for word in text.split():
        needed = width(word, size, face)
        if needed <= room:
            room -= needed + blank
            continue
        extra = max(1, -(-int(needed) // int(limit)))
        lines += extra if room < limit else extra - 1
        room = limit * extra - needed - blank
    return lines


def fitting_size(text: str, steps: Sequence[tuple[int, int]], limit: float, face: str = REGULAR) -> int:
    """Return the first size at which ``text`` takes no more lines than the step allows, else the last size.

    Args:
        text: one paragraph.
        steps: ``(size in points, lines allowed)``, the largest first.
        limit: width of a line in points.
        face: file name of the face.
    """
    for size, lines in steps:
        if line_count(text, size, limit, face) <= lines:
            return size
    return steps[-1][0]


def even_width(text: str, size: float, limit: float, face: str = REGULAR) -> float:
    """Return how wide ``text`` is set so that its lines are about as long as each other, at most ``limit``.

    As few lines as the whole width takes, and no last one with a single title in it.
    """
    lines = line_count(text, size, limit, face)
    narrow = width(text, size, face) / lines
    while lines > 1 and narrow < limit:
        if line_count(text, size, narrow, face) <= lines:
            return narrow
        narrow += size / 4
    return limit
