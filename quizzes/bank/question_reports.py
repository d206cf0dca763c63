"""What the page of a question asks of the room where trainees report; `create_app` hands it in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy.orm import Session

from courses.catalogue.drafts.reports import LessonReport
from lms.core.accounts.actor import Actor

QUESTION_REPORTS = "question_reports"
"""Where `create_app` puts the implementation: ``app.extensions[QUESTION_REPORTS]``."""


class ListQuestionReports(Protocol):
    """Asks for the reports of a question."""

    def __call__(self, session: Session, actor: Actor, *, question_id: int) -> Sequence[LessonReport]:
        """Return those of cohorts of the actor's branches, open ones first, the newest first."""
