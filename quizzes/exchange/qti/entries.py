"""Numbers that are typed: which an item takes, and what each earns, found by asking its scoring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from lms.core.xml_reader import XmlElement
from quizzes.exchange.qti.declarations import Declaration
from quizzes.exchange.qti.items import Item, ItemFault
from quizzes.exchange.qti.marks import Bare, Sample
from quizzes.exchange.qti.names import child, children, text_of
from quizzes.exchange.qti.responses import Given
from quizzes.exchange.qti.values import NUMBERS
from quizzes.types.base import Json
from quizzes.types.number import Number

_OPERATORS = ("equal", "equal-rounded")
_NEAR = 1e-6
_MOST_TRIED, _MOST_BANDS = 20, 6
_LARGEST = 1e15
"""No question asks for more; infinity is not below it, nor is what is no number."""


class Worth:
    """What answers to one response earn while all others are right, or while they are empty."""

    def __init__(self, item: Item, identifier: str, others: Sequence[Given] = ()) -> None:
        self._marks, self._identifier = item.marks, identifier
        self._contexts = [list(others), []] if others else [[]]
        self._bases = [self._marks.earned(context) or 0.0 for context in self._contexts]

    def of(self, text: str) -> float:
        """Return what the text adds to the score at best."""
        return max(
            (self._marks.earned([*context, (self._identifier, text)]) or 0.0) - base
            for context, base in zip(self._contexts, self._bases, strict=True)
        )


def is_number(declaration: Declaration) -> bool:
    """Say whether a response is one number."""
    return declaration.base_type in NUMBERS or declaration.cardinality == "record"


def number_sources(item: Item, declaration: Declaration, worth: Worth) -> list[Json]:
    """Return ways to take the number of a response: with each tolerance its scoring names, and with two.

    Raises:
        ItemFault: no number is found.
    """
    earned = {each: worth.of(repr(each)) for each in _numbers(item, declaration)}
    if not earned:
        raise ItemFault(_l("No number was found that the item takes as an answer."))
    best = max(earned, key=lambda each: earned[each])
    others = [
        {"answer": _plain(each), "fraction": rounded(score / earned[best])}
        for each, score in earned.items()
        if each != best and 0 < score < earned[best]
    ]
    bare: Json = {"answer": _plain(best)}
    said = [*_bands(item, declaration.identifier), *_ranges(item, declaration.identifier, best)]
    bands = list(dict.fromkeys(said))[:_MOST_BANDS]
    found = [bare, *(bare | _band(*band) for band in bands)]
    found += [
        bare | _band(*band) | {"near": {"tolerance": _plain(wider), "fraction": rounded(share)}}
        for kind, width in bands
        for other, wider in bands
        if (band := (kind, width)) and kind == other and wider > width
        if 0 < (share := worth.of(_edge(best, kind, wider)) / (earned[best] or 1)) < 1
    ]
    return found + [source | {"others": others} for source in found if others]


def number_gap(item: Item, declaration: Declaration, worth: Worth) -> Json:
    """Return the same for a gap, which knows fewer ways: the one that agrees with most numbers tried."""
    found = number_sources(item, declaration, worth)
    ways = [one for one in found if not {"others", "tolerance_kind"} & set(one)]
    texts = {one.answer["value"] for way in ways for one in number_samples("", way) if one.answer}
    best = worth.of(ways[0]["answer"]) or 1.0

    def differences(way: Json) -> int:
        content = Number().resolve(way, Bare())
        earned = {text: float(Number().grade(content, {"value": text}).fraction) for text in texts}
        return sum(abs(worth.of(text) / best - share) > _NEAR for text, share in earned.items())

    return min(ways, key=differences)


def _numbers(item: Item, declaration: Declaration) -> list[float]:
    found = [each for each in declaration.correct.items if isinstance(each, int | float)]
    mapped = declaration.mapping.entries if declaration.mapping else ()
    found += [entry.key for entry in mapped if isinstance(entry.key, int | float)]
    numbers = dict.fromkeys([*found, *_written_numbers(item, declaration)])
    return [number for number in numbers if abs(number) < _LARGEST][:_MOST_TRIED]


def _band(kind: str, width: float) -> Json:
    return {"tolerance": _plain(width)} | ({"tolerance_kind": kind} if kind == "relative" else {})


def _edge(right: float, kind: str, width: float) -> str:
    """Return the largest number within a band, as it is typed: exact where floats are not."""
    middle, reach = Decimal(repr(right)), Decimal(repr(width))
    return f"{middle + (abs(middle) * reach / 100 if kind == 'relative' else reach):f}"


def rounded(share: float) -> str:
    """Return a share to seven digits, as marks are kept."""
    return f"{Decimal(repr(share)).quantize(Decimal('1e-7')).normalize():f}"


def _plain(number: float) -> str:
    return f"{Decimal(repr(number)).normalize() + 0:f}"


def _comparisons(item: Item, identifier: str) -> Iterator[XmlElement]:
    """Yield where the scoring compares the response with something."""
    processing = child(item.element, "response-processing")
    for element in processing.elements() if processing is not None else ():
        if element.name in (*_OPERATORS, "match") and any(
            one.name == "variable" and one.attributes.get("identifier") == identifier
            for one in element.elements()
        ):
            yield element


def _written_numbers(item: Item, declaration: Declaration) -> Iterator[float]:
    for comparison in _comparisons(item, declaration.identifier):
        for element in children(comparison, "base-value"):
            if element.attributes.get("base-type") in NUMBERS:
                yield from _number(text_of(element))


def _number(text: str) -> Iterator[float]:
    try:
        yield float(text)
    except ValueError:
        return


def _bands(item: Item, identifier: str) -> Iterator[tuple[str, float]]:
    """Yield how far off the scoring lets a number be: absolute or relative (percent), and how much."""
    for comparison in _comparisons(item, identifier):
        said = comparison.attributes
        if comparison.name == "equal-rounded" and said.get("rounding-mode") == "decimalPlaces":
            places = said.get("figures", "")
            if places.isdigit() and len(places) == 1:
                yield "absolute", float(Decimal(5).scaleb(-int(places) - 1))
        if said.get("tolerance-mode") in ("absolute", "relative"):
            for text in said.get("tolerance", "").split():
                yield from ((said["tolerance-mode"], width) for width in _number(text) if 0 < width < 1e12)


def _ranges(item: Item, identifier: str, right: float) -> Iterator[tuple[str, float]]:
    """Yield how far off a number may be where the scoring names both ends of a range."""
    for element in rules_of(item):
        ends = {one.name: _end(one, identifier) for one in children(element, "gte", "lte")}
        low, high = ends.get("gte"), ends.get("lte")
        if element.name == "and" and low is not None and high is not None:
            middle = Decimal(repr(right))
            width = max(abs(middle - low), abs(high - middle))
            if 0 < width < Decimal(10) ** 12:
                yield "absolute", float(width)


def _end(comparison: XmlElement, identifier: str) -> Decimal | None:
    parts = children(comparison)
    if (
        len(parts) != 2
        or parts[0].attributes.get("identifier") != identifier
        or parts[1].name != "base-value"
    ):
        return None
    return next((Decimal(repr(number)) for number in _number(text_of(parts[1]))), None)


def rules_of(item: Item) -> Iterator[XmlElement]:
    """Yield every element of an item's response processing."""
    processing = child(item.element, "response-processing")
    if processing is not None:
        yield from processing.elements()


def number_samples(identifier: str, source: Json) -> list[Sample]:
    """Return answers to a number typed: right, at both ends of what is taken, and beyond them."""
    right = Decimal(source["answer"])
    width = Decimal(str(source.get("tolerance", "0")))
    if source.get("tolerance_kind") == "relative":
        width = abs(right) * width / 100
    step = max(width / 10, abs(right) / 1000, Decimal("0.001"))
    tried = [right, right + width, right - width, right + width + step, right - width - step]
    tried += [Decimal(other["answer"]) for other in source.get("others", ())]
    said = dict.fromkeys(f"{number.normalize() + 0:f}" for number in tried)
    return [Sample([(identifier, text)], {"value": text}) for text in said] + [Sample([], None)]
