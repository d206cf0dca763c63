"""The parts of a case: existing questions, decisions written in place, and ends.

A part written in place is a question in small, as a gap of a text is: its reading and its marks are those of
its type. A part that only names a question is filled in by the bank (`quizzes.bank.cases`), to be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from random import Random
from typing import Any

from flask_babel import lazy_gettext as _l

from quizzes.types.base import Json, QuestionType, Raw, Resolver
from quizzes.types.calculated import Calculated
from quizzes.types.case_story import story_html
from quizzes.types.case_ways import CHOOSING, ELSE, ENDINGS, RIGHT, WRONG, read_ways, way_on
from quizzes.types.cloze import Cloze
from quizzes.types.essay import Essay
from quizzes.types.hotspot import Hotspot
from quizzes.types.matching import Matching
from quizzes.types.multiple_response import MultipleResponse
from quizzes.types.number import Number
from quizzes.types.options import resolve_options
from quizzes.types.ordering import Ordering
from quizzes.types.short_answer import ShortAnswer
from quizzes.types.single_choice import SingleChoice
from quizzes.types.true_false import TrueFalse

_TYPES: tuple[QuestionType, ...] = (
    SingleChoice(),
    MultipleResponse(),
    TrueFalse(),
    Matching(),
    Ordering(),
    Number(),
    Calculated(),
    ShortAnswer(),
    Cloze(),
    Essay(),
    Hotspot(),
)
PART_TYPES = {kind.key: kind for kind in _TYPES}
"""What a part may be; a case in a case it may not."""
DECISION = "single_choice"
"""The type a decision is answered as: no option of it is right, each leads somewhere."""
MAX_CHOICES = 6
_PART_FIELDS = frozenset({"name", "question", "next"})
_DECISION_FIELDS = frozenset({"name", "text", "choices"})
_END_FIELDS = frozenset({"name", "text", "end", "debrief"})


def read_parts(source: Json) -> list[Json]:
    """Return the parts as written; a text alone names a question."""
    parts = source.get("parts")
    listed = parts if isinstance(parts, list) else []
    return [{"question": part} if isinstance(part, str) else part for part in listed if part is not None]


def part_faults(part: Any) -> Iterator[str]:
    """Yield what is wrong with one part, not looking at where it leads."""
    if not isinstance(part, dict):
        yield str(_l("A part names a question, or has fields."))
    elif "type" in part:
        yield from _faults_of_question(part)
    else:
        allowed = _END_FIELDS if "end" in part else _DECISION_FIELDS if "choices" in part else _PART_FIELDS
        for name in sorted(set(part) - allowed):
            yield str(_l("Unknown field “%(name)s”.", name=name))
        yield from _faults_of_end(part) if "end" in part else _faults_of_decision(part)


def _faults_of_question(part: Json) -> Iterator[str]:
    kind = PART_TYPES.get(str(part["type"]))
    if kind is None:
        yield str(_l("A part cannot be of the type “%(kind)s”.", kind=part["type"]))
    else:
        yield from kind.faults(part)


def _faults_of_end(part: Json) -> Iterator[str]:
    if part["end"] not in ENDINGS:
        yield str(_l("An end is one of: %(names)s.", names=", ".join(ENDINGS)))
    if not str(part.get("text") or "").strip():
        yield str(_l("It does not say what happens."))


def _faults_of_decision(part: Json) -> Iterator[str]:
    choices = part.get("choices")
    if choices is None:
        if not str(part.get("question") or "").strip():
            yield str(_l("It names no question."))
        return
    rows = choices if isinstance(choices, list) else []
    if not 1 <= len(rows) <= MAX_CHOICES or not all(isinstance(row, dict) for row in rows):
        yield str(_l("A decision has 1 to %(count)s choices.", count=MAX_CHOICES))
    elif any(not str(row.get(name) or "").strip() for row in rows for name in ("text", "next")):
        yield str(_l("Each choice has a text, and a part it leads to."))


def resolve_part(index: int, part: Json, resolver: Resolver) -> Json:
    """Return a part as content; one that only names a question stays without a type."""
    shared = {"name": str(part.get("name") or index + 1), "question": str(part.get("question") or "")}
    if "end" in part:
        return shared | {
            "end": part["end"],
            "stem_html": story_html(str(part["text"]), resolver.html),
            "explanation_html": resolver.html(str(part.get("debrief") or "")),
        }
    if "choices" in part:
        return shared | _resolve_decision(part, resolver)
    if "type" not in part:
        return shared | {"next": read_ways(part.get("next"))}
    kind = PART_TYPES[part["type"]]
    return shared | {
        "type": kind.key,
        "stem_html": resolver.html(kind.mark(str(part.get("stem") or ""))),
        "explanation_html": resolver.html(kind.mark(str(part.get("explanation") or ""))),
        "content": kind.resolve(part, resolver),
        "next": read_ways(part.get("next")),
    }


def _resolve_decision(part: Json, resolver: Resolver) -> Json:
    choices = [
        {name: resolver.html(str(choice.get(name) or "")) for name in ("text", "why")}
        | {"next": str(choice["next"])}
        for choice in part["choices"]
    ]
    stem = story_html(str(part.get("text") or ""), resolver.html)
    return {"stem_html": stem} | decision_content(choices)


class _AsItIs:
    """Takes texts that are HTML already."""

    def html(self, text: str) -> str:
        return text

    plain = html

    def number(self, expression: Any) -> Decimal:
        return Decimal(str(expression))


def decision_content(choices: Sequence[Json]) -> Json:
    """Return what makes a part a decision; texts and reasons of the choices are HTML."""
    options = [{"text": one["text"], "why": one["why"], "fixed": True} for one in choices]
    return {
        "type": DECISION,
        "is_decision": True,
        "explanation_html": "",
        "content": resolve_options({"options": options}, _AsItIs()),
        "next": {str(number): str(one["next"]) for number, one in enumerate(choices, 1)},
    }


def type_of(part: Json) -> QuestionType | None:
    """Return the type of a part of a content; None of an end, and where only its name is known."""
    return PART_TYPES[part["type"]] if "type" in part else None


def prepare_part(part: Json, rng: Random, *, shuffle: bool) -> Json:
    """Return what a paper fixes of a part."""
    kind = type_of(part)
    return kind.prepare(part["content"], rng, shuffle=shuffle) if kind else {}


def present_part(number: int, part: Json, prepared: Json) -> Json:
    """Return what the page may show of a part while it is open."""
    kind = PART_TYPES[part["type"]]
    return {
        "number": number,
        "type": kind.key,
        "stem_html": kind.fill(part["stem_html"], part["content"], prepared),
        "present": kind.present(part["content"], prepared),
    }


def review_part(number: int, part: Json, prepared: Json, answer: Json | None) -> Json:
    """Return what the result shows of a part."""
    kind, content = PART_TYPES[part["type"]], part["content"]
    grade = kind.grade(content, answer)
    shown = present_part(number, part, prepared) | {
        "review": kind.review(content, prepared, answer),
        "explanation_html": kind.fill(part["explanation_html"], content, prepared),
        "is_decision": bool(part.get("is_decision")),
        "fraction": None if grade is None else str(grade.fraction),
    }
    if part.get("is_decision") and answer is not None:
        option = content["options"][answer["choice"]]
        shown |= {"chosen_html": option["html"], "why_html": option["why_html"]}
    return shown


def next_of(part: Json, answer: Json) -> str | None:
    """Return the name of the part that follows an answer, None where nothing does."""
    signs = []
    if part["type"] in CHOOSING:
        choice = answer["choice"]
        signs.append(str(choice).lower() if isinstance(choice, bool) else str(choice + 1))
    grade = PART_TYPES[part["type"]].grade(part["content"], answer)
    signs.append(RIGHT if grade is not None and grade.fraction == Decimal(1) else WRONG)
    return way_on(part["next"], signs)


def list_tries(part: Json, prepared: Json) -> Sequence[Raw]:
    """Return form values that between them take every way on from a part."""
    kind, content = PART_TYPES[part["type"]], part["content"]
    if kind.key == DECISION:
        return [{"choice": [str(place)]} for place in range(1, len(content["options"]) + 1)]
    return [kind.solve(content, prepared), kind.miss(content, prepared)]


def lacks_ways(part: Json) -> str:
    """Return what kind of answer has no way on, in words; empty when every one has."""
    ways = read_ways(part.get("next"))
    if "end" in part or "choices" in part or ELSE in ways or {RIGHT, WRONG} <= set(ways):
        return ""
    options = part.get("options")
    if isinstance(options, list) and {str(number) for number in range(1, len(options) + 1)} <= set(ways):
        return ""
    if part.get("type") == "true_false" and {"true", "false"} <= set(ways):
        return ""
    return str(_l("Not every answer has a way on: say what follows with “else”."))
