"""When what markers think of an answer becomes its mark. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from quizzes.grading.scoring import SMALLEST


def agree(fractions: Sequence[Decimal], *, markers: int, gap_percent: int) -> Decimal | None:
    """Return the fraction that counts, None while another marker is needed.

    Two who are at most ``gap_percent`` of the marks apart meet in the middle. Are they further apart, a third
    judges, and the middle one of the three counts: nobody's mark moves it further than to the next.

    Args:
        fractions: 0–1 each, one per marker, in the order they came.
        markers: 1 or 2.
        gap_percent: 0–100.
    """
    if len(fractions) < markers:
        return None
    if markers == 1:
        return fractions[0]
    if len(fractions) > 2:
        return median(fractions[:3])
    first, second = fractions
    if abs(first - second) * 100 > gap_percent:
        return None
    return ((first + second) / 2).quantize(SMALLEST, ROUND_HALF_UP)
