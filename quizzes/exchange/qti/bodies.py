"""The texts of an item as HTML: what stands around its interactions, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from lms.core.xml_reader import XmlElement
from quizzes.exchange.qti.names import text_of

INTERACTIONS = {
    "choice-interaction", "order-interaction", "match-interaction", "associate-interaction",
    "gap-match-interaction", "inline-choice-interaction", "text-entry-interaction",
    "extended-text-interaction", "hotspot-interaction", "hottext-interaction", "slider-interaction",
    "select-point-interaction", "upload-interaction", "graphic-order-interaction",
    "graphic-associate-interaction", "graphic-gap-match-interaction", "position-object-interaction",
    "drawing-interaction", "media-interaction", "custom-interaction", "portable-custom-interaction",
    "end-attempt-interaction",
}  # fmt: skip
HIDDEN = {
    "feedback-inline", "feedback-block", "modal-feedback", "rubric-block", "template-inline",
    "template-block", "info-control", "stylesheet", "companion-materials-info", "catalog-info",
}  # fmt: skip
"""What is not part of a question's words: it is shown later, or to others."""

Replace = Callable[[XmlElement], str | None]
"""Returns what stands for an element, None where it is written as it is."""

_ATTRIBUTES = ("src", "alt", "href")


def html_of(parts: Iterable[XmlElement | str], replace: Replace) -> str:
    """Return elements and texts as HTML; what it means is for `quizzes.exchange.markup` to say."""
    return "".join(escape(part) if isinstance(part, str) else _element(part, replace) for part in parts)


def _element(element: XmlElement, replace: Replace) -> str:
    replaced = replace(element)
    if replaced is not None:
        return replaced
    if element.name in HIDDEN:
        return ""
    if element.name == "object" and element.attributes.get("type", "").startswith("image/"):
        return picture(element)
    inner = html_of(element.children, replace)
    said = "".join(
        f' {name}="{escape(element.attributes[name])}"' for name in _ATTRIBUTES if name in element.attributes
    )
    return f"<{element.name}{said}>" if element.name in ("img", "br", "hr") else _around(element, said, inner)


def _around(element: XmlElement, said: str, inner: str) -> str:
    if element.name in ("prompt", "content-body", "item-body"):
        return f"<div>{inner}</div>"
    return f"<{element.name}{said}>{inner}</{element.name}>"


def picture(element: XmlElement) -> str:
    """Return an ``object`` or ``img`` that shows a picture."""
    source = element.attributes.get("data", element.attributes.get("src", ""))
    alt = element.attributes.get("alt") or " ".join(text_of(element).split())
    return f'<img src="{escape(source)}" alt="{escape(alt)}">'


def interactions_in(element: XmlElement) -> list[XmlElement]:
    """Return the interactions below, in their order; `end-attempt-interaction` is a button and none."""
    return [
        one
        for one in element.elements()
        if one.name in INTERACTIONS and one.name != "end-attempt-interaction"
    ]
