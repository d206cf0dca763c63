"""Between what a number may lie, given how many people it comes from. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import atanh, exp, log, sqrt, tanh

from quizzes.live.facility import Interval, Z

_EDGE = 1 - 1e-9


def fisher(correlation: float, people: int) -> Interval | None:
    """Return tanh(atanh r ± 1.96/√(n − 3)); None of fewer than four people.

    Source: R. A. Fisher, "On the probable error of a coefficient of correlation", Metron 1 (1921).
    """
    if people < 4:
        return None
    middle, half = atanh(max(-_EDGE, min(_EDGE, correlation))), Z / sqrt(people - 3)
    return Interval(tanh(middle - half), tanh(middle + half))


def bonett(cic: float, places: int, people: int) -> Interval | None:
    """Return the interval of Cronbach's α × 100: 1 − exp(ln(1 − α) ± 1.96·√(2k/((k − 1)(n − 2)))).

    None of fewer than three people or two questions, or where α is 1.

    Source: D. G. Bonett, "Sample size requirements for testing and estimating coefficient alpha", Journal of
    Educational and Behavioral Statistics 27 (2002).
    """
    if people < 3 or places < 2 or cic >= 100:
        return None
    middle, half = log(1 - cic / 100), Z * sqrt(2 * places / ((places - 1) * (people - 2)))
    return Interval(100 * (1 - exp(middle + half)), 100 * (1 - exp(middle - half)))


def shrink(shares: Sequence[tuple[float, int]]) -> list[float]:
    """Return each share drawn towards the mean of all, the more the fewer people it comes from.

    (n·p + m·p̄)/(n + m) with m = p̄(1 − p̄)/τ² − 1, where p̄ is the mean of the shares and τ² what they differ
    beyond chance: their variance less the mean of p(1 − p)/n, at least 10⁻⁴. It is the posterior mean under a
    beta prior that has the moments of the bank.

    Source: B. Efron and C. Morris, "Data analysis using Stein's estimator and its generalizations", JASA 70
    (1975), for shares.

    Args:
        shares: (0–1, people) of each question; of fewer than five questions they are returned as they are.
    """
    if len(shares) < 5:
        return [share for share, _people in shares]
    middle = sum(share for share, _people in shares) / len(shares)
    apart = sum((share - middle) ** 2 for share, _people in shares) / (len(shares) - 1)
    chance = sum(share * (1 - share) / people for share, people in shares) / len(shares)
    weight = max(0.0, middle * (1 - middle) / max(apart - chance, 1e-4) - 1)
    return [(people * share + weight * middle) / (people + weight) for share, people in shares]
