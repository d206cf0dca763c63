"""A question's own part of a file, as it is shown beside it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from quizzes.exchange.contract import ORIGINAL_LENGTH


def cut(text: str) -> str:
    """Return a part of a file, at most `ORIGINAL_LENGTH` characters of it, with … where it was cut."""
    bare = text.strip("\n")
    return bare if len(bare) <= ORIGINAL_LENGTH else bare[: ORIGINAL_LENGTH - 1] + "…"


def excerpt(lines: Sequence[str], first: int, last: int) -> str:
    """Return lines ``first`` to ``last`` of a file, both counted from 1 and both with it."""
    return cut("\n".join(lines[max(first, 1) - 1 : last]))
