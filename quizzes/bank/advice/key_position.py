"""Where the keys of a whole quiz stand: a pattern can be used without knowing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

FEW = 6
"""Keys below which a pattern says nothing."""
MAX_SHARE = 0.55
"""Share of the keys that may stand at one place."""
LONGEST_PERIOD = 5
"""Keys after which a round may begin again."""
ALL_USED = 12
"""Keys from which on every place is used by chance."""


def has_pattern(keys: Sequence[int], *, places: int = 4) -> bool:
    """Return whether the places of the keys, from 1, show a pattern.

    Args:
        keys: the place of each key, in the order of the quiz.
        places: how many answers its questions have.
    """
    if len(keys) < FEW:
        return False
    most = Counter(keys).most_common(1)[0][1]
    is_round = any(_repeats(keys, period) for period in range(1, LONGEST_PERIOD + 1))
    is_climbing = len(set(keys)) > 1 and list(keys) in (sorted(keys), sorted(keys, reverse=True))
    is_round |= is_climbing
    return most > MAX_SHARE * len(keys) or is_round or (len(keys) >= ALL_USED and len(set(keys)) < places)


def _repeats(keys: Sequence[int], period: int) -> bool:
    return len(keys) >= 2 * period and all(a == b for a, b in zip(keys, keys[period:], strict=False))
