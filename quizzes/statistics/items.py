"""Facility and discrimination of a question, each with the interval so few people allow. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import atanh, fsum, sqrt, tanh

from quizzes.live.facility import LEAST_PEOPLE, Interval, Z, mean, wilson

LEAST_FOR_DISCRIMINATION = 30
"""With fewer people the interval of a correlation of 0.3 holds 0 and 0.6 alike: it tells nothing."""

HARDER_THAN_GUESSING = Decimal("0.25")
TOO_EASY = Decimal("0.95")
TELLING = 0.2
"""A correlation from which on a question is usually kept: Ebel & Frisbie, "Essentials of Educational
Measurement", 1991, chapter 13."""

_EDGE = 1 - 1e-9


@dataclass(frozen=True)
class Answer:
    """What one person earned of the question, and of all else on the same paper; each 0–1."""

    share: Decimal
    # None: there is nothing else on the paper.
    rest: Decimal | None


@dataclass(frozen=True)
class Facility:
    """The mean share earned, 0–1, and between what it may lie."""

    share: Decimal
    interval: Interval


@dataclass(frozen=True)
class Discrimination:
    """The correlation of the question with the rest of the paper, −1 to 1, and between what it may lie."""

    value: float
    interval: Interval


@dataclass(frozen=True)
class ItemAnalysis:
    """How a question did among ``people``; what so few people cannot tell is None."""

    people: int
    facility: Facility | None
    discrimination: Discrimination | None

    @property
    def finding(self) -> str:
        """What to do about it, as a word: "few", "key", "hard", "easy", "weak", "fine" or "open"."""
        if self.facility is None:
            return "few"
        found = self.discrimination
        if found is not None and found.interval.high < 0:
            return "key"
        if self.facility.interval.high < HARDER_THAN_GUESSING:
            return "hard"
        if self.facility.interval.low > TOO_EASY:
            return "easy"
        if found is not None and found.interval.high < TELLING:
            return "weak"
        return "fine" if found is not None and found.interval.low > 0 else "open"


def analyse(answers: Sequence[Answer]) -> ItemAnalysis:
    """Return how a question did; each person answers once."""
    return ItemAnalysis(len(answers), find_facility(answers), find_discrimination(answers))


def find_facility(answers: Sequence[Answer]) -> Facility | None:
    """Return the mean share with Wilson's interval; None with fewer than `LEAST_PEOPLE` people.

    Where a part of the marks can be earned the interval is too wide rather than too narrow: no share
    between 0 and 1 varies more than one that is right or wrong.

    Source: E. B. Wilson, 1927, see `quizzes.live.facility.wilson`.
    """
    if len(answers) < LEAST_PEOPLE:
        return None
    share = mean([answer.share for answer in answers])
    return Facility(share, wilson(float(share), len(answers)))


def find_discrimination(answers: Sequence[Answer]) -> Discrimination | None:
    """Return the corrected item-rest correlation with Fisher's interval.

    r = cov(x, T − x) / (s(x) · s(T − x)): the question is left out of the total it is compared with, as it
    would correlate with itself. The interval is tanh(atanh r ± 1.96 / √(n − 3)).

    Source: S. Henrysson, "Correction of item-total correlations in item analysis", Psychometrika 28 (1963);
    R. A. Fisher, "On the probable error of a coefficient of correlation", Metron 1 (1921).

    Returns:
        None with fewer than `LEAST_FOR_DISCRIMINATION` people, or where all earned the same of either.
    """
    pairs = [(float(one.share), float(one.rest)) for one in answers if one.rest is not None]
    if len(pairs) < LEAST_FOR_DISCRIMINATION:
        return None
    value = correlate(pairs)
    if value is None:
        return None
    middle, half = atanh(max(-_EDGE, min(_EDGE, value))), Z / sqrt(len(pairs) - 3)
    return Discrimination(value, Interval(tanh(middle - half), tanh(middle + half)))


def correlate(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return Pearson's correlation; None where one side does not vary.

    Source: K. Pearson, "Notes on regression and inheritance in the case of two parents", 1895.
    """
    count = len(pairs)
    mean_x, mean_y = (fsum(side) / count for side in zip(*pairs, strict=True))
    apart = [(x - mean_x, y - mean_y) for x, y in pairs]
    spread_x, spread_y = fsum(x * x for x, _y in apart), fsum(y * y for _x, y in apart)
    if min(spread_x, spread_y) < 1e-12:
        return None
    return max(-1.0, min(1.0, fsum(x * y for x, y in apart) / sqrt(spread_x * spread_y)))
