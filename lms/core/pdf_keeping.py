"""What the PDF worker keeps from one document for the next one of its kind: styles and lines of text.

Certificates differ in a few words. An element whose tag, class, language and own style, and those of all
around it, were met before under the same style sheet looks the same again; a line of the same words in that
style and width is set the same again. So both are worked out once. Style sheets that ask for more than that
(siblings, attributes, the size of the page), or change boxes on the way, are left to WeasyPrint.
Like `pdf_speed` this stands in for inner functions of the version pinned there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

KEPT_ELEMENTS = 1_000
KEPT_LINES = 500
"""Beyond either all is forgotten and begins again; the worker may take 100 MB in all and takes 83."""
ASKS_FOR_MORE = re.compile(
    r"[+~\[]|[a-z*)]:(?:first|last|nth|only|empty|has|not|is|where)\b|\bvar\(|\battr\("
    r"|\d(?:v[whib]|vmin|vmax|pv[whib])\b|ellipsis|line-clamp|hyphens:\s*auto|justify|flex|grid|overflow:"
)
"""In a style sheet: the look of an element depends on more than what is named above."""
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
UNKNOWN_TAGS = frozenset({"a", "style", "link", "base", "svg"})


class Place:
    """An element as far as its look goes: what it is, and where it stands."""

    __slots__ = ("inner", "styles")

    def __init__(self) -> None:
        # By tag, class, language and own style.
        self.inner: dict[tuple[str, str | None, str | None, str | None], Place] = {}
        # By pseudo-element; None: of the element itself.
        self.styles: dict[str | None, Any] = {}


class Shelf:
    """What is kept, by style sheet."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._roots: dict[str, Place] = {}
        self._root: Place | None = None
        self.element_count = self.line_count = 0

    @property
    def is_used(self) -> bool:
        """Whether the document being laid out uses and fills it."""
        return self._root is not None

    def install(self) -> None:
        """Stand in for what WeasyPrint works out anew for each document, for good."""
        from weasyprint.css import StyleFor  # noqa: PLC0415  (loads system libraries that may be missing)
        from weasyprint.text import line_break  # noqa: PLC0415

        StyleFor.__init__ = self._styling(StyleFor.__init__)
        usual = line_break.split_first_line
        quick = self._setting(usual)
        for name, module in list(sys.modules.items()):
            if name.startswith("weasyprint.") and getattr(module, "split_first_line", None) is usual:
                module.split_first_line = quick  # type: ignore[attr-defined]

    @contextmanager
    def opened(self, style: str) -> Iterator[None]:
        """Use and fill what is kept for a style sheet while one document is laid out."""
        if self.element_count > KEPT_ELEMENTS or self.line_count > KEPT_LINES:
            self._roots.clear()
            self.element_count = self.line_count = 0
        if style and not ASKS_FOR_MORE.search(COMMENT.sub("", style)):
            self._root = self._roots.setdefault(style, Place())
        try:
            yield
        finally:
            self._root = None

    def _styling(self, usual: Callable[..., None]) -> Callable[..., None]:
        """Return how the styles of a document are found."""

        def begin(style_for: Any, html: Any, sheets: Any, *others: Any) -> None:
            styles = self._find(html.etree_element)
            if styles is None:
                usual(style_for, html, sheets, *others)
                self._keep(html.etree_element, style_for._computed_styles)
                return
            style_for._cascaded_styles, style_for._computed_styles = {}, styles
            style_for.initial_page_sizes = {"box": None, "area": None}
            style_for._sheets, style_for.font_config = sheets, others[1]

        return begin

    def _setting(self, usual: Callable[..., Any]) -> Callable[..., Any]:
        """Return how a line of text is set."""

        def split(text: str, style: Any, *others: Any, **choices: bool) -> Any:
            _context, width, justification_spacing = others
            lines = style.__dict__.get("lines")
            if lines is None or justification_spacing:
                return usual(text, style, *others, **choices)
            key = text, width, tuple(choices.items())
            if key not in lines:
                lines[key] = usual(text, style, *others, **choices)
                self.line_count += 1
            return lines[key]

        return split

    def _find(self, root: Any) -> dict[tuple[Any, str | None], Any] | None:
        """Return the styles of all elements; None if one of them is new."""
        if self._root is None:
            return None
        styles: dict[tuple[Any, str | None], Any] = {}
        waiting = [(root, self._root)]
        while waiting:
            element, around = waiting.pop()
            place = around.inner.get(_key(element))
            if place is None:
                return None
            for pseudo, style in place.styles.items():
                styles[element, pseudo] = style
            waiting.extend((inner, place) for inner in element)
        return styles

    def _keep(self, root: Any, styles: dict[tuple[Any, str | None], Any]) -> None:
        if self._root is None or any(_is_unknown(element) for element in root.iter()):
            return
        pseudos: dict[Any, dict[str | None, Any]] = {}
        for (element, pseudo), style in styles.items():
            pseudos.setdefault(element, {})[pseudo] = style
        waiting = [(root, self._root)]
        while waiting:
            element, around = waiting.pop()
            key = _key(element)
            if key not in around.inner:
                place = around.inner[key] = Place()
                place.styles = pseudos[element]
                self.element_count += 1
                for style in place.styles.values():
                    style.lines, style.anonymous_style.lines = {}, {}
            waiting.extend((inner, around.inner[key]) for inner in element)


def _key(element: Any) -> tuple[str, str | None, str | None, str | None]:
    get = element.get
    return element.tag, get("class"), get("lang"), get("style")


def _is_unknown(element: Any) -> bool:
    return element.tag in UNKNOWN_TAGS or not isinstance(element.tag, str) or element.get("id") is not None
