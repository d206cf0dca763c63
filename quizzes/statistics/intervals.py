"""Between what a number may lie, given how many people it comes from. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, exp, fsum, log, sqrt, tanh

from quizzes.live.facility import Interval, Z

_EDGE = 1 - 1e-9
LEAST_FOR_PRIOR = 10
"""Questions that tell how much questions differ."""


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


@dataclass(frozen=True)
class Prior:
    """What is known of a question before anybody answered it: how the questions of the bank did."""

    # Mean facility of the bank's questions, 0–1.
    mean: float
    # As much as so many answers: the more alike the bank's questions are, the more.
    weight: float
    # Questions it comes from.
    questions: int

    def shrink(self, share: float, people: int) -> float:
        """Return a share (0–1) of so many people drawn towards the bank: (n·p + m·p̄)/(n + m).

        The posterior mean under a beta prior with the mean and the variance of the bank's questions.
        """
        return (people * share + self.weight * self.mean) / (people + self.weight)


def find_prior(shares: Sequence[tuple[float, int]]) -> Prior | None:
    """Return the prior that questions of the bank make; None of fewer than `LEAST_FOR_PRIOR`.

    m = p̄(1 − p̄)/τ² − 1, where p̄ is the mean of the shares and τ² what they differ beyond chance: their
    variance (n − 1) less the mean of p(1 − p)/n, at least 10⁻⁴.

    Source: B. Efron and C. Morris, "Data analysis using Stein's estimator and its generalizations", JASA 70
    (1975), for shares.

    Args:
        shares: (0–1, people) of each question that enough people answered.
    """
    if len(shares) < LEAST_FOR_PRIOR:
        return None
    middle = fsum(share for share, _people in shares) / len(shares)
    apart = fsum((share - middle) ** 2 for share, _people in shares) / (len(shares) - 1)
    chance = fsum(share * (1 - share) / people for share, people in shares) / len(shares)
    weight = max(0.0, middle * (1 - middle) / max(apart - chance, 1e-4) - 1)
    return Prior(middle, weight, len(shares))
