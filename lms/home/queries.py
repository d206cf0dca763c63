"""Reads over all rooms for the start pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from certificates.models import Certificate
from courses.cohorts.days import today_in
from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Completion
from lms.core.accounts.actor import Actor
from lms.core.i18n import HOME_ZONE
from quizzes.bank.models import Question

DESK_DAYS = 45
"""Cohorts that ended so many days ago leave the desk."""
DESK_SIZE = 20
"""Cohorts on the desk; all others are one link away."""


@dataclass(frozen=True)
class CohortFigures:
    """A cohort on the desk with its head count."""

    cohort: Cohort
    people: int
    finished: int


def list_current_cohorts(session: Session, actor: Actor, *, now: datetime) -> list[CohortFigures]:
    """Return the cohorts of the actor's branches that matter now, as many as the desk shows.

    Those that run come first, then the planned ones by their first day, then those that ended lately.
    """
    today = today_in(HOME_ZONE, now)
    rank = case((Cohort.starts_on > today, 1), (Cohort.ends_on < today, 2), else_=0)
    query = (
        select(Cohort, func.count(Enrolment.id), func.count(Completion.enrolment_id))
        .outerjoin(Enrolment, (Enrolment.cohort_id == Cohort.id) & (Enrolment.status == "active"))
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .where(Cohort.ends_on >= today - timedelta(days=DESK_DAYS))
        .group_by(Cohort.id)
        .order_by(
            rank, case((Cohort.ends_on >= today, Cohort.starts_on)), Cohort.ends_on.desc(), Cohort.id.desc()
        )
        .limit(DESK_SIZE)
    )
    if not actor.is_admin:
        query = query.where(Cohort.branch_id.in_(actor.branch_ids))
    return [CohortFigures(cohort, people, finished) for cohort, people, finished in session.execute(query)]


def count_questions(session: Session, actor: Actor) -> dict[str, int]:
    """Return how many questions of the actor's reach stand in each status."""
    query = select(Question.status, func.count()).group_by(Question.status)
    if not actor.is_admin:
        query = query.where(Question.branch_id.in_(actor.branch_ids) | Question.branch_id.is_(None))
    return dict(session.execute(query).all())


def list_standing_certificates(session: Session, user_id: int) -> list[Certificate]:
    """Return a person's certificates that stand, the newest first."""
    query = (
        select(Certificate)
        .where(Certificate.user_id == user_id, Certificate.state == "valid")
        .order_by(Certificate.issued_at.desc())
        .limit(10)
    )
    return list(session.scalars(query))
