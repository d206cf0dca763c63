"""Which answer drew how many people. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from lms.core.numbers import show
from quizzes.live.passages import plain
from quizzes.types import get_type
from quizzes.types.base import Json


@dataclass(frozen=True)
class Drawn:
    """One answer of a question, and how many people chose it."""

    text: str
    people: int
    is_right: bool


def count_drawn(type_key: str, content: Json, answers: Sequence[Json | None]) -> list[Drawn]:
    """Return what was chosen: the right answers, then the wrong ones by how many they drew.

    Of a number, the wrong values that several people gave. Of questions nobody can count so: nothing.
    """
    given = [answer for answer in answers if answer is not None]
    found: list[Drawn] = []
    if type_key in {"single_choice", "multiple_response"}:
        found = _options(content, given)
    elif type_key == "true_false":
        found = _sides(content, given)
    elif type_key == "number":
        found = _values(content, given)
    return sorted(found, key=lambda drawn: (not drawn.is_right, -drawn.people))


def _options(content: Json, given: Sequence[Json]) -> list[Drawn]:
    counts = Counter(index for answer in given for index in answer.get("choices", [answer.get("choice")]))
    return [
        Drawn(plain(option["html"]), counts[index], option["correct"])
        for index, option in enumerate(content["options"])
    ]


def _sides(content: Json, given: Sequence[Json]) -> list[Drawn]:
    counts = Counter(bool(answer["choice"]) for answer in given)
    words = ((True, _("True")), (False, _("False")))
    return [Drawn(word, counts[side], content["answer"] is side) for side, word in words]


def _values(content: Json, given: Sequence[Json]) -> list[Drawn]:
    """Return wrong numbers that several people gave: a mistake with a reason, not a slip."""
    kind = get_type("number")
    counts: Counter[str] = Counter()
    for answer in given:
        grade = kind.grade(content, answer)
        if grade is not None and grade.fraction < 1:
            counts[f"{show(Decimal(answer['value']))} {answer.get('unit', content.get('unit', ''))}"] += 1
    return [Drawn(value.strip(), people, False) for value, people in counts.items() if people > 1]
