"""What the catalogue asks of the floor that keeps questions and quizzes; `create_app` hands it in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from sqlalchemy.orm import Session

from courses.catalogue.sources import CourseFolder
from courses.catalogue.texts.findings import Findings
from courses.facts.documents import Fault

EXTENSION = "quiz_store"
"""Where `create_app` puts the implementation: ``app.extensions[EXTENSION]``."""


class QuizStore(Protocol):
    """Questions and quizzes of a course folder."""

    def faults(self, folder: CourseFolder, as_of: date) -> list[Fault]:
        """Return what is wrong with the questions and quizzes of ``folder`` at the law date."""

    def review(self, folder: CourseFolder, as_of: date) -> Findings:
        """Return what is wrong, and what could be better, in the writing of the questions."""

    def samples(self, folder: CourseFolder, as_of: date) -> list[str]:
        """Return what the first variants of calculated questions ask, and their keys, a line each."""

    def edited_files(self, session: Session, folder: CourseFolder) -> dict[str, bytes]:
        """Return the files whose questions were edited since, by path; nothing else in them differs."""

    def store(
        self, session: Session, folder: CourseFolder, *, as_of: date, now: datetime, actor_id: int | None
    ) -> None:
        """Create or keep question versions and published quiz versions, inside the open write transaction."""

    def check_html(self, folder: CourseFolder, question_id: str, as_of: date) -> str:
        """Return a question of use `practice` as a fieldset with its feedback, safe HTML."""
