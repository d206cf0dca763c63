"""What was answered most where answers are typed, matched, put in order or marked on a picture. Pure.

Essays are left out: they are a person's own words. Of texts people type only those are shown that several of
them typed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from lms.core.numbers import show
from lms.core.text import fold
from quizzes.live.passages import plain
from quizzes.statistics.distractors import thirds
from quizzes.types import get_type
from quizzes.types.base import Json

LEAST_ALIKE = 3
"""So many people typed a text before it is shown to others: one person's words might tell who that is."""
MOST_SHOWN = 6
"""Answers of each part; the others are counted together."""


@dataclass(frozen=True)
class Given:
    """One answer, and how many of all and of each group gave it."""

    text: str
    is_right: bool
    people: int
    upper: int
    lower: int


@dataclass(frozen=True)
class PartAnswers:
    """What was answered to one line, gap or variant; ``label`` names it, empty where there is only one."""

    label: str
    given: Sequence[Given]
    # People whose answer is not listed, and people without one.
    others: int
    unanswered: int


@dataclass(frozen=True)
class Answers:
    """What was answered to one question; ``upper`` and ``lower`` say how many the groups have, 0: none."""

    parts: Sequence[PartAnswers]
    upper: int
    lower: int


@dataclass(frozen=True)
class _Said:
    """An answer to a part; ``text`` is as it is shown, and alike answers have the same ``key``."""

    part: int
    key: str
    text: str
    is_right: bool
    is_typed: bool = False


@dataclass(frozen=True)
class Paper:
    """An answer as it was kept, None: none; and what the rest of the paper earned, as `thirds` takes it."""

    answer: Json | None
    rest: int


def count_answers(type_key: str, content: Json, papers: Sequence[Paper]) -> Answers | None:
    """Return what was answered most, by the upper and the lower third, too; None of other types.

    Groups are those of `quizzes.statistics.distractors.count_choices`.
    """
    if type_key not in _TYPES:
        return None
    kind = _TYPES[type_key]
    rests: Counter[tuple[None, int]] = Counter((None, paper.rest) for paper in papers)
    low, high = thirds(rests)
    upper = [high is not None and paper.rest >= high for paper in papers]
    lower = [low is not None and paper.rest <= low for paper in papers]
    said = [list(kind.read(content, paper.answer)) if paper.answer else [] for paper in papers]
    parts = []
    for part, label in enumerate(kind.labels(content)):
        mine = [next((one for one in row if one.part == part), None) for row in said]
        unanswered = sum(one is None for one in mine) if kind.is_all_asked else 0
        parts.append(_part(label, mine, upper, lower, unanswered))
    return Answers([part for part in parts if part.given or part.others], sum(upper), sum(lower))


def _part(
    label: str,
    said: Sequence[_Said | None],
    upper: Sequence[bool],
    lower: Sequence[bool],
    unanswered: int,
) -> PartAnswers:
    people = Counter(one.key for one in said if one)
    first = {one.key: one for one in reversed(said) if one}
    told = [key for key, count in people.most_common() if not first[key].is_typed or count >= LEAST_ALIKE]
    told = sorted(told, key=lambda key: (-people[key], first[key].text))[:MOST_SHOWN]
    given = [
        Given(
            first[key].text,
            first[key].is_right,
            people[key],
            sum(is_upper for one, is_upper in zip(said, upper, strict=True) if one and one.key == key),
            sum(is_lower for one, is_lower in zip(said, lower, strict=True) if one and one.key == key),
        )
        for key in told
    ]
    others = sum(people.values()) - sum(people[key] for key in told)
    return PartAnswers(label, given, others, unanswered)


@dataclass(frozen=True)
class _Kind:
    """How answers of a type are read: names of the parts, and what was said to each."""

    labels: Callable[[Json], list[str]]
    read: Callable[[Json, Json], Iterator[_Said]]
    # False: a paper asks one of the parts only, and without an answer nobody knows which.
    is_all_asked: bool = True


def _pairs(content: Json, answer: Json) -> Iterator[_Said]:
    for part, (pair, chosen) in enumerate(zip(content["pairs"], answer["pairs"], strict=True)):
        if chosen is not None:
            text = plain(content["choices"][chosen]["html"])
            yield _Said(part, str(chosen), text, pair["choice"] == chosen)


def _places(content: Json, answer: Json) -> Iterator[_Said]:  # noqa: ARG001  (all readers take both)
    for part, place in enumerate(answer["places"]):
        if place is not None:
            yield _Said(part, str(place), str(_("Place %(number)s", number=place)), place == part + 1)


def _gaps(content: Json, answer: Json) -> Iterator[_Said]:
    for part, (gap, given) in enumerate(zip(content["gaps"], answer["gaps"], strict=True)):
        if given is not None:
            yield _one(part, _GAP_TYPES[gap["kind"]], gap["content"], given)


def _whole(type_key: str) -> Callable[[Json, Json], Iterator[_Said]]:
    def read(content: Json, answer: Json) -> Iterator[_Said]:
        yield _one(0, type_key, content, answer)

    return read


def _variant(content: Json, answer: Json) -> Iterator[_Said]:
    numbers = [variant["number"] for variant in content["variants"]]
    if answer["variant"] in numbers:
        yield _one(numbers.index(answer["variant"]), "calculated", content, answer)


def _one(part: int, type_key: str, content: Json, answer: Json) -> _Said:
    grade = get_type(type_key).grade(content, answer)
    is_right = grade is not None and grade.fraction == 1
    if "text" in answer:
        return _Said(part, fold(answer["text"]), answer["text"], is_right, is_typed=True)
    if "choice" in answer:
        text = plain(content["options"][answer["choice"]]["html"])
        return _Said(part, str(answer["choice"]), text, is_right)
    if "at" in answer:
        return _Said(
            part, str(is_right), _("a point in the right place") if is_right else _("elsewhere"), is_right
        )
    unit = answer.get("unit", content.get("unit", ""))
    text = f"{show(Decimal(answer['value']))} {unit}".strip()
    return _Said(part, text, text, is_right)


def _texts(name: str) -> Callable[[Json], list[str]]:
    return lambda content: [plain(one["html"]) for one in content[name]]


def _gap_labels(content: Json) -> list[str]:
    return [str(_("Gap %(number)s", number=number)) for number in range(1, len(content["gaps"]) + 1)]


def _variant_labels(content: Json) -> list[str]:
    return [str(_("variant %(number)s", number=variant["number"])) for variant in content["variants"]]


_GAP_TYPES = {"choice": "single_choice", "number": "number", "text": "short_answer"}
_TYPES: Mapping[str, _Kind] = {
    "matching": _Kind(_texts("pairs"), _pairs),
    "ordering": _Kind(_texts("items"), _places),
    "cloze": _Kind(_gap_labels, _gaps),
    "calculated": _Kind(_variant_labels, _variant, is_all_asked=False),
    **{key: _Kind(lambda _content: [""], _whole(key)) for key in ("number", "short_answer", "hotspot")},
}
TYPES = frozenset(_TYPES)
"""Types whose answers are counted here."""
