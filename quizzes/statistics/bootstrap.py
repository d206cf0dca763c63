"""How far a number would stray with other people of the same kind, drawn from those there were. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from quizzes.live.facility import Interval

Person = TypeVar("Person")

ROUNDS = 1000
SEED = 20161019
"""The same people give the same interval, on every machine and every time the page is opened."""

LEAST = 10
MOST = 500
"""With more people the percentiles are taken of so many drawn, and drawn closer by √(drawn / people)."""


def bootstrap(
    people: Sequence[Person], measure: Callable[[Sequence[Person]], float | None]
) -> Interval | None:
    """Return the percentile interval of a measure, 95 %.

    Source: B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7 (1979).

    Args:
        people: each as `measure` wants them; their order does not matter to it.
        measure: None where it is not defined for those drawn; such rounds are passed over.

    Returns:
        None with fewer than `LEAST` people, or where less than half of the rounds had a value.
    """
    if len(people) < LEAST:
        return None
    size, value = min(len(people), MOST), measure(people)
    chance = Random(SEED)  # noqa: S311 - guards nothing; the page must say the same each time
    found = sorted(
        drawn
        for drawn in (measure(chance.choices(people, k=size)) for _round in range(ROUNDS))
        if drawn is not None
    )
    if value is None or 2 * len(found) < ROUNDS:
        return None
    low, high = found[len(found) * 25 // 1000], found[min(len(found) - 1, len(found) * 975 // 1000)]
    closer = (size / len(people)) ** 0.5
    return Interval(value + (low - value) * closer, value + (high - value) * closer)
