"""How the elements of a drawing look on paper, by their class of `courses.catalogue.drawings`. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Look:
    """What an element inherits and what its classes change; None: not filled, no line."""

    fill: str | None = "#000000"
    stroke: str | None = None
    width: float = 1.5
    is_dashed: bool = False
    size: float = 14
    is_bold: bool = False
    anchor: str = "start"

    def changed(self, classes: Iterable[str], *, anchor: str | None) -> Look:
        """Return the look of an element within one that looks like this."""
        changes: dict[str, Any] = {}
        for name, change in _CLASSES.items():
            changes |= change if name in classes else {}
        return replace(self, **changes, anchor=anchor or self.anchor)


# As in print on screen: the later of two classes wins.
_CLASSES: dict[str, dict[str, Any]] = {
    "d-title": {"is_bold": True, "size": 15},
    "d-bold": {"is_bold": True},
    "d-small": {"size": 12.5},
    "d-muted": {"fill": "#333333"},
    "d-soft": {"fill": "#EDF0FB"},
    "d-card": {"fill": "#FFFFFF", "stroke": "#555555"},
    "d-fill": {"fill": "#28348A"},
    "d-accent": {"fill": "#FFC445"},
    "d-good": {"fill": "#E4F5EA", "stroke": "#0A6638"},
    "d-warn": {"fill": "#FFF2D6", "stroke": "#7A4700"},
    "d-bad": {"fill": "#FDECEA", "stroke": "#A3201B"},
    "d-on": {"fill": "#FFFFFF"},
    "d-on-accent": {"fill": "#161A2E"},
    "d-on-good": {"fill": "#0A6638"},
    "d-on-warn": {"fill": "#7A4700"},
    "d-on-bad": {"fill": "#A3201B"},
    "d-line": {"fill": None, "stroke": "#555555"},
    "d-flow": {"fill": None, "stroke": "#28348A", "width": 2},
    "d-dash": {"is_dashed": True},
    "d-tip": {"fill": "#28348A"},
}
