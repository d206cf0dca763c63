"""What pages show of a paper: nothing of the key while it is open, everything the quiz allows after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from quizzes.attempts.models import Attempt, PaperItem
from quizzes.attempts.saves import Save, too_long
from quizzes.bank.models import QuestionVersion
from quizzes.grading.worth import Worth
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
    sequence: int
    saved_at: datetime | None
    item_id: int
    # The case it is a part of.
    case_id: int | None = None

    @property
    def name_prefix(self) -> str:
        """What the names of its fields begin with."""
        return f"q{self.position}-"

    @property
    def script(self) -> str:
        """Asset that makes its type handier to answer, empty for most."""
        return get_type(self.type).script

    @property
    def is_answered(self) -> bool:
        """Whether something readable stands."""
        return self.answer is not None and not self.error


@dataclass(frozen=True)
class ReviewedQuestion:
    """A question after the result.

    ``verdict`` is "right", "partly", "wrong", "empty", "waiting" or "void".
    """

    position: int
    type: str
    stem_html: str
    review: dict[str, Any]
    verdict: str
    explanation_html: str
    citations: list[Any]
    read: str
    format_error: str
    # What the marker says, what was decided about the question for everybody, and why.
    comment: str
    ruling: str
    reason: str
    item_id: int
    # The case it is a part of.
    case_id: int | None = None
    # Why it was marked anew by another key; empty where it was not.
    regraded: str = ""
    # So much of its marks is lost by answering it again.
    lost_percent: int = 0


def open_question(item: PaperItem) -> OpenQuestion:
    """Return a question as the quiz page shows it."""
    version, response = item.question_version, item.response
    kind = get_type(version.type)
    return OpenQuestion(
        position=item.position,
        type=version.type,
        stem_html=kind.fill(version.stem_html, version.content, item.prepared),
        present=kind.present(version.content, item.prepared),
        answer=response.raw if response else None,
        error=response.format_error if response else "",
        is_flagged=bool(response and response.is_flagged),
        sequence=response.sequence if response else 0,
        saved_at=response.saved_at if response else None,
        item_id=item.id,
        case_id=item.case_version_id,
    )


def as_typed(question: OpenQuestion, refused: Save | None) -> OpenQuestion:
    """Return a question with the answer that was too long to be kept in its fields, and what is wrong."""
    if refused is None:
        return question
    return replace(question, answer=refused.raw, is_flagged=refused.is_flagged, error=str(too_long().message))


def reviewed_question(
    item: PaperItem, worth: Worth, judged_by: QuestionVersion | None = None
) -> ReviewedQuestion:
    """Return a question as the result page shows it.

    Args:
        judged_by: the version that says what is right, where it is another than that of the paper.
    """
    asked, response = item.question_version, item.response
    version = judged_by or asked
    answer = response.answer if response else None
    kind = get_type(version.type)
    return ReviewedQuestion(
        position=item.position,
        type=asked.type,
        stem_html=kind.fill(asked.stem_html, asked.content, item.prepared),
        review=kind.review(version.content, item.prepared, answer),
        verdict=_verdict(worth, is_answered=answer is not None),
        explanation_html=kind.fill(version.explanation_html, version.content, item.prepared),
        citations=version.citations,
        read=version.read,
        format_error=response.format_error if response else "",
        comment=worth.comment,
        ruling=worth.ruling,
        reason=worth.reason,
        regraded=worth.regraded,
        item_id=item.id,
        case_id=item.case_version_id,
        lost_percent=item.lost_percent,
    )


def _verdict(worth: Worth, *, is_answered: bool) -> str:
    if not worth.is_counted:
        return "void"
    if worth.fraction is None:
        return "waiting"
    if worth.fraction == 1:
        return "right"
    if worth.fraction > 0:
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
