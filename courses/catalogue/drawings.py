"""Drawings of a course: SVG of few elements, in the colours of the page.

What a file may hold is listed here, and everything else is refused: no styles, no colours, no links, nothing
that loads or runs. A drawing is written out anew from what was read, so nothing unread reaches a page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from lms.core.xml_reader import XmlElement, XmlFault, read_xml

NAMESPACE = "http://www.w3.org/2000/svg"
FOLDER = "gambar"
"""Where the drawings of a module are, beside its lessons."""
NAMED = re.compile(rf"!\[[^\[\]]*\]\(\s*({FOLDER}/[^\s)]+)")
"""A drawing named in a lesson, whatever the law date."""

MAX_BYTES = 12_000
MAX_DEPTH = 8
MAX_ELEMENTS = 200
MAX_SIDE = 4_000

CLASSES = frozenset({
    # Shapes.
    "d-soft", "d-card", "d-fill", "d-accent", "d-good", "d-warn", "d-bad", "d-tip",
    # Lines.
    "d-line", "d-flow", "d-dash",
    # Words.
    "d-title", "d-bold", "d-small", "d-muted", "d-on", "d-on-accent", "d-on-good", "d-on-warn", "d-on-bad",
})  # fmt: skip
"""What a thing is; app.css says how that looks in light, in dark and on paper."""

_NUMBER = r"-?(?:\d{1,4}(?:\.\d{1,3})?|\.\d{1,3})"
_NUMBERS = rf"{_NUMBER}(?:[ ,]+{_NUMBER})*"
_ONE = re.compile(_NUMBER)
_MANY = re.compile(rf"\s*{_NUMBERS}\s*")
_MOVE = rf"(?:translate|rotate|scale)\(\s*{_NUMBERS}\s*\)"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_MARKER = re.compile(r"url\(#([a-z][a-z0-9-]{0,30})\)")
_PATTERNS: dict[str, re.Pattern[str]] = {
    **dict.fromkeys(
        ("x", "y", "width", "height", "rx", "ry", "cx", "cy", "r", "x1", "y1", "x2", "y2", "dx", "dy",
         "refX", "refY", "markerWidth", "markerHeight"), _ONE,
    ),
    "viewBox": re.compile(rf"{_NUMBER}(?: {_NUMBER}){{3}}"),
    "d": re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9 ,.\n-]+"),
    "points": _MANY,
    "transform": re.compile(rf"{_MOVE}(?:\s+{_MOVE}){{0,3}}"),
    "text-anchor": re.compile("start|middle|end"),
    "orient": re.compile("auto|auto-start-reverse"),
    "class": re.compile(r"\s*[a-z-]+(?:\s+[a-z-]+)*\s*"),
    "marker-start": _MARKER,
    "marker-end": _MARKER,
    "id": _NAME,
}  # fmt: skip
_COMMON = {"class", "transform"}
_MARKED = {"marker-start", "marker-end"}
_ATTRIBUTES: dict[str, set[str]] = {
    "svg": {"viewBox"},
    "g": _COMMON | {"text-anchor"},
    "path": _COMMON | _MARKED | {"d"},
    "rect": _COMMON | {"x", "y", "width", "height", "rx", "ry"},
    "circle": _COMMON | {"cx", "cy", "r"},
    "ellipse": _COMMON | {"cx", "cy", "rx", "ry"},
    "line": _COMMON | _MARKED | {"x1", "y1", "x2", "y2"},
    "polyline": _COMMON | _MARKED | {"points"},
    "polygon": _COMMON | {"points"},
    "text": _COMMON | {"x", "y", "dx", "dy", "text-anchor"},
    "tspan": {"class", "x", "y", "dx", "dy", "text-anchor"},
    "title": set(),
    "desc": set(),
    "defs": set(),
    "marker": {"id", "viewBox", "refX", "refY", "markerWidth", "markerHeight", "orient"},
}
_NOT_SHOWN = {"title", "desc"}
_WORDS = {"text", "tspan", *_NOT_SHOWN}


@dataclass(frozen=True)
class Drawing:
    """A drawing that may be shown."""

    root: XmlElement

    def texts(self) -> list[tuple[int, str]]:
        """Return the words in it with their lines."""
        return [
            (element.line, child)
            for element in self.root.elements()
            if element.name in _WORDS - _NOT_SHOWN
            for child in element.children
            if isinstance(child, str) and child.strip()
        ]


def read_drawing(source: bytes) -> Drawing:
    """Return what an SVG file holds.

    Raises:
        XmlFault: it is no XML, or holds anything that is not listed here.
    """
    root = read_xml(source, max_bytes=MAX_BYTES, max_depth=MAX_DEPTH, max_elements=MAX_ELEMENTS)
    if root.name != "svg" or "viewBox" not in root.attributes:
        raise XmlFault(root.line, _('A drawing is <svg viewBox="…"> with what is in it.'))
    markers = _markers(root)
    for element in root.elements():
        _check(element, markers, is_root=element is root)
    _check_size(root)
    return Drawing(root)


def _markers(root: XmlElement) -> set[str]:
    found = set[str]()
    for element in root.elements():
        name = element.attributes.get("id") if element.name == "marker" else None
        if name in found:
            raise XmlFault(element.line, _("“%(key)s” is written twice.", key=name))
        found |= {name} if name else set()
    return found


def _check(element: XmlElement, markers: set[str], *, is_root: bool) -> None:
    allowed = _ATTRIBUTES.get(element.name)
    if element.namespace != NAMESPACE or allowed is None or (element.name == "svg" and not is_root):
        raise XmlFault(
            element.line,
            _("<%(name)s> is not allowed in a drawing. Allowed: %(names)s.",
              name=element.name, names=", ".join(_ATTRIBUTES)),
        )  # fmt: skip
    for name, value in element.attributes.items():
        if name not in allowed:
            raise XmlFault(
                element.line,
                _("<%(element)s> may not have “%(name)s”.", element=element.name, name=name.split()[-1]),
            )
        _check_value(element.line, name, value, markers)
    for child in element.children:
        is_misplaced = isinstance(child, XmlElement) if element.name in _NOT_SHOWN else False
        if is_misplaced or (isinstance(child, str) and child.strip() and element.name not in _WORDS):
            raise XmlFault(element.line, _("Words stand in <text> only."))


def _check_value(line: int, name: str, value: str, markers: set[str]) -> None:
    match = _PATTERNS[name].fullmatch(value)
    if match is None:
        raise XmlFault(line, _("“%(value)s” is not allowed as “%(name)s”.", value=value[:40], name=name))
    if name == "class" and (unknown := set(value.split()) - CLASSES):
        raise XmlFault(
            line,
            _("“%(name)s” is not a class of drawings. They are: %(names)s.",
              name=", ".join(sorted(unknown)), names=", ".join(sorted(CLASSES))),
        )  # fmt: skip
    if name.startswith("marker-") and match[1] not in markers:
        raise XmlFault(line, _('There is no <marker id="%(name)s">.', name=match[1]))


def _check_size(root: XmlElement) -> None:
    left, top, width, height = map(float, root.attributes["viewBox"].split())
    if not (left == top == 0 and 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        message = _("The viewBox begins with 0 0 and is up to %(count)s wide and high.", count=MAX_SIDE)
        raise XmlFault(root.line, message)


def write_drawing(drawing: Drawing, *, prefix: str, title: str, show: Callable[[int, str], str]) -> str:
    """Return the drawing as part of a page.

    Args:
        drawing: what was read.
        prefix: begins all ids, so that two drawings of a page do not meet.
        title: the text alternative.
        show: returns what stands for the words of a line, marks resolved, as plain text.
    """
    writing = _Writing(prefix, show)
    inside = "".join(writing.child(drawing.root, child) for child in drawing.root.children)
    view = html.escape(drawing.root.attributes["viewBox"])
    return (
        f'<svg viewBox="{view}" role="img" aria-labelledby="{prefix}judul">'
        f'<title id="{prefix}judul">{html.escape(title)}</title>{inside}</svg>'
    )


@dataclass(frozen=True)
class _Writing:
    prefix: str
    show: Callable[[int, str], str]

    def child(self, parent: XmlElement, child: XmlElement | str) -> str:
        if isinstance(child, XmlElement):
            return "" if child.name in _NOT_SHOWN else self._element(child)
        if parent.name not in _WORDS:
            return ""
        text = re.sub(r"\s+", " ", child)
        return html.escape(self.show(parent.line, text), quote=False) if text.strip() else text

    def _element(self, element: XmlElement) -> str:
        attributes = "".join(f' {name}="{self._value(name, v)}"' for name, v in element.attributes.items())
        inside = "".join(self.child(element, child) for child in element.children)
        if not inside and element.name not in _WORDS:
            return f"<{element.name}{attributes}/>"
        return f"<{element.name}{attributes}>{inside}</{element.name}>"

    def _value(self, name: str, value: str) -> str:
        if name == "id":
            return f"{self.prefix}{value}"
        if name.startswith("marker-"):
            return _MARKER.sub(rf"url(#{self.prefix}\1)", value)
        return html.escape(" ".join(value.split()))
