"""How a person marks an answer: criteria, each with levels that are worth points. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

MAX_WORDS = 1_500
"""The longest text that may be asked for."""
MAX_CRITERIA = 8
MAX_LEVELS = 8
MAX_POINTS = 100


def read_points(value: object) -> Decimal | None:
    """Return the points of a level as an author wrote them, None where they are none."""
    try:
        points = Decimal(str(value))
    except ArithmeticError:
        return None
    is_sound = points.is_finite() and 0 <= points <= MAX_POINTS and not isinstance(value, bool)
    return points.normalize() + 0 if is_sound else None


@dataclass(frozen=True)
class Level:
    """One level of a criterion, in the words of the author."""

    text: str
    points: Decimal


@dataclass(frozen=True)
class Criterion:
    """What is looked at; the highest level earns all of it."""

    text: str
    levels: tuple[Level, ...]

    @property
    def best(self) -> Decimal:
        """The points of the highest level."""
        return max(level.points for level in self.levels)


def earned_share(criteria: Sequence[Criterion], levels: Sequence[int]) -> Decimal:
    """Return the fraction (0–1) that the chosen levels earn, one for each criterion, counted from 0.

    Raises:
        ValueError: a level that does not exist, or one too few or too many.
    """
    if len(levels) != len(criteria) or not criteria:
        raise ValueError("one level for each criterion")
    if any(not 0 <= level < len(c.levels) for level, c in zip(levels, criteria, strict=True)):
        raise ValueError("there is no such level")
    points = sum((c.levels[level].points for level, c in zip(levels, criteria, strict=True)), Decimal(0))
    possible = sum((criterion.best for criterion in criteria), Decimal(0))
    return points / possible
