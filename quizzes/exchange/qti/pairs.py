"""Pairs of QTI: two sets to match, or one set to associate, as lines with a list beside each."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from lms.core.text import fold
from lms.core.xml_reader import XmlElement
from quizzes.exchange.qti.items import Item, ItemFault
from quizzes.exchange.qti.marks import Bare, Sample, settle
from quizzes.exchange.qti.names import children
from quizzes.types import get_type
from quizzes.types.base import Json

Ends = tuple[str, str]


def read_match(item: Item, interaction: XmlElement) -> tuple[str, Json]:
    """Return type and source of a match interaction: each line of one set goes with one of the other."""
    sets = [children(one, "simple-associable-choice") for one in children(interaction, "simple-match-set")]
    if len(sets) != 2:
        raise ItemFault(_l("A match has two sets of choices."))
    left, right = ({_name(choice): choice for choice in one} for one in sets)
    pairs = _declared(item, interaction)
    is_turned = _stands_twice(first for first, _second in pairs) or len(pairs) < len(left)
    if is_turned and not _stands_twice(second for _first, second in pairs) and len(pairs) == len(right):
        return _matching(item, interaction, right, left, pairs=[(b, a) for a, b in pairs], is_turned=True)
    return _matching(item, interaction, left, right, pairs=pairs)


def read_associate(item: Item, interaction: XmlElement) -> tuple[str, Json]:
    """Return type and source of an associate interaction: what stands first in the key becomes a line."""
    choices = {_name(choice): choice for choice in children(interaction, "simple-associable-choice")}
    pairs = _declared(item, interaction)
    lines = {first: choices[first] for first, _second in pairs if first in choices}
    others = {name: choice for name, choice in choices.items() if name not in lines}
    item.notes.guess(_l("One set of words became two: lines, and what belongs to them."))
    return _matching(item, interaction, lines, others, pairs=pairs)


def _name(choice: XmlElement) -> str:
    return choice.attributes.get("identifier", "")


def _declared(item: Item, interaction: XmlElement) -> list[Ends]:
    pairs = [pair for pair in item.response(interaction).correct.items if isinstance(pair, tuple)]
    if not pairs:
        raise ItemFault(_l("The right pairs are not declared."))
    return [(str(first), str(second)) for first, second in pairs]


def _stands_twice(names: object) -> bool:
    listed = list(names)  # type: ignore[call-overload]
    return len(set(listed)) < len(listed)


def _matching(
    item: Item,
    interaction: XmlElement,
    lines: dict[str, XmlElement],
    others: dict[str, XmlElement],
    *,
    pairs: Sequence[Ends],
    is_turned: bool = False,
) -> tuple[str, Json]:
    partner = dict(pairs)
    if len(partner) < len(pairs) or set(partner) != set(lines) or not set(partner.values()) <= set(others):
        raise ItemFault(
            _l("A line belongs to several answers or to none: we have only pairs of one line and one answer.")
        )
    texts = {name: item.inner(choice) for name, choice in (lines | others).items()}
    lone = [{"text": texts[name]} for name in others if name not in partner.values()]
    source: Json = {
        "stem": item.stem(interaction),
        "pairs": [{"text": texts[line], "match": texts[partner[line]]} for line in lines],
    } | ({"distractors": lone} if lone else {})
    identifier = item.response(interaction).identifier
    if get_type("matching").faults(source):
        return "matching", source
    samples = _samples(identifier, source, list(lines), {texts[name]: name for name in others}, is_turned)
    return "matching", settle("matching", [source], samples, marks=item.marks, notes=item.notes)


def _samples(
    identifier: str, source: Json, lines: list[str], names: dict[str, str], is_turned: bool
) -> list[Sample]:
    """Return answers: all right, none, each line alone, and each line wrong with the others right."""
    content = get_type("matching").resolve(source, Bare())
    right = [pair["choice"] for pair in content["pairs"]]
    by_choice = [names[_written(names, choice["text"])] for choice in content["choices"]]
    sets: list[list[int | None]] = [list(right), [None] * len(right)]
    for index in range(len(right)):
        alone: list[int | None] = [None] * len(right)
        alone[index] = right[index]
        wrong: list[int | None] = list(right)
        wrong[index] = (right[index] + 1) % len(by_choice)
        sets += [alone, wrong]
    return [
        Sample(
            [
                (identifier, f"{by_choice[choice]} {line}" if is_turned else f"{line} {by_choice[choice]}")
                for line, choice in zip(lines, chosen, strict=True)
                if choice is not None
            ],
            {"pairs": chosen} if any(choice is not None for choice in chosen) else None,
        )
        for chosen in sets
    ]


def _written(names: dict[str, str], text: str) -> str:
    return next(name for name in names if fold(name) == fold(text))
