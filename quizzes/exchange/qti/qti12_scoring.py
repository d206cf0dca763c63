"""Response processing of QTI 1.2: conditions in their order, each adding to a score or setting it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from lms.core.xml_reader import XmlElement
from quizzes.exchange.qti.marks import share_of
from quizzes.exchange.qti.names import child, children, text_of
from quizzes.exchange.qti.responses import Given

_MOST = "SCORE.max"
_COMPARED = {"vargte": "gte", "varlte": "lte", "vargt": "gt", "varlt": "lt"}


@dataclass
class Qti12Marks:
    """What answers earn by the conditions of one item. ``highest`` is None where it does not score."""

    item: XmlElement

    def __post_init__(self) -> None:
        processing = child(self.item, "resprocessing")
        self.conditions = [] if processing is None else children(processing, "respcondition")
        self._most = self._declared(processing)
        scores = any(setter.name == "setvar" for one in self.conditions for setter in one.elements())
        self.highest: float | None = float(self._most) if scores else None

    def _declared(self, processing: XmlElement | None) -> Decimal:
        for element in processing.elements() if processing is not None else ():
            if element.name == "decvar":
                most = number_of(element.attributes.get("maxvalue", ""))
                if most is not None and most > 0:
                    return most
        return Decimal(100)

    def earned(self, given: Sequence[Given]) -> float:
        """Return the score of an answer."""
        score = Decimal(0)
        for condition in self.conditions:
            test = child(condition, "conditionvar")
            if test is None or not all(_holds(part, given) for part in children(test)):
                continue
            for setter in children(condition, "setvar"):
                score = self._set(setter, score)
            if condition.attributes.get("continue", "No").casefold() != "yes":
                break
        return float(score)

    def _set(self, setter: XmlElement, score: Decimal) -> Decimal:
        said = text_of(setter).strip()
        value = self._most if said == _MOST else number_of(said)
        if value is None or setter.attributes.get("varname", "SCORE").casefold() not in (
            "score",
            "que_score",
        ):
            return score
        action = setter.attributes.get("action", "Set").casefold()
        if action == "add":
            return score + value
        if action == "subtract":
            return score - value
        return score * value if action == "multiply" else value

    def fraction(self, given: Sequence[Given]) -> Decimal | None:
        """Return what an answer earns of the highest score, 0 to 1."""
        return share_of(self.earned(given), self.highest)


def number_of(text: str) -> Decimal | None:
    """Return a number as it is written, None where it is none."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal("1e15") else None


def _holds(test: XmlElement, given: Sequence[Given]) -> bool:
    if test.name == "not":
        return not all(_holds(part, given) for part in children(test))
    if test.name == "and":
        return all(_holds(part, given) for part in children(test))
    if test.name == "or":
        return any(_holds(part, given) for part in children(test))
    if test.name == "other":
        return True
    said = [value for name, value in given if name == test.attributes.get("respident")]
    if test.name == "unanswered":
        return not said
    return any(_fits(test, value) for value in said)


def _fits(test: XmlElement, value: str) -> bool:
    wanted = text_of(test).strip()
    if test.name in _COMPARED:
        return _compared(_COMPARED[test.name], number_of(value), number_of(wanted))
    if test.name not in ("varequal", "varsubstring"):
        return False
    if test.attributes.get("case", "Yes").casefold() == "no":
        wanted, value = wanted.casefold(), value.casefold()
    return wanted in value if test.name == "varsubstring" else _is_same(wanted, value.strip())


def _is_same(wanted: str, value: str) -> bool:
    numbers = number_of(wanted), number_of(value)
    return wanted == value or (None not in numbers and numbers[0] == numbers[1])


def _compared(name: str, value: Decimal | None, wanted: Decimal | None) -> bool:
    if value is None or wanted is None:
        return False
    return {"gte": value >= wanted, "lte": value <= wanted, "gt": value > wanted, "lt": value < wanted}[name]
