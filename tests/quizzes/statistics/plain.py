"""The same statistics by another way: lists of fractions, straight from the definitions, nothing shared."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt
from statistics import fmean, median, stdev
from typing import Any

Row = Sequence[float | Fraction]


def cov(xs: Row, ys: Row) -> Fraction | None:
    if len(xs) < 2:
        return None
    x_mean, y_mean = (sum(map(Fraction, side)) / len(side) for side in (xs, ys))
    return sum(
        ((Fraction(x) - x_mean) * (Fraction(y) - y_mean) for x, y in zip(xs, ys, strict=True)), Fraction(0)
    ) / (len(xs) - 1)


def of_question(xs: Row, totals: Row, maximum: float) -> dict[str, Any]:
    """Return facility, sd, index and efficiency as percentages."""
    rest = [Fraction(t) - Fraction(x) for x, t in zip(xs, totals, strict=True)]
    together, most = cov(xs, rest), cov(sorted(xs), sorted(rest))
    spread = cov(xs, xs), cov(rest, rest)
    is_index = together is not None and spread[0] and spread[1]
    return {
        "facility": 100 * fmean(xs) / maximum if xs and maximum else None,
        "sd": 100 * stdev(map(float, xs)) / maximum if len(xs) > 1 and maximum else None,
        "discrimination_index": 100 * float(together) / sqrt(spread[0] * spread[1]) if is_index else None,
        "discriminative_efficiency": 100 * float(together / most) if together is not None and most else None,
    }


def effective_weights(columns: Sequence[Row], totals: Row) -> list[float | None]:
    """Return what each question weighs, None where it goes against the total."""
    found = [cov(column, totals) for column in columns]
    roots = sum(sqrt(one) for one in found if one is not None and one > 0)
    return [100 * sqrt(one) / roots if one is not None and one >= 0 and roots else None for one in found]


def of_quiz(columns: Sequence[Row], totals: Row) -> dict[str, Any]:
    """Return the statistics of the totals by the published sums of powers about the mean."""
    n, p = len(totals), len(columns)
    values = [Fraction(total) for total in totals]
    middle = sum(values, Fraction(0)) / n if n else None
    m2, m3, m4 = (
        sum(((value - middle) ** power for value in values), Fraction(0)) / n if middle is not None else None
        for power in (2, 3, 4)
    )
    k2 = n * m2 / (n - 1) if n > 1 else None
    k3 = n * n * m3 / ((n - 1) * (n - 2)) if n > 2 else None
    k4 = n * n * ((n + 1) * m4 - 3 * (n - 1) * m2 * m2) / ((n - 1) * (n - 2) * (n - 3)) if n > 3 else None
    parts = sum((cov(column, column) or Fraction(0) for column in columns), Fraction(0))
    cic = float(Fraction(100 * p, p - 1) * (1 - parts / k2)) if p > 1 and n > 2 and k2 else None
    error = 100 * sqrt(1 - cic / 100) if cic is not None else None
    sd = sqrt(k2) if k2 is not None else None
    return {
        "mean": float(middle) if middle is not None else None,
        "median": float(median(values)) if values else None,
        "sd": sd,
        "skewness": float(k3) / float(k2) ** 1.5 if k3 is not None and k2 else None,
        "kurtosis": float(k4 / k2**2) if k4 is not None and k2 else None,
        "cic": cic,
        "error_ratio": error,
        "standard_error": error * sd / 100 if error is not None and sd is not None else None,
    }
