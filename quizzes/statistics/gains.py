"""What the same people knew before and after: percent is 0–100, a gain a share of what was missing. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from quizzes.live.facility import Interval
from quizzes.statistics.bootstrap import bootstrap

LOW, HIGH = 0.3, 0.7
"""Below the one a class gain is low, from the other on high; R. R. Hake, "Interactive-engagement versus
traditional methods", American Journal of Physics 66 (1998)."""

LEAST_IN_GROUP = 5
"""With fewer people a group's mean is that of persons."""


@dataclass(frozen=True)
class Pair:
    """One person before and after, percent 0–100."""

    enrolment_id: int
    name: str
    before: float
    after: float


@dataclass(frozen=True)
class Gain:
    """What people gained together. What is not defined is None."""

    people: int
    before: float | None
    after: float | None
    # Of the means: Hake's ⟨g⟩. It is another number than the mean of the gains.
    class_gain: float | None
    # Of each person's gain, without those who had everything before.
    mean_of_gains: float | None
    had_everything: int
    # Mean of the normalised changes, which losses do not blow up; and who has none.
    change: float | None
    without_change: int
    # Mean difference over the standard deviation of the differences.
    effect: float | None

    @property
    def size(self) -> str:
        """How large the class gain is: "loss", "low", "medium", "high", or "" where there is none."""
        if self.class_gain is None:
            return ""
        if self.class_gain < 0:
            return "loss"
        return "low" if self.class_gain < LOW else "medium" if self.class_gain < HIGH else "high"


@dataclass(frozen=True)
class Sure:
    """Between what the numbers of so many people may lie, 95 %, by drawing people anew."""

    class_gain: Interval | None
    change: Interval | None
    effect: Interval | None


def gain_of(pairs: Sequence[Pair]) -> Gain:
    """Return what people gained; each person once."""
    changes = [normalised_change(pair) for pair in pairs]
    known = [change for change in changes if change is not None]
    gains = [(pair.after - pair.before) / (100 - pair.before) for pair in pairs if pair.before < 100]
    return Gain(
        people=len(pairs),
        before=_mean([pair.before for pair in pairs]),
        after=_mean([pair.after for pair in pairs]),
        class_gain=class_gain(pairs),
        mean_of_gains=_mean(gains),
        had_everything=len(pairs) - len(gains),
        change=_mean(known),
        without_change=len(pairs) - len(known),
        effect=effect_size(pairs),
    )


def class_gain(pairs: Sequence[Pair]) -> float | None:
    """Return (mean after − mean before)/(100 − mean before); None where nothing was missing, or nobody is.

    Source: Hake, 1998.
    """
    before, after = _mean([pair.before for pair in pairs]), _mean([pair.after for pair in pairs])
    if before is None or after is None or before >= 100:
        return None
    return (after - before) / (100 - before)


def normalised_change(pair: Pair) -> float | None:
    """Return c: of what was missing how much was gained, or of what was there how much was lost; −1 to 1.

    None of who had nothing both times, or everything: nothing can be said of them.

    Source: J. D. Marx and K. Cummings, "Normalized change", American Journal of Physics 75 (2007).
    """
    before, after = pair.before, pair.after
    if before == after:
        return None if before in {0, 100} else 0.0
    return (after - before) / (100 - before) if after > before else (after - before) / before


def mean_change(pairs: Sequence[Pair]) -> float | None:
    """Return the mean of the normalised changes; None where nobody has one."""
    return _mean([change for change in map(normalised_change, pairs) if change is not None])


def effect_size(pairs: Sequence[Pair]) -> float | None:
    """Return the mean difference over the standard deviation of the differences, for paired people: d_z.

    None of fewer than two people, or where all gained the same.

    Source: J. Cohen, "Statistical power analysis for the behavioral sciences", 1988, section 2.3.5.
    """
    differences = [pair.after - pair.before for pair in pairs]
    middle = _mean(differences)
    if middle is None or len(pairs) < 2 or max(differences) == min(differences):
        return None
    return middle / sqrt(fsum((one - middle) ** 2 for one in differences) / (len(pairs) - 1))


def sure_of(pairs: Sequence[Pair]) -> Sure:
    """Return the intervals of what people gained; none with fewer than ten."""
    return Sure(bootstrap(pairs, class_gain), bootstrap(pairs, mean_change), bootstrap(pairs, effect_size))


def _mean(values: Sequence[float]) -> float | None:
    return fsum(values) / len(values) if values else None
