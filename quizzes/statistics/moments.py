"""Moments of counted whole numbers, exact: what does not vary has a variance of nothing, not of 1e-17. Pure.

Marks come as whole numbers of some unit and are counted, as many answers earn the same: 100,000 papers of
twenty questions are a few hundred different numbers. Sums of whole numbers have no rounding; one division
at the end does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

Counts = Mapping[int, int]
"""Value → how often it was seen (> 0)."""

Pairs = Mapping[tuple[int, int], int]
"""(x, y) → how often the two were seen together (> 0)."""


@dataclass(frozen=True)
class Central:
    """How many values there are, their mean, and their mean second, third and fourth power about it."""

    count: int
    mean: Fraction
    second: Fraction
    third: Fraction
    fourth: Fraction


def central(values: Counts) -> Central:
    """Return the central moments, each divided by the number of values.

    Raises:
        ValueError: there is no value.
    """
    count = values_in(values)
    if count == 0:
        raise ValueError("nothing was seen")
    first, second, third, fourth = (
        Fraction(sum(value**power * times for value, times in values.items()), count)
        for power in (1, 2, 3, 4)
    )
    return Central(
        count,
        first,
        second - first**2,
        third - 3 * first * second + 2 * first**3,
        fourth - 4 * first * third + 6 * first**2 * second - 3 * first**4,
    )


def values_in(values: Counts | Pairs) -> int:
    """Return how many values were counted."""
    return sum(values.values())


def mean(values: Counts) -> Fraction | None:
    """Return the arithmetic mean; None of nothing."""
    count = values_in(values)
    return Fraction(sum(value * times for value, times in values.items()), count) if count else None


def median(values: Counts) -> Fraction | None:
    """Return the middle value, of an even number the mean of the two in the middle; None of nothing."""
    count = values_in(values)
    if count == 0:
        return None
    return Fraction(_at(values, (count - 1) // 2) + _at(values, count // 2), 2)


def _at(values: Counts, place: int) -> int:
    """Return the value at a place, 0 for the smallest."""
    for value in sorted(values):
        place -= values[value]
        if place < 0:
            return value
    raise IndexError(place)


def variance(values: Counts) -> Fraction | None:
    """Return the variance, divided by n − 1; None of fewer than two values."""
    return covariance({(value, value): times for value, times in values.items()})


def covariance(pairs: Pairs) -> Fraction | None:
    """Return the covariance, divided by n − 1; None of fewer than two pairs."""
    count = values_in(pairs)
    if count < 2:
        return None
    of_x = sum(x * times for (x, _y), times in pairs.items())
    of_y = sum(y * times for (_x, y), times in pairs.items())
    of_both = sum(x * y * times for (x, y), times in pairs.items())
    return Fraction(count * of_both - of_x * of_y, count * (count - 1))


def greatest_covariance(pairs: Pairs) -> Fraction | None:
    """Return what the covariance would be if both sides rose together: each sorted, then paired anew."""
    first, second = margins(pairs)
    return covariance(_sorted_together(first, second))


def _sorted_together(first: Counts, second: Counts) -> dict[tuple[int, int], int]:
    """Return the pairs of two lists of the same length, both sorted."""
    found: dict[tuple[int, int], int] = {}
    left, right = sorted(first.items()), sorted(second.items())
    while left and right:
        (x, of_x), (y, of_y) = left[0], right[0]
        times = min(of_x, of_y)
        found[x, y] = times
        left[:1] = [(x, of_x - times)] if of_x > times else []
        right[:1] = [(y, of_y - times)] if of_y > times else []
    return found


def margins(pairs: Pairs) -> tuple[dict[int, int], dict[int, int]]:
    """Return the counts of either side."""
    first: dict[int, int] = {}
    second: dict[int, int] = {}
    for (x, y), times in pairs.items():
        first[x] = first.get(x, 0) + times
        second[y] = second.get(y, 0) + times
    return first, second


def skewness(values: Counts) -> float | None:
    """Return k3 / k2^1.5 with Fisher's unbiased k; None of fewer than three values, or if all are alike.

    Source: docs.moodle.org/dev/Quiz_statistics_calculations: k2 = n·m2/(n − 1), k3 = n²·m3/((n − 1)(n − 2)).
    """
    count = values_in(values)
    if count < 3:
        return None
    found = central(values)
    if found.second == 0:
        return None
    second = found.second * count / (count - 1)
    third = found.third * count**2 / ((count - 1) * (count - 2))
    return float(third) / (float(second) * sqrt(second))


def kurtosis(values: Counts) -> float | None:
    """Return k4 / k2², which is 0 of a normal distribution; None of fewer than four, or if all are alike.

    Source: as of `skewness`: k4 = n²·((n + 1)·m4 − 3(n − 1)·m2²)/((n − 1)(n − 2)(n − 3)).
    """
    count = values_in(values)
    if count < 4:
        return None
    found = central(values)
    if found.second == 0:
        return None
    second = found.second * count / (count - 1)
    fourth = (count + 1) * found.fourth - 3 * (count - 1) * found.second**2
    fourth = fourth * count**2 / ((count - 1) * (count - 2) * (count - 3))
    return float(fourth / second**2)


def root(value: Fraction | None) -> float | None:
    """Return the square root; None of None."""
    return None if value is None else sqrt(value)
