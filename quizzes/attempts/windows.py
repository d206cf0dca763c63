"""Reads: how long somebody who sits may go on at most, whatever time they are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from courses.cohorts.models import Cohort
from quizzes.attempts.deadline import closing_moment, deadline_of
from quizzes.attempts.models import Attempt
from quizzes.bank.models import CohortQuiz, QuizVersion
from quizzes.bank.quiz.moments import moment_for


@dataclass(frozen=True)
class OpenSitting:
    """A sitting that is going on, and the end of the window its quiz has in the cohort."""

    attempt: Attempt
    title: str
    time_limit_minutes: int | None
    # None: as long as the training is open.
    closes_at: datetime | None

    def last_moment(self, cohort: Cohort) -> datetime:
        """Return the latest end, as for who begins now: of the window or the training, with the grace."""
        return deadline_of(
            cohort,
            None,
            now=self.attempt.started_at,
            closes_at=self.closes_at,
            grace_seconds=self.attempt.grace_seconds,
        )

    def is_cut(self, cohort: Cohort) -> bool:
        """Return whether its time goes up to the end of the window, so that more of it changes nothing."""
        if self.closes_at is None or self.time_limit_minutes is None:
            return False
        end = self.attempt.held_deadline_at if self.attempt.halted_at else self.attempt.deadline_at
        is_there = end is not None and end >= self.last_moment(cohort)
        return is_there and self.closes_at < closing_moment(cohort)


def list_open_sittings(session: Session, cohort: Cohort, *, enrolment_id: int) -> list[OpenSitting]:
    """Return the sittings of a person that are going on, in one query."""
    pinned = aliased(QuizVersion)
    is_its_quiz = and_(CohortQuiz.cohort_id == cohort.id, CohortQuiz.quiz_id == Attempt.quiz_id)
    query = (
        select(Attempt, QuizVersion, CohortQuiz.closes_at, pinned.closes)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .outerjoin(CohortQuiz, is_its_quiz)
        .outerjoin(pinned, pinned.id == CohortQuiz.quiz_version_id)
        .where(Attempt.enrolment_id == enrolment_id, Attempt.state == "in_progress")
        .order_by(Attempt.id)
        .execution_options(populate_existing=True)
    )
    return [
        OpenSitting(attempt, version.title, version.time_limit_minutes, own or moment_for(closes, cohort))
        for attempt, version, own, closes in session.execute(query)
    ]
