"""Choices and marked words of QTI: one right, several right, true or false."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from flask_babel import lazy_gettext as _l

from lms.core.text import fold
from lms.core.xml_reader import XmlElement
from quizzes.exchange.markup import to_plain
from quizzes.exchange.qti.bodies import html_of
from quizzes.exchange.qti.items import Item, ItemFault
from quizzes.exchange.qti.marks import Sample, settle
from quizzes.exchange.qti.names import children
from quizzes.exchange.qti.values import CONTAINERS
from quizzes.types.base import Json
from quizzes.types.options import MAX_OPTIONS

_ALL_SUBSETS = 6
"""Of so many options every set of answers is tried; of more, those that tell the rules apart."""
_TRUE, _FALSE = {"true", "benar", "betul", "ya"}, {"false", "salah", "tidak"}


def read_choice(item: Item, interaction: XmlElement) -> tuple[str, Json]:
    """Return type and source of a choice interaction."""
    choices = children(interaction, "simple-choice")
    return _read(item, interaction, choices, item.stem(interaction))


def read_hottext(item: Item, interaction: XmlElement) -> tuple[str, Json]:
    """Return the words that can be marked in a text as options; the text stands in the stem."""
    words = [one for one in interaction.elements() if one.name == "hottext"]

    def shown(element: XmlElement) -> str | None:
        if element.name == "hottext":
            return f"<strong>{html_of(element.children, lambda _one: None)}</strong>"
        return item.html(element.children, shown) if element is interaction else None

    item.notes.guess(_l("Words to be marked in a text became options below it."))
    return _read(item, interaction, words, item.markdown([item.body], shown))


def _read(item: Item, interaction: XmlElement, choices: Sequence[XmlElement], stem: str) -> tuple[str, Json]:
    if not choices:
        raise ItemFault(_l("There is nothing to choose from."))
    if len(choices) > MAX_OPTIONS:
        raise ItemFault(_l("At most %(count)s options are possible.", count=MAX_OPTIONS))
    response = item.response(interaction)
    names = [choice.attributes.get("identifier", "") for choice in choices]
    key = _key(item, response.identifier, names)
    options = [_option(item, choice) for choice in choices]
    for name, option in zip(names, options, strict=True):
        if name in key:
            option["correct"] = True
    if response.cardinality in CONTAINERS and interaction.attributes.get("max-choices") != "1":
        return "multiple_response", {"stem": stem} | _several(item, response.identifier, names, options)
    return _one(item, response.identifier, names, stem=stem, options=options)


def _option(item: Item, choice: XmlElement) -> Json:
    option: Json = {"text": item.inner(choice)}
    why = [item.markdown(one.children) for one in choice.elements() if one.name == "feedback-inline"]
    if any(why):
        option["why"] = " ".join(text for text in why if text)
    if choice.attributes.get("fixed") == "true":
        option["fixed"] = True
    return option


def _key(item: Item, identifier: str, names: Sequence[str]) -> set[str]:
    """Return the right choices: as declared, else those that earn something by themselves."""
    declared = {str(each) for each in item.session.find(identifier).correct.items}
    if declared:
        return declared & set(names)
    earned = {name: item.marks.earned([(identifier, name)]) or 0.0 for name in names}
    best = max(earned.values(), default=0.0)
    item.notes.guess(_l("The key was found by what each answer earns."))
    several = item.session.find(identifier).cardinality in CONTAINERS
    return {name for name, score in earned.items() if score > 0 and (several or score == best)}


def _one(
    item: Item, identifier: str, names: Sequence[str], *, stem: str, options: list[Json]
) -> tuple[str, Json]:
    sides = sides_of(options)
    if sides is not None:
        answer = next((side for side, one in zip(sides, options, strict=True) if one.get("correct")), False)
        why = {
            str(side).lower(): one["why"] for side, one in zip(sides, options, strict=True) if one.get("why")
        }
        return "true_false", {"stem": stem, "answer": answer} | ({"why": why} if why else {})
    shares = [item.marks.fraction([(identifier, name)]) for name in names]
    with_shares = [
        option | ({"share": f"{share:f}"} if share and not option.get("correct") and share < 1 else {})
        for option, share in zip(options, shares, strict=True)
    ]
    samples = [Sample([(identifier, name)], {"choice": index}) for index, name in enumerate(names)]
    candidates = [{"stem": stem, "options": with_shares}, {"stem": stem, "options": options}]
    source = settle(
        "single_choice", candidates, [*samples, Sample([], None)], marks=item.marks, notes=item.notes
    )
    return "single_choice", source


def sides_of(options: Sequence[Json]) -> list[bool] | None:
    """Return which option says true, where two say true and false and nothing else."""
    texts = [fold(to_plain(option["text"])).rstrip(".") for option in options]
    if len(texts) != 2:
        return None
    for sides in ([True, False], [False, True]):
        if all(text in (_TRUE if side else _FALSE) for text, side in zip(texts, sides, strict=True)):
            return sides
    return None


def _several(item: Item, identifier: str, names: Sequence[str], options: list[Json]) -> Json:
    samples = [_sample(identifier, names, chosen) for chosen in list_sets(options)]
    candidates: list[Json] = [
        {"options": options},
        {"options": options, "scoring": "all_or_nothing"},
        {"options": _weighed(item, identifier, names, options), "scoring": "weights"},
    ]
    # A stem is no matter of marks.
    return settle("multiple_response", candidates, samples, marks=item.marks, notes=item.notes)


def _weighed(item: Item, identifier: str, names: Sequence[str], options: list[Json]) -> list[Json]:
    mapping = item.session.find(identifier).mapping
    if mapping is None:
        return options
    by_name = {entry.key: entry.worth for entry in mapping.entries}
    worth = [by_name.get(name, mapping.bounds.default) for name in names]
    return [
        option | {"weight": f"{Decimal(repr(each)).normalize() + 0:f}"}
        for option, each in zip(options, worth, strict=True)
    ]


def list_sets(options: Sequence[Json]) -> list[tuple[int, ...]]:
    """Return sets of answers that tell the rules of marking apart, as indexes."""
    every = range(len(options))
    if len(options) <= _ALL_SUBSETS:
        return [chosen for size in range(len(options) + 1) for chosen in combinations(every, size)]
    right = tuple(index for index in every if options[index].get("correct"))
    wrong = [index for index in every if index not in right]
    less = [tuple(index for index in right if index != out) for out in right]
    more = [tuple(sorted((*right, index))) for index in wrong]
    return [(), right, tuple(every), *((index,) for index in every), *less, *more]


def _sample(identifier: str, names: Sequence[str], chosen: Sequence[int]) -> Sample:
    given = [(identifier, names[index]) for index in chosen]
    return Sample(given, {"choices": list(chosen)} if chosen else None)
