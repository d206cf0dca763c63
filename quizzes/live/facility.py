"""How a point went: the share that was earned of it, and between what the true share may lie. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

LEAST_PEOPLE = 10
"""With fewer people an interval spans more than half of everything: too few to say anything."""

GOOD = Decimal("0.8")
"""From this share on a point needs no second lesson."""

Z = 1.96
"""So wide that the true share lies outside in one case out of twenty."""


@dataclass(frozen=True)
class Interval:
    """From … to, 0–1."""

    low: float
    high: float


@dataclass(frozen=True)
class Facility:
    """What ``people`` earned of a point on average, 0–1."""

    share: Decimal
    people: int

    @property
    def interval(self) -> Interval:
        """Between what the share may lie. People count, not answers: one person's answers are alike."""
        return wilson(float(self.share), self.people)

    @property
    def is_enough(self) -> bool:
        """Whether so many people answered that something can be said."""
        return self.people >= LEAST_PEOPLE

    @property
    def is_good(self) -> bool:
        """Whether nobody has to teach it again."""
        return self.share >= GOOD

    def is_clearly_worse_than(self, other: Facility) -> bool:
        """Return whether the two can be told apart with so few people."""
        return self.interval.high < other.interval.low


def wilson(share: float, count: int) -> Interval:
    """Return the score interval of a share of ``count`` people.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927. It
    stays within 0 and 1 and does not shrink to a point where all or nobody had it right.

    Raises:
        ValueError: nobody was asked, or the share is none.
    """
    if count < 1 or not 0 <= share <= 1:
        raise ValueError("a share from 0 to 1 of at least one person")
    spread = Z * Z / count
    middle = (share + spread / 2) / (1 + spread)
    half = sqrt(spread * share * (1 - share) + spread * spread / 4) / (1 + spread)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def mean(shares: list[Decimal]) -> Decimal:
    """Return the mean of at least one share."""
    return sum(shares, Decimal(0)) / len(shares)
