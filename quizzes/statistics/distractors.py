"""Who chose what: those who know most of the rest of the paper, and those who know least. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from flask_babel import gettext as _

from quizzes.live.facility import LEAST_PEOPLE, wilson
from quizzes.live.passages import plain
from quizzes.statistics.cells import WITH_OPTIONS

Chosen = tuple[int, ...] | None


@dataclass(frozen=True)
class Option:
    """One answer to choose, and how many of each group chose it."""

    # "A", "B", … in the order its author wrote; papers shuffle it.
    letter: str
    text: str
    is_right: bool
    people: int
    upper: int
    lower: int


@dataclass(frozen=True)
class Choices:
    """All answers of one question; ``upper`` and ``lower`` say how many people the groups have, 0: none."""

    options: Sequence[Option]
    upper: int
    lower: int
    unanswered: int

    @property
    def lure(self) -> Option | None:
        """A wrong answer that those who know most clearly prefer to the right one, None without one.

        Clearly: of those of the upper third who chose either, Wilson's interval of its share lies above half.
        """
        right = [option for option in self.options if option.is_right]
        if len(right) != 1 or sum(option.people for option in self.options) < LEAST_PEOPLE:
            return None
        wrong = [option for option in self.options if not option.is_right]
        worst = max(wrong, key=lambda option: option.upper, default=None)
        both = worst.upper + right[0].upper if worst else 0
        if worst is None or both == 0:
            return None
        return worst if wilson(worst.upper / both, both).low > 0.5 else None

    @property
    def idle(self) -> list[Option]:
        """Wrong answers that nobody chose: they cost reading and tell nothing."""
        return [option for option in self.options if not option.is_right and not option.people]


def count_choices(
    type_key: str, content: Mapping[str, Any], seen: Mapping[tuple[Chosen, int], int]
) -> Choices | None:
    """Return who chose what; None of questions that have no answers to choose.

    Groups are the upper and the lower third by the rest of the paper; who earned as much as the last of a
    third belongs to it, so thirds may be larger. Where they would overlap, or of few papers, there are none.

    Args:
        type_key: of the question type.
        content: of the question version.
        seen: (options chosen, marks of the rest of the paper) → how many papers.
    """
    if type_key not in WITH_OPTIONS:
        return None
    low, high = thirds(seen)
    texts = _texts(type_key, content)
    options = [
        Option(
            ascii_uppercase[place],
            text,
            is_right,
            *_count(seen, index, low=low, high=high),
        )
        for place, (index, text, is_right) in enumerate(texts)
    ]
    return Choices(
        options,
        sum(times for (_one, rest), times in seen.items() if high is not None and rest >= high),
        sum(times for (_one, rest), times in seen.items() if low is not None and rest <= low),
        sum(times for (chosen, _rest), times in seen.items() if not chosen),
    )


def thirds(seen: Mapping[tuple[Any, int], int]) -> tuple[int | None, int | None]:
    """Return the most a paper of the lower third has, and the least of the upper.

    None where they meet, and of so few papers that a third is one person or two.
    """
    if sum(seen.values()) < LEAST_PEOPLE:
        return None, None
    rests: dict[int, int] = {}
    for (_chosen, rest), times in seen.items():
        rests[rest] = rests.get(rest, 0) + times
    low, high = _third(sorted(rests.items())), _third(sorted(rests.items(), reverse=True))
    return (low, high) if low is not None and high is not None and low < high else (None, None)


def _third(counts: Sequence[tuple[int, int]]) -> int | None:
    """Return the value at which a third of all is reached."""
    wanted = sum(times for _value, times in counts)
    for value, times in counts:
        wanted -= 3 * times
        if wanted <= 0:
            return value
    return None


def _count(
    seen: Mapping[tuple[Chosen, int], int], index: int, *, low: int | None, high: int | None
) -> tuple[int, int, int]:
    mine = [(rest, times) for (chosen, rest), times in seen.items() if chosen and index in chosen]
    return (
        sum(times for _rest, times in mine),
        sum(times for rest, times in mine if high is not None and rest >= high),
        sum(times for rest, times in mine if low is not None and rest <= low),
    )


def _texts(type_key: str, content: Mapping[str, Any]) -> list[tuple[int, str, bool]]:
    """Return of each option what an answer calls it, its text, and whether it is right."""
    if type_key == "true_false":
        return [(1, _("True"), content["answer"] is True), (0, _("False"), content["answer"] is False)]
    return [
        (index, plain(option["html"]), bool(option["correct"]))
        for index, option in enumerate(content["options"])
    ]
