"""The life of a question: where it stands, and where it may go from there. Data, no database."""

from __future__ import annotations

from quizzes.bank.models import QuestionStatus

DRAFT, REVIEW, READY, PAUSED, RETIRED = QuestionStatus

WAYS = {
    DRAFT: (REVIEW, READY, RETIRED),
    REVIEW: (DRAFT, READY),
    READY: (REVIEW, PAUSED, RETIRED, DRAFT),
    PAUSED: (READY, REVIEW, RETIRED, DRAFT),
    RETIRED: (DRAFT,),
}
"""What may follow what. Into “ready” a question that counts goes by a colleague's review alone."""
NEEDS_A_REASON = frozenset({PAUSED, RETIRED})
"""Where nobody may send a question without saying why; nor back from a review."""


def may_become(before: QuestionStatus, after: QuestionStatus) -> bool:
    """Return whether a question may go from one to the other."""
    return after in WAYS[before]
