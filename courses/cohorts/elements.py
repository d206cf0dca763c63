"""Unsur: where trainees come from, as shown and as people write it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml
from flask_babel import lazy_gettext as _l

from courses.cohorts.models import Element
from lms.core.errors import Invalid
from lms.core.text import fold

LABELS = {
    Element.ACADEMIC: _l("Academia"),
    Element.UNION: _l("Trade union"),
    Element.COMMUNITY_LEADER: _l("Community leader"),
    Element.SOCIAL_WORKER: _l("Community social worker (PSM)"),
    Element.ENTREPRENEUR: _l("Entrepreneur"),
    Element.VILLAGE_OFFICIAL: _l("Village official"),
    Element.FARMER_GROUP: _l("Farmer group (gapoktan)"),
    Element.YOUTH_GROUP: _l("Youth group (karang taruna)"),
    Element.RELIGIOUS_ORGANISATION: _l("Religious organisation (NU and others)"),
    Element.OTHER: _l("Other"),
}

SOURCE = Path(__file__).parent / "data" / "elements.yaml"
_NO_WORD = re.compile(r"[\W_]+")


@cache
def _spellings() -> dict[str, Element]:
    """Return folded spelling → element."""
    listed: dict[str, list[str]] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return {
        spelling: Element(key)
        for key, spellings in listed.items()
        for spelling in [key.replace("_", " "), *spellings]
    }


def show_element(key: str) -> object:
    """Return the label of an element in the person's language; an unknown key as it is."""
    return LABELS[Element(key)] if key in set(Element) else key


def read_element(text: str) -> str:
    """Return the key of an element as people write it.

    Raises:
        Invalid: nothing there, or no word we know.
    """
    words = _NO_WORD.sub(" ", fold(text)).strip()
    if not words:
        raise Invalid(_l("The element (unsur) is missing."), field="element")
    element = _spellings().get(words)
    if element is None:
        raise Invalid(
            _l("“%(text)s” is no element we know. The list is in the template file.", text=text[:60]),
            field="element",
        )
    return element.value
