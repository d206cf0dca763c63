"""Classical test statistics as Moodle 4.5 defines them, to the last digit. Pure.

n is the number of papers, x the marks of a question, T those of the paper, o = T − x. All variances and
covariances divide by n − 1. What is not defined is None, never 0: of one paper, or where nothing varies.

Source: docs.moodle.org/dev/Quiz_statistics_calculations. Percentages are 0–100.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import fsum, sqrt

from quizzes.statistics.moments import (
    Counts,
    Pairs,
    covariance,
    greatest_covariance,
    kurtosis,
    margins,
    mean,
    median,
    root,
    skewness,
    values_in,
    variance,
)

DUBIOUS_EFFICIENCY = 15
"""Below it Moodle marks a question as dubious."""


@dataclass(frozen=True)
class ItemMarks:
    """What papers earned at one place: marks of it and of the whole paper, in the same whole unit."""

    name: str
    maximum: int
    # (x, T) → how many papers.
    pairs: Pairs
    # What blind guessing earns, as a share of the maximum; None where nobody can say.
    guess: Fraction | None = None
    # False: T holds the marks of other questions at this place, too, so it stays whole (o = T): a question
    # drawn at random.
    is_in_total: bool = True

    def beside_rest(self) -> dict[tuple[int, int], int]:
        """Return the marks beside those of the rest of the paper."""
        found: dict[tuple[int, int], int] = {}
        for (marks, total), times in self.pairs.items():
            pair = (marks, total - marks if self.is_in_total else total)
            found[pair] = found.get(pair, 0) + times
        return found


@dataclass(frozen=True)
class ItemStatistics:
    """One question; percentages are 0–100, of its own maximum where they are marks."""

    name: str
    papers: int
    facility: float | None
    sd: float | None
    guess: float | None
    intended_weight: float | None
    # None, too, where the question goes against the total: `has_negative_covariance`.
    effective_weight: float | None
    has_negative_covariance: bool
    discrimination_index: float | None
    discriminative_efficiency: float | None


@dataclass(frozen=True)
class QuizStatistics:
    """A whole quiz. Mean, median, sd and standard error are in marks; CIC and error ratio 0–100."""

    attempts: int
    # Marks of a paper on which all is right.
    maximum: float
    mean: float | None
    median: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    cic: float | None
    error_ratio: float | None
    standard_error: float | None

    def percent(self, marks: float | None) -> float | None:
        """Return marks as a share of all that can be earned, 0–100; None where nothing can."""
        return None if marks is None or not self.maximum else 100 * marks / self.maximum


def analyse_items(items: Sequence[ItemMarks]) -> list[ItemStatistics]:
    """Return the statistics of the questions of one quiz, with their weights among each other."""
    maximum = sum(item.maximum for item in items)
    with_total = [covariance(item.pairs) for item in items]
    roots = fsum(sqrt(found) for found in with_total if found is not None and found > 0)
    return [
        _analyse(item, _percent(item.maximum, maximum), found, roots)
        for item, found in zip(items, with_total, strict=True)
    ]


def analyse_item(item: ItemMarks) -> ItemStatistics:
    """Return the statistics of a question by itself: it has no weight."""
    return _analyse(item, None, covariance(item.pairs), 0)


def _analyse(
    item: ItemMarks, intended: float | None, with_total: Fraction | None, roots: float
) -> ItemStatistics:
    marks, _totals = margins(item.pairs)
    return ItemStatistics(
        name=item.name,
        papers=values_in(item.pairs),
        facility=_percent(mean(marks), item.maximum),
        sd=_percent(root(variance(marks)), item.maximum),
        guess=None if item.guess is None else float(100 * item.guess),
        intended_weight=intended,
        effective_weight=_effective_weight(with_total, roots),
        has_negative_covariance=with_total is not None and with_total < 0,
        discrimination_index=discrimination_index(item.beside_rest()),
        discriminative_efficiency=discriminative_efficiency(item.beside_rest()),
    )


def _effective_weight(with_total: Fraction | None, roots: float) -> float | None:
    if with_total is None or with_total < 0 or not roots:
        return None
    return 100 * sqrt(with_total) / roots


def discrimination_index(beside_rest: Pairs) -> float | None:
    """Return 100·cov(x, o)/√(var x · var o): the correlation of a question with the rest, −100 to 100.

    None where one side does not vary.
    """
    together = covariance(beside_rest)
    marks, rest = (variance(side) for side in margins(beside_rest))
    if together is None or not marks or not rest:
        return None
    return 100 * float(together) / sqrt(marks * rest)


def discriminative_efficiency(beside_rest: Pairs) -> float | None:
    """Return 100·cov(x, o)/covmax: how much of what these marks could tell they do tell; None if nothing."""
    together, greatest = covariance(beside_rest), greatest_covariance(beside_rest)
    return 100 * float(together / greatest) if together is not None and greatest else None


def analyse_quiz(totals: Counts, items: Sequence[ItemMarks], *, unit: int = 1) -> QuizStatistics:
    """Return the statistics of the totals of papers.

    Args:
        totals: of each paper, counted.
        items: every place of the paper.
        unit: so many of the whole unit make one mark.
    """
    of_total = variance(totals)
    cic = internal_consistency(of_total, [variance(margins(item.pairs)[0]) for item in items], totals)
    error_ratio = None if cic is None else 100 * sqrt(max(0.0, 1 - cic / 100))
    sd = root(of_total)
    return QuizStatistics(
        attempts=values_in(totals),
        maximum=sum(item.maximum for item in items) / unit,
        mean=_in_marks(mean(totals), unit),
        median=_in_marks(median(totals), unit),
        sd=_in_marks(sd, unit),
        skewness=skewness(totals),
        kurtosis=kurtosis(totals),
        cic=cic,
        error_ratio=error_ratio,
        standard_error=None if error_ratio is None or sd is None else error_ratio * sd / unit / 100,
    )


def internal_consistency(
    of_total: Fraction | None, of_items: Sequence[Fraction | None], totals: Counts
) -> float | None:
    """Return Cronbach's α × 100: 100·p/(p − 1)·(1 − Σ var x / var T), of p questions.

    None of one question, of fewer than three papers, or where all papers earned the same. Of questions that
    are right or wrong it is Kuder and Richardson's formula 20. It may be negative.

    Source: L. J. Cronbach, "Coefficient alpha and the internal structure of tests", Psychometrika 16 (1951).
    """
    places = len(of_items)
    if places < 2 or values_in(totals) < 3 or not of_total:
        return None
    share = sum((found for found in of_items if found is not None), Fraction(0)) / of_total
    return float(100 * Fraction(places, places - 1) * (1 - share))


def _percent(value: Fraction | float | None, maximum: int) -> float | None:
    return None if value is None or not maximum else float(100 * value / maximum)


def _in_marks(value: Fraction | float | None, unit: int) -> float | None:
    return None if value is None else float(value / unit)
