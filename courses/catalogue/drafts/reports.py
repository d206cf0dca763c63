"""What trainees report of questions, as the writer of a lesson sees it; the floor of the quizzes knows who.

`create_app` hands the implementation in: ``app.extensions[EXTENSION]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from lms.core.accounts.actor import Actor

EXTENSION = "lesson_reports"


@dataclass(frozen=True)
class LessonReport:
    """What somebody found wrong with a question or a lesson; nothing of the person."""

    cohort_id: int
    # None: of the lesson itself.
    question_id: int | None
    summary: str
    text: str
    created_at: datetime
    is_open: bool
    # Of the lesson itself: the number of the report.
    lesson_report_id: int | None = None


class ListReports(Protocol):
    """Asks for the reports of a lesson, and of questions that send their reader to it."""

    def __call__(self, session: Session, actor: Actor, *, slug: str, path: str) -> Sequence[LessonReport]:
        """Return those of cohorts of the actor's branches, open ones first, the newest first."""
