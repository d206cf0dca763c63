"""The map of a case whose parts depend on answers, for its author: a tree from the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from quizzes.types.base import Json
from quizzes.types.case_ways import ELSE, RIGHT, WRONG

_SIGNS = {
    ELSE: _l("every other answer"),
    RIGHT: _l("right"),
    WRONG: _l("not right"),
    "true": _l("true"),
    "false": _l("false"),
}


@dataclass(frozen=True)
class Branch:
    """A part on the map and the ways on from it."""

    name: str
    # What it asks or tells, HTML.
    label: str
    # "good", "partly" or "bad"; empty: it is no end.
    end: str
    # What is answered, HTML, and where it leads.
    ways: tuple[tuple[str, Branch], ...] = ()
    # It is drawn further up: here stands its name only.
    is_again: bool = False


def draw_case(content: Json) -> list[Branch]:
    """Return the trees of a case: from the start, then from parts no answer leads to; none without ways."""
    parts = {part["name"]: part for part in content.get("parts") or []}
    if not any(part.get("next") for part in parts.values()):
        return []
    drawn: set[str] = set()
    return [_branch(name, parts, drawn) for name in parts if name not in drawn]


def _branch(name: str, parts: Mapping[str, Json], drawn: set[str]) -> Branch:
    part = parts.get(name, {})
    label, end = str(part.get("stem_html") or ""), str(part.get("end") or "")
    if name in drawn or not part:
        return Branch(name, label, end, is_again=bool(part))
    drawn.add(name)
    ways = tuple(
        (_sign(sign, part), _branch(target, parts, drawn))
        for sign, target in (part.get("next") or {}).items()
    )
    return Branch(name, label, end, ways)


def _sign(sign: str, part: Json) -> str:
    options = (part.get("content") or {}).get("options") or []
    if sign.isdecimal() and 0 < int(sign) <= len(options):
        return str(options[int(sign) - 1]["html"])
    return str(_SIGNS.get(sign, sign))
