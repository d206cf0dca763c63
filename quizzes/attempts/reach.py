"""Reads: whom another version of a quiz touches: who is under way, who is done, who has completed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Completion
from lms.core.accounts.actor import Actor
from quizzes.attempts.models import Attempt
from quizzes.bank.cohorts.queries import select_cohorts_on
from quizzes.bank.models import QuizVersion

CountCertified = Callable[[ColumnElement[int]], ColumnElement[int]]
COUNT_CERTIFIED = "count_certified"
"""Where `create_app` puts what counts the certificates that stand in a cohort, as a column of a query."""


@dataclass(frozen=True)
class Reach:
    """A cohort that has a quiz, and its people as far as the quiz is concerned."""

    cohort: str
    # The version it runs on.
    number: int
    # Sit at this moment.
    under_way: int
    # Have handed in at least once.
    finished: int
    # Have completed the training.
    completed: int
    # Have a certificate that stands.
    certified: int


def list_reach(
    session: Session, version: QuizVersion, *, actor: Actor, certified: CountCertified
) -> list[Reach]:
    """Return own cohorts that could run on ``version`` with whom it would touch, the newest first.

    One page and one more; nobody's sitting changes by it.

    Args:
        certified: counts the certificates that stand in a cohort, as a column; a floor above knows how.
    """
    columns = (Cohort.id, Cohort.name, Cohort.starts_on, QuizVersion.number)
    on = select_cohorts_on(version, actor=actor).with_only_columns(*columns).subquery()
    query = select(
        on.c.name,
        on.c.number,
        _count_sat(on.c.id, version.quiz_id, "in_progress"),
        _count_sat(on.c.id, version.quiz_id, "submitted"),
        _count_completed(on.c.id),
        certified(on.c.id),
    ).order_by(on.c.starts_on.desc(), on.c.id.desc())
    return [Reach(*row) for row in session.execute(query)]


def _count_sat(cohort_id: Any, quiz_id: int, state: str) -> Any:
    """Return the number of people of a cohort with an attempt in a state, as a column."""
    return (
        select(func.count(func.distinct(Attempt.enrolment_id)))
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id, Attempt.quiz_id == quiz_id, Attempt.state == state)
        .scalar_subquery()
    )


def _count_completed(cohort_id: Any) -> Any:
    """Return the number of people of a cohort who completed the training, as a column."""
    return (
        select(func.count())
        .select_from(Enrolment)
        .join(Completion, Completion.enrolment_id == Enrolment.id)
        .where(Enrolment.cohort_id == cohort_id)
        .scalar_subquery()
    )
