"""The two vocabularies of QTI brought to one: ``responseProcessing`` and ``qti-response-processing``.

Inside the house every element and attribute has the name of QTI 3 without ``qti-``: ``response-processing``,
``base-type``. Values of attributes are the same in both ("directedPair").
"""

from __future__ import annotations

import re
from functools import cache

from lms.core.xml_reader import XmlElement

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_FOREIGN = ("svg", "MathML", "ssml", "synthesis")


@cache
def plain_name(name: str) -> str:
    """Return one name of either vocabulary as the house has it: ``durationLT`` → ``duration-lt``."""
    return _HUMP.sub("-", name).lower().removeprefix("qti-")


def normalise(element: XmlElement) -> XmlElement:
    """Return the tree with plain names. Drawings and formulas keep theirs."""
    if element.namespace.rstrip("/").endswith(_FOREIGN):
        return element
    return XmlElement(
        element.namespace,
        plain_name(element.name),
        {_plain_attribute(name): value for name, value in element.attributes.items()},
        element.line,
        [normalise(child) if isinstance(child, XmlElement) else child for child in element.children],
    )


def _plain_attribute(name: str) -> str:
    return name if " " in name or name.startswith("data-") else plain_name(name)


def children(element: XmlElement, *names: str) -> list[XmlElement]:
    """Return the elements right below, of these names or of any."""
    found = [child for child in element.children if isinstance(child, XmlElement)]
    return [child for child in found if child.name in names] if names else found


def child(element: XmlElement, name: str) -> XmlElement | None:
    """Return the first element of that name right below."""
    return next(iter(children(element, name)), None)


def text_of(element: XmlElement) -> str:
    """Return all text within, as written."""
    return "".join(part if isinstance(part, str) else text_of(part) for part in element.children)
