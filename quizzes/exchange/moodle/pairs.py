"""Moodle's matching questions as ours. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from lms.core.text import fold
from quizzes.exchange.moodle.text import Notes
from quizzes.types.base import Json


@dataclass(frozen=True)
class Pair:
    """A line and what belongs to it, both Markdown; without a line the answer belongs to nothing."""

    text: str
    match: str


def pairs_source(pairs: Sequence[Pair], notes: Notes) -> Json:
    """Return the pairs and the answers that belong to nothing, each once."""
    matched = [{"text": pair.text, "match": pair.match} for pair in pairs if pair.text.strip()]
    taken = {fold(pair["match"]) for pair in matched}
    lone = []
    for pair in pairs:
        if pair.text.strip() or not pair.match.strip():
            continue
        if fold(pair.match) in taken:
            notes.guess(
                _l("“%(text)s” stands among the answers twice: it is offered once.", text=pair.match[:60])
            )
            continue
        taken.add(fold(pair.match))
        lone.append({"text": pair.match})
    return {"pairs": matched} | ({"distractors": lone} if lone else {})
