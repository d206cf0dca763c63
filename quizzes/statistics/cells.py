"""One answer as a word: which question, what it earned, what was chosen. Many papers have the same. Pure.

A word is ``version:fraction:marks:chosen:variant:voided``, such as ``1201:1:1:2::`` or ``77:?:5:-::v``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lms.core.db import MARKS_SCALE
from quizzes.grading.scoring import earn

UNANSWERED = "-"
WITH_OPTIONS = frozenset({"single_choice", "multiple_response", "true_false"})
"""Types of which it is kept what was chosen."""


@dataclass(frozen=True)
class Cell:
    """One answer on one paper."""

    version_id: int
    # 0–1 as judged, whatever was decided for everybody; None waits for a person.
    fraction: Decimal | None
    marks: Decimal
    # Indexes of the options chosen; None: nothing was answered.
    chosen: tuple[int, ...] | None = ()
    # Of a calculated question, 1 for the first; 0: it has none.
    variant: int = 0
    # The question does not count on this paper.
    is_voided: bool = False

    @property
    def earned(self) -> int:
        """What it earned, in 10⁻⁷ of a mark; 0 while it waits."""
        return 0 if self.fraction is None else in_units(earn(self.fraction, self.marks))

    @property
    def maximum(self) -> int:
        """What it could earn, in 10⁻⁷ of a mark."""
        return in_units(self.marks)

    def word(self) -> str:
        """Return it as it is kept."""
        chosen = UNANSWERED if self.chosen is None else ",".join(map(str, self.chosen))
        fields = (
            str(self.version_id),
            "?" if self.fraction is None else f"{self.fraction.normalize():f}",
            f"{self.marks.normalize():f}",
            chosen,
            str(self.variant) if self.variant else "",
            "v" if self.is_voided else "",
        )
        return ":".join(fields)


def read_cell(word: str) -> Cell:
    """Return what a word says.

    Raises:
        ValueError: it is no word of ours.
    """
    version, fraction, marks, chosen, variant, voided = word.split(":")
    return Cell(
        int(version),
        None if fraction == "?" else Decimal(fraction),
        Decimal(marks),
        None if chosen == UNANSWERED else tuple(int(one) for one in chosen.split(",") if one),
        int(variant or 0),
        voided == "v",
    )


def chosen_in(type_key: str, answer: Mapping[str, Any] | None) -> tuple[int, ...] | None:
    """Return the options an answer names, of true or false 1 or 0; None of no answer."""
    if answer is None:
        return None
    if type_key not in WITH_OPTIONS:
        return ()
    found = answer["choices"] if "choices" in answer else [answer["choice"]]
    return tuple(int(one) for one in found)


def in_units(marks: Decimal) -> int:
    """Return marks in 10⁻⁷ of one."""
    return int(marks.scaleb(MARKS_SCALE).to_integral_value())
