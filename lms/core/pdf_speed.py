"""Shortcuts through WeasyPrint 70: the same pages with about half of the work. For the worker only.

Each stands in for a way that works for all documents and asks, for every box, what no document of the house
needs. Where a document does need it, the shortcut steps aside. `tests/lms/core/test_pdf_speed.py` compares.
They stand in for inner functions, so another version of WeasyPrint works without them, slower.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from functools import lru_cache
from itertools import product
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

VERSION = "70.0"
"""Of WeasyPrint, whose inner functions these stand in for; pinned in setup.cfg."""
UNUSUAL = frozenset({"float", "display", "position", "page"})
"""Properties whose default depends on others."""
SIDES = ("top", "right", "bottom", "left")
EDGES = tuple(f"border_{side}" for side in SIDES)
BORDERS = tuple(f"{edge}_width" for edge in EDGES)
SIZES = tuple(f"{limit}{axis}" for limit, axis in product(("", "min_", "max_"), ("width", "height")))
LENGTHS = tuple(f"{kind}_{side}" for kind, side in product(("margin", "padding"), SIDES)) + SIZES
PACKED_STREAMS = 64
COMPRESSION = 6


def take_shortcuts(weasyprint: Any) -> str:
    """Make the WeasyPrint of this process faster, for good; return "", else why it stays as it is."""
    if weasyprint.__version__ != VERSION:
        return f"WeasyPrint {weasyprint.__version__} without shortcuts, which were written for {VERSION}"
    from weasyprint.css import AnonymousStyle, ComputedStyle  # noqa: PLC0415
    from weasyprint.formatting_structure.boxes import Box  # noqa: PLC0415
    from weasyprint.layout import percent  # noqa: PLC0415
    from weasyprint.text.line_break import Layout  # noqa: PLC0415

    ComputedStyle.__missing__ = _quick_style(ComputedStyle.__missing__)
    AnonymousStyle.__init__ = _filled_style(AnonymousStyle.__init__)
    Box.is_in_normal_flow = _quick_flow(Box.is_in_normal_flow)
    Layout.deactivate, Layout.reactivate = _kept_lines(Layout)
    weasyprint.pdf.pydyf.zlib = SimpleNamespace(compressobj=_Packer)
    weasyprint.pdf.pydyf._to_bytes = _quick_bytes(weasyprint.pdf.pydyf._to_bytes)
    usual = percent.resolve_percentages
    quick = _quick_lengths(usual)
    for name, module in list(sys.modules.items()):
        if name.startswith("weasyprint.") and getattr(module, "resolve_percentages", None) is usual:
            module.resolve_percentages = quick  # type: ignore[attr-defined]
    return ""


def _quick_style(usual: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    """Return how a style finds a property nobody set, which is most of them."""
    from weasyprint.css import computed_values, properties  # noqa: PLC0415

    inherited, defaults = properties.INHERITED, properties.INITIAL_VALUES
    # "margin-inline-start" says the same as "margin-left".
    logical = {key for key in defaults if "block" in key or "inline" in key}
    turned = set(computed_values.PHYSICAL_FUNCTIONS)
    usual_ones = UNUSUAL | properties.INITIAL_NOT_COMPUTED
    own = {key for key in defaults if key not in usual_ones and not key.startswith("text_decoration_")}
    passed_on = own & inherited - turned
    plain = {key: defaults[key] for key in own - inherited}
    edges = {f"{edge}_width": f"{edge}_style" for edge in (*EDGES, "outline")}

    def find(style: Any, key: str) -> Any:
        if key not in style.cascaded:
            if key in plain and (key not in turned or logical.isdisjoint(style.cascaded)):
                value = style[key] = plain[key]
                return value
            # A border without a style has no width.
            if key in edges and edges[key] not in style.cascaded and logical.isdisjoint(style.cascaded):
                style[key] = 0
                return 0
            if key in passed_on and style.parent_style is not None:
                value = style[key] = style.parent_style[key]
                return value
        return usual(style, key)

    return find


def _filled_style(usual: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Return how the style of a box without an element begins: with all that no parent passes on."""
    from weasyprint.css import properties  # noqa: PLC0415

    inherited = properties.INHERITED | properties.INITIAL_NOT_COMPUTED | {"page"}
    plain = {
        key: value
        for key, value in properties.INITIAL_VALUES.items()
        if key not in inherited and not key.startswith(("text_decoration_", "__"))
    }

    def begin(style: Any, parent_style: Any) -> None:
        style.update(plain)
        usual(style, parent_style)

    return begin


def _quick_flow(usual: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Return how a box knows that it stands in line, as most do."""

    def stands(box: Any) -> bool:
        style = box.style
        return (style["float"] == "none" and style["position"] == "static") or usual(box)

    return stands


def _quick_lengths(usual: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Return how a box gets its lengths: worked out once for a style where all are points, none a share."""
    sizes_of = itemgetter(*SIZES)

    def resolve(box: Any, containing_block: Any) -> None:
        style = box.style
        sizes, known = style.__dict__.get("fixed_lengths", (None, None))
        if sizes != sizes_of(style):  # flex boxes change them on the way
            known = _fixed_lengths(style)
            style.fixed_lengths = sizes_of(style), known
        if known:
            box.__dict__.update(known)
        else:
            usual(box, containing_block)

    return resolve


def _fixed_lengths(style: Any) -> dict[str, Any]:
    """Return the lengths of a style that depend on nothing; none if one does."""
    if style["box_sizing"] != "content-box" or style["border_collapse"] == "collapse":
        return {}
    lengths: dict[str, Any] = {name: style[name] for name in BORDERS}
    for name in LENGTHS:
        value = style[name]
        if value == "auto":
            lengths[name] = 0 if name in ("min_width", "min_height") else value
        elif getattr(value, "unit", "") == "px":
            lengths[name] = value.value
        else:
            return {}
    return lengths


def _kept_lines(layout_class: Any) -> tuple[Callable[[Any], None], Callable[[Any, Any], None]]:
    """Return how a line of text waits between layout and drawing: as it is, unless it is to be justified."""
    drop, renew = layout_class.deactivate, layout_class.reactivate

    def deactivate(line: Any) -> None:
        if line.justification_spacing or "\n" in line.text:
            drop(line)

    def reactivate(line: Any, style: Any) -> None:
        if not hasattr(line, "layout") or line.justification_spacing:
            renew(line, style)

    return deactivate, reactivate


def _quick_bytes(usual: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    """Return how a part of an object is written, its commonest kinds first."""

    def write(item: Any) -> bytes:
        kind = type(item)
        if kind is bytes:
            return item  # type: ignore[no-any-return]
        if kind is str:
            return item.encode("ascii")  # type: ignore[no-any-return]
        return b"%d" % item if kind is int else usual(item)

    return write


@lru_cache(PACKED_STREAMS)
def _packed(body: bytes) -> bytes:
    return zlib.compress(body, COMPRESSION)


class _Packer:
    """Stands in for `zlib.compressobj`: what is in every document (drawings, colours) is packed once."""

    def __init__(self, level: int) -> None:
        self.level = level

    def compress(self, body: bytes) -> bytes:
        """Return it packed, all of it."""
        return _packed(bytes(body))

    def flush(self) -> bytes:
        """Return nothing: all has been given."""
        return b""
