"""What must have been reviewed by a colleague before it may count. Pure.

A review is of a wording, whatever the law date: when only the facts in it have changed, somebody looks at it
as `quizzes.bank.stale.releasing` has it, and the review stands.
"""

from __future__ import annotations

from collections.abc import Iterable

from quizzes.bank.models import Purpose, QuestionVersion
from quizzes.bank.resolving import wording_sha256
from quizzes.bank.review.models import QuestionEvent

COUNTING = frozenset({Purpose.MODULE, Purpose.PRETEST, Purpose.POSTTEST, Purpose.REFRESHER})
"""Purposes of a quiz with results that a certificate or a report of learning rests on."""


def needs_review(use: str) -> bool:
    """Return whether a question of this use is ready only when a colleague has found it right."""
    return use == "graded"


def is_reviewed(version: QuestionVersion, events: Iterable[QuestionEvent]) -> bool:
    """Return whether others than its author found this wording right, by the history of its question."""
    wording = wording_sha256(version.source, kind=version.type)
    return any(event.is_approval and event.wording_sha256 == wording for event in events)
