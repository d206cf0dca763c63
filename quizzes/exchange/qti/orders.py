"""Lines to put in order."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from lms.core.xml_reader import XmlElement
from quizzes.exchange.qti.items import Item, ItemFault
from quizzes.exchange.qti.marks import Sample, settle
from quizzes.exchange.qti.names import children
from quizzes.types.base import Json
from quizzes.types.ordering import SCORINGS


def read_order(item: Item, interaction: XmlElement) -> tuple[str, Json]:
    """Return type and source of an order interaction."""
    choices = {one.attributes.get("identifier", ""): one for one in children(interaction, "simple-choice")}
    response = item.response(interaction)
    right = [str(name) for name in response.correct.items]
    if not right:
        raise ItemFault(_l("The right order is not declared."))
    if sorted(right) != sorted(choices):
        raise ItemFault(_l("Only some of the lines belong in the order: we have no such questions."))
    items = [{"text": item.inner(choices[name])} for name in right]
    samples = [_sample(response.identifier, right, places) for places in _orders(len(right))]
    stem = item.stem(interaction)
    rules = ["all_or_nothing", *(name for name in SCORINGS if name != "all_or_nothing")]
    candidates = [{"stem": stem, "items": items, "scoring": rule} for rule in rules]
    source = settle("ordering", candidates, [*samples, Sample([], None)], marks=item.marks, notes=item.notes)
    return "ordering", source


def _orders(count: int) -> list[list[int]]:
    """Return orders as indexes of the right one: right, turned round, each neighbours swapped, moved on."""
    right = list(range(count))
    found = [right, right[::-1], [*right[1:], right[0]]]
    for place in range(count - 1):
        swapped = right.copy()
        swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
        found.append(swapped)
    return found


def _sample(identifier: str, right: list[str], order: list[int]) -> Sample:
    places: list[int | None] = [order.index(index) + 1 for index in range(len(right))]
    return Sample([(identifier, right[index]) for index in order], {"places": places})
