"""Texts of one's own and files to send, which a person marks."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from lms.core.xml_reader import XmlElement
from quizzes.exchange.qti.items import Item
from quizzes.exchange.qti.names import children
from quizzes.exchange.rubrics import GUESS, plain_rubric
from quizzes.types.base import Json
from quizzes.types.rubric import MAX_WORDS

LEVEL_POINTS = "data-points"
"""Attribute of a level in a rubric of ours: what it is worth."""
LIMITS = {"data-min-words": "min_words", "data-max-words": "max_words"}
"""Attributes of an interaction of ours, and the fields of a source they hold."""


def read_essay(item: Item, interaction: XmlElement) -> tuple[str, Json]:
    """Return type and source of a text of one's own."""
    source: Json = {"stem": item.stem(interaction)}
    for name, field in LIMITS.items():
        said = interaction.attributes.get(name, "")
        if said.isdigit() and 1 <= int(said) <= MAX_WORDS:
            source[field] = int(said)
    if interaction.name == "upload-interaction":
        source["attachment"] = True
        item.notes.guess(_l("A file to send became a text to write, with a file beside it."))
    return "essay", source | {"rubric": _rubric(item)}


def _rubric(item: Item) -> list[Json]:
    """Return the criteria of a rubric written by us; of any other its words are told as lost."""
    blocks = [one for one in item.element.elements() if one.name == "rubric-block" and _is_for_markers(one)]
    criteria = [_criterion(item, one) for block in blocks for one in block.elements() if _is_criterion(one)]
    if criteria and all(len(one["levels"]) > 1 for one in criteria):
        return criteria
    item.notes.guess(GUESS)
    for block in blocks:
        words = item.markdown(block.children)
        if words:
            item.notes.lose(_l("What markers were told: “%(words)s”", words=words[:500]))
    return plain_rubric()


def _is_for_markers(block: XmlElement) -> bool:
    return "scorer" in block.attributes.get("view", "") or block.attributes.get("use", "") == "scoring"


def _is_criterion(element: XmlElement) -> bool:
    return element.name == "li" and any(
        LEVEL_POINTS in one.attributes for one in element.elements() if one is not element
    )


def _criterion(item: Item, element: XmlElement) -> Json:
    levels = [one for one in element.elements() if LEVEL_POINTS in one.attributes]
    words = [part for part in element.children if isinstance(part, str) or not children(part, "li")]
    return {
        "text": item.markdown(words),
        "levels": [
            {"text": item.markdown(one.children), "points": one.attributes[LEVEL_POINTS]} for one in levels
        ],
    }
