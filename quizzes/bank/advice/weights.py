"""How much a word tells: the more the rarer it is among the questions looked at."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable


def weigher(texts: Iterable[frozenset[str]]) -> Callable[[str], float]:
    """Return what weighs a word of these texts."""
    texts = list(texts)
    counts = Counter(word for text in texts for word in text)
    weights = {word: math.log(1 + len(texts) / count) for word, count in counts.items()}
    return lambda word: weights.get(word, 0.0)
