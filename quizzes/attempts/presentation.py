"""What pages show of a paper: nothing of the key while it is open, everything the quiz allows after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from quizzes.attempts.models import Attempt, PaperItem
from quizzes.grading.models import Mark
from quizzes.types import get_type


@dataclass(frozen=True)
class OpenQuestion:
    """A question while it can be answered; ``answer`` is what stands, as raw form values."""

    position: int
    type: str
    stem_html: str
    present: dict[str, Any]
    answer: dict[str, Any] | None
    error: str
    is_flagged: bool

    @property
    def name_prefix(self) -> str:
        """What the names of its fields begin with."""
        return f"q{self.position}-"

    @property
    def is_answered(self) -> bool:
        """Whether something readable stands."""
        return self.answer is not None and not self.error


@dataclass(frozen=True)
class ReviewedQuestion:
    """A question after the result; ``verdict`` is "right", "partly", "wrong", "empty" or "waiting"."""

    position: int
    type: str
    stem_html: str
    review: dict[str, Any]
    verdict: str
    explanation_html: str
    citations: list[Any]
    read: str
    format_error: str


def open_question(item: PaperItem) -> OpenQuestion:
    """Return a question as the quiz page shows it."""
    version, response = item.question_version, item.response
    return OpenQuestion(
        position=item.position,
        type=version.type,
        stem_html=version.stem_html,
        present=get_type(version.type).present(version.content, item.prepared),
        answer=response.raw if response else None,
        error=response.format_error if response else "",
        is_flagged=bool(response and response.is_flagged),
    )


def reviewed_question(item: PaperItem, mark: Mark | None) -> ReviewedQuestion:
    """Return a question as the result page shows it."""
    version, response = item.question_version, item.response
    answer = response.answer if response else None
    return ReviewedQuestion(
        position=item.position,
        type=version.type,
        stem_html=version.stem_html,
        review=get_type(version.type).review(version.content, item.prepared, answer),
        verdict=_verdict(mark, is_answered=answer is not None),
        explanation_html=version.explanation_html,
        citations=version.citations,
        read=version.read,
        format_error=response.format_error if response else "",
    )


def _verdict(mark: Mark | None, *, is_answered: bool) -> str:
    if mark is None or mark.fraction is None:
        return "waiting"
    if mark.fraction == 1:
        return "right"
    if mark.fraction > 0:
        return "partly"
    return "wrong" if is_answered else "empty"


@dataclass(frozen=True)
class Tries:
    """How many sittings a person had and has left; ``left`` is None where there is no limit."""

    used: int
    left: int | None


def count_tries(attempts: Sequence[Attempt], attempts_allowed: int) -> Tries:
    """Return the tries used and left; a sitting that is going on is used."""
    used = len(attempts)
    return Tries(used=used, left=max(0, attempts_allowed - used) if attempts_allowed else None)
