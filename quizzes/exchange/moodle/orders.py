"""Moodle's ordering questions as ours: how a partly right order counts there and here. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from quizzes.exchange.moodle.text import Notes
from quizzes.types.base import Json

_ALIKE = {
    "ALL_OR_NOTHING": "all_or_nothing",
    "-1": "all_or_nothing",
    "ABSOLUTE_POSITION": "absolute_position",
    "ABSOLUTE": "absolute_position",
    "ABS": "absolute_position",
    "0": "absolute_position",
    "": "absolute_position",
    "RELATIVE_NEXT_EXCLUDE_LAST": "neighbours",
    "REL": "neighbours",
    "RELATIVE": "neighbours",
    "1": "neighbours",
}
"""Rules that earn the same, by their name or number in Moodle; nothing said is its first one."""
_NEAREST = {"RELATIVE_NEXT_INCLUDE_LAST": "neighbours", "2": "neighbours"}
GRADINGS = {
    "all_or_nothing": "ALL_OR_NOTHING",
    "absolute_position": "ABSOLUTE_POSITION",
    "neighbours": "RELATIVE_NEXT_EXCLUDE_LAST",
}
"""What our rules are called there."""


def order_source(items: Sequence[tuple[str, str]], grading: str, select: str, notes: Notes) -> Json:
    """Return lines and rule.

    Args:
        items: lines in the right order with what is said to each.
        grading: name or number of the rule.
        select: "ALL", or how some of the lines are taken.
        notes: where it is said that another rule was taken.
    """
    scoring = _ALIKE.get(grading.upper())
    if scoring is None:
        scoring = _NEAREST.get(grading.upper(), "absolute_position")
        notes.lose(
            _l("How a partly right order counts in Moodle (%(rule)s) is not known here.", rule=grading[:40])
        )
    if select.upper() not in {"ALL", "EXACT", "0"}:
        notes.lose(_l("Moodle shows some of the lines only; here all of them are to be ordered."))
    lines = [{"text": text} | ({"why": why} if why else {}) for text, why in items]
    return {"items": lines, "scoring": scoring}
