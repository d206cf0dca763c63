"""What Word counts by itself: the “1.” and “A.” that stand nowhere in the text of a DOCX file.

A paragraph names a list (``w:numId``) and a level (``w:ilvl``), itself or by its style; ``numbering.xml``
says how that level counts. Lists of one abstract definition go on counting together, unless one starts anew.

Source: ECMA-376 part 1, 17.9 (numbering) and 17.3.1.19 (numPr).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase

from lms.core.xml_reader import XmlElement

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DECIMAL, LETTER, BULLET, OTHER = "decimal", "letter", "bullet", "other"
_FORMATS = {
    "decimal": DECIMAL,
    "decimalZero": DECIMAL,
    "upperLetter": LETTER,
    "lowerLetter": LETTER,
    "bullet": BULLET,
}
MAX_LEVEL = 8


@dataclass(frozen=True)
class Label:
    """What stands before a paragraph by itself: kind, the count, the level from 0, and the list it is of."""

    kind: str
    value: int
    level: int
    list_id: str

    def shown(self) -> str:
        """Return it as people see it, more or less."""
        if self.kind == LETTER:
            return f"{ascii_uppercase[(self.value - 1) % 26]}."
        return "•" if self.kind == BULLET else f"{self.value}."


@dataclass(frozen=True)
class Level:
    """How one level of a list counts."""

    kind: str = DECIMAL
    start: int = 1


@dataclass
class Lists:
    """The lists of a document: by ``w:numId`` the abstract definition, and levels that start anew."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, dict[int, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _seen: set[tuple[str, int]] = field(default_factory=set)

    def count(self, list_id: str, level: int) -> Label | None:
        """Return the label of the next paragraph of a list, None where there is no such list."""
        if list_id not in self.abstract or not 0 <= level <= MAX_LEVEL:
            return None
        abstract = self.abstract[list_id]
        counts = self._counts.setdefault(abstract, {})
        form = self.levels.get(abstract, {}).get(level, Level())
        override = self.overrides.get(list_id, {}).get(level)
        if override is not None and (list_id, level) not in self._seen:
            counts[level] = override - 1
        self._seen.add((list_id, level))
        counts[level] = counts.get(level, form.start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        return Label(form.kind, counts[level], level, list_id)


def read_lists(root: XmlElement | None) -> Lists:
    """Return the lists of ``word/numbering.xml``; none where a document has no such part."""
    lists = Lists()
    for element in root.children if root is not None else []:
        if not isinstance(element, XmlElement) or element.namespace != W:
            continue
        if element.name == "abstractNum":
            lists.levels[said(element, "abstractNumId")] = _levels(element)
        elif element.name == "num":
            _read_num(lists, element)
    return lists


def _levels(element: XmlElement) -> dict[int, Level]:
    found = {}
    for level in children(element, "lvl"):
        number_format = value_of(level, "numFmt") or "decimal"
        start = whole(value_of(level, "start"), 1)
        found[whole(said(level, "ilvl"), 0)] = Level(_FORMATS.get(number_format, OTHER), start)
    return found


def _read_num(lists: Lists, element: XmlElement) -> None:
    list_id = said(element, "numId")
    lists.abstract[list_id] = value_of(element, "abstractNumId")
    for override in children(element, "lvlOverride"):
        start = value_of(override, "startOverride")
        if start:
            level = whole(said(override, "ilvl"), 0)
            lists.overrides.setdefault(list_id, {})[level] = whole(start, 1)


# XML of Word


def children(element: XmlElement, name: str) -> list[XmlElement]:
    """Return the children of a name in Word's namespace."""
    return [
        child
        for child in element.children
        if isinstance(child, XmlElement) and child.name == name and child.namespace == W
    ]


def child(element: XmlElement | None, name: str) -> XmlElement | None:
    """Return the first child of a name, None where there is none."""
    return next(iter(children(element, name)), None) if element is not None else None


def said(element: XmlElement | None, name: str) -> str:
    """Return an attribute of Word's namespace, empty where it is missing."""
    attributes: Mapping[str, str] = element.attributes if element is not None else {}
    return attributes.get(f"{W} {name}", "")


def value_of(element: XmlElement | None, name: str) -> str:
    """Return ``w:val`` of a child, empty where it is missing."""
    return said(child(element, name), "val")


def whole(text: str, otherwise: int) -> int:
    """Return a small whole number, ``otherwise`` for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else otherwise
