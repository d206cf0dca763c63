"""Arithmetic of results: fractions become marks, marks become percent, percent becomes passed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

SMALLEST = Decimal("1e-7")
"""Marks and percent are kept to seven digits, as the database does."""


@dataclass(frozen=True)
class Earned:
    """One question: its fraction (0–1; None waits for a person), its marks (> 0), and extra ones."""

    fraction: Decimal | None
    marks: Decimal
    bonus: Decimal = Decimal(0)


@dataclass(frozen=True)
class Score:
    """One sitting. `percent` is 0–100; it and `has_passed` are None while a person must still judge."""

    marks_earned: Decimal | None
    percent: Decimal | None
    has_passed: bool | None
    marks_possible: Decimal


def earn(fraction: Decimal, marks: Decimal) -> Decimal:
    """Return the marks a fraction earns, rounded half up to seven digits.

    Raises:
        ValueError: the fraction is not between 0 and 1.
    """
    if not 0 <= fraction <= 1:
        raise ValueError(f"fraction {fraction} is not between 0 and 1")
    return (fraction * marks).quantize(SMALLEST, ROUND_HALF_UP)


def score(earned: Sequence[Earned], *, pass_percent: int | None) -> Score:
    """Return the result of a paper.

    Extra marks lift nobody above what the paper is worth.

    Args:
        earned: every question of the paper that counts, answered or not.
        pass_percent: 0–100; None where there is nothing to pass: then `has_passed` is None.

    Raises:
        ValueError: an empty paper, or one worth nothing, has no score.
    """
    possible = sum((item.marks for item in earned), Decimal(0))
    if possible <= 0:
        raise ValueError("a paper worth nothing has no score")
    fractions = [item.fraction for item in earned]
    if None in fractions:
        return Score(None, None, None, possible)
    total = sum((earn(item.fraction, item.marks) for item in earned if item.fraction is not None), Decimal(0))
    total = min(possible, total + sum((item.bonus for item in earned), Decimal(0)))
    # Compared before rounding: 59.99999996 % shows as 60 % but does not pass at 60.
    has_passed = None if pass_percent is None else total * 100 >= pass_percent * possible
    return Score(total, (total * 100 / possible).quantize(SMALLEST, ROUND_HALF_UP), has_passed, possible)


def counting(percents: Sequence[Decimal | None], *, counts: str) -> Decimal | None:
    """Return the percent that counts out of all sittings in their order.

    Args:
        percents: 0–100 each; None for a sitting that waits for a person.
        counts: "best", "last", "first" or "average"; the average is of those that are marked.
    """
    known = [percent for percent in percents if percent is not None]
    if counts in {"first", "last"}:
        return percents[0 if counts == "first" else -1] if percents else None
    if counts == "average" and known:
        return (sum(known, Decimal(0)) / len(known)).quantize(SMALLEST, ROUND_HALF_UP)
    return max(known, default=None)


def is_done(sittings: Sequence[Score], *, counts: str, pass_percent: int | None) -> bool:
    """Return whether a quiz is done by the sittings handed in, in their order.

    What waits for a person is neither passed nor done; without a pass mark one marked sitting is enough.
    """
    if pass_percent is None:
        return any(sitting.percent is not None for sitting in sittings)
    if counts == "average":
        average = counting([sitting.percent for sitting in sittings], counts=counts)
        return average is not None and average >= pass_percent
    if counts in {"first", "last"}:
        return bool(sittings) and bool(sittings[0 if counts == "first" else -1].has_passed)
    return any(sitting.has_passed for sitting in sittings)
