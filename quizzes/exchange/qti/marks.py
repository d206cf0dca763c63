"""What answers to an item earn by its own response processing, and whether ours come to the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any, Protocol

from flask_babel import lazy_gettext as _l

from lms.core.xml_reader import XmlElement
from quizzes.exchange.qti.names import child
from quizzes.exchange.qti.notes import Notes
from quizzes.exchange.qti.responses import Given, answer
from quizzes.exchange.qti.scoring import process
from quizzes.exchange.qti.session import Session
from quizzes.exchange.qti.values import NULL, Value, as_json
from quizzes.types import get_type
from quizzes.types.base import Json

SCORE, HIGHEST = "SCORE", "MAXSCORE"
_NEAR = 1e-6


@dataclass(frozen=True)
class Sample:
    """One answer, as the item takes it and as our content does."""

    given: Sequence[Given]
    answer: Json | None


class Scoring(Protocol):
    """What answers earn. ``highest`` is None where nothing says so."""

    highest: float | None

    def fraction(self, given: Sequence[Given]) -> Decimal | None:
        """Return what an answer earns of the highest score, 0 to 1; None where nothing is known."""


class Marks:
    """Scores answers to one item. ``highest`` is None where the item does not score."""

    def __init__(self, item: XmlElement, session: Session) -> None:
        self._item, self._session = item, session
        self.is_scored = child(item, "response-processing") is not None and SCORE in session.declared
        self.highest: float | None = self._highest() if self.is_scored else None

    def earned(self, given: Sequence[Given]) -> float | None:
        """Return the score of an answer, None where there is none."""
        here = Session(dict(self._session.declared), dict(self._session.values), Random(0))  # noqa: S311
        answer(here, given)
        process(self._item, here)
        found = as_json(here.outcomes().get(SCORE, NULL))
        return float(found) if isinstance(found, int | float) else None

    def fraction(self, given: Sequence[Given]) -> Decimal | None:
        """Return what an answer earns of the highest score, 0 to 1; None where nothing is known."""
        return share_of(self.earned(given) or 0.0, self.highest)

    def _highest(self) -> float | None:
        right = [
            pair
            for declaration in self._session.declared.values()
            for pair in given_of(declaration.identifier, declaration.correct)
        ]
        found = [self.earned(right) or 0.0 if right else 0.0, self._declared()]
        return max(found) if max(found) > 0 else None

    def _declared(self) -> float:
        highest = self._session.declared.get(HIGHEST)
        value = as_json(highest.initial) if highest is not None else None
        return float(value) if isinstance(value, int | float) else 0.0


def share_of(earned: float, highest: float | None) -> Decimal | None:
    """Return a score as a share of the highest, 0 to 1; None where there is no highest."""
    if not highest:
        return None
    share = min(1.0, max(0.0, earned / highest))
    return Decimal(repr(share)).quantize(Decimal("1e-7")).normalize() + 0


def given_of(identifier: str, value: Value) -> list[Given]:
    """Return a value as it is given on the command line."""
    if value.fields:
        return [(f"{identifier}.{name}", str(as_json(part))) for name, part in value.fields.items()]
    return [(identifier, _written(item)) for item in value.items]


def _written(item: Any) -> str:
    if isinstance(item, tuple):
        return " ".join(map(str, item))
    return str(item).lower() if isinstance(item, bool) else str(item)


class Bare:
    """Resolves a source in which nothing needs to be looked up."""

    def html(self, text: str) -> str:
        """Return the text."""
        return text

    def plain(self, text: str) -> str:
        """Return the text."""
        return text

    def number(self, expression: Any) -> Decimal:
        """Return a plain number."""
        return Decimal(str(expression))


def settle(
    kind: str, candidates: Sequence[Json], samples: Sequence[Sample], *, marks: Scoring, notes: Notes
) -> Json:
    """Return the source whose marks agree with the item's for most samples; where not for all, that is told.

    Args:
        kind: the type of all candidates.
        candidates: sources, the best first; those with faults are passed over while there are others.
        samples: answers to be compared.
        marks: of the item.
        notes: where a difference is told.
    """
    sound = [one for one in candidates if not get_type(kind).faults(one)] or list(candidates[:1])
    if marks.highest is None:
        notes.guess(_l("The item does not say what answers earn: look at the key and at partial marks."))
        return sound[0]
    if get_type(kind).faults(sound[0]):
        return sound[0]
    wanted = [marks.fraction(sample.given) for sample in samples]
    counted = [(_differences(kind, one, samples, wanted), number) for number, one in enumerate(sound)]
    fewest, number = min(counted)
    if fewest:
        notes.lose(
            _l(
                "Partial marks differ: of %(all)s answers tried, %(count)s earn another share here.",
                all=len(samples),
                count=fewest,
            )
        )
    return sound[number]


def _differences(kind: str, source: Json, samples: Sequence[Sample], wanted: Sequence[Decimal | None]) -> int:
    question = get_type(kind)
    content = question.resolve(source, Bare())
    count = 0
    for sample, want in zip(samples, wanted, strict=True):
        grade = question.grade(content, sample.answer)
        count += grade is not None and want is not None and abs(float(grade.fraction - want)) > _NEAR
    return count
