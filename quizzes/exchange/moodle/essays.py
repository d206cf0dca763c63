"""Essays of Moodle as ours, which are marked after a rubric that Moodle has not. Pure.

The notes for markers are read as a rubric where they are lines as we write them:
"Alasan: 0 = tidak ada; 2 = dua alasan".
"""

from __future__ import annotations

import re

from quizzes.exchange.markup import from_plain, to_plain
from quizzes.exchange.moodle.numbers import plain_number, write_plain_number
from quizzes.exchange.moodle.text import Notes
from quizzes.exchange.rubrics import GUESS, plain_rubric
from quizzes.types.base import Json
from quizzes.types.essay import Essay
from quizzes.types.rubric import read_points

_CRITERION = re.compile(r"(?P<text>.*\S): (?P<levels>[0-9.]{1,8} = .+)")
_LEVEL = re.compile(r"(?P<points>[0-9.]{1,8}) = (?P<text>\S.*)")


def essay_source(graders: str, notes: Notes) -> Json:
    """Return the rubric of an essay: as the notes for markers say it, else one made up.

    Args:
        graders: notes for markers, Markdown; empty: none.
        notes: where it is said that the rubric was made up.
    """
    rubric = [_criterion(line) for line in to_plain(graders).split("\n") if line.strip()]
    read = [criterion for criterion in rubric if criterion]
    if read and len(read) == len(rubric) and not Essay().faults({"rubric": read}):
        return {"rubric": read}
    notes.guess(GUESS)
    (made,) = plain_rubric()
    words = from_plain(" ".join(to_plain(graders).split()))
    return {"rubric": [made | ({"text": words} if words else {})]}


def write_rubric(source: Json) -> list[str]:
    """Return a rubric as lines, one a criterion; `essay_source` reads them."""
    return [
        f"{_words(criterion['text'])}: "
        + "; ".join(
            f"{write_plain_number(level['points'])} = {_words(level['text'])}"
            for level in criterion["levels"]
        )
        for criterion in source.get("rubric") or []
    ]


def _words(markdown: object) -> str:
    return " ".join(to_plain(str(markdown)).split())


def _criterion(line: str) -> Json | None:
    match = _CRITERION.fullmatch(" ".join(line.split()).removeprefix("– "))
    levels = [_LEVEL.fullmatch(level.strip()) for level in match["levels"].split("; ")] if match else []
    if match is None or not all(levels):
        return None
    points = [read_points(level["points"]) for level in levels if level]
    if None in points:
        return None
    return {
        "text": from_plain(match["text"]),
        "levels": [
            {"text": from_plain(level["text"]), "points": plain_number(worth)}
            for level, worth in zip(levels, points, strict=True)
            if level and worth is not None
        ],
    }
