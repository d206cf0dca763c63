"""What the bank does when something happens on the floors below."""

from __future__ import annotations

from sqlalchemy.orm import Session

from courses.cohorts.signals import CohortCreated, cohort_created
from quizzes.bank.pinning import pin_edition


def pin_quizzes(sender: Session, *, event: CohortCreated) -> None:
    """Fix which version of each quiz a new or moved cohort runs on."""
    pin_edition(sender, event.cohort_id, now=event.created_at, actor_id=event.actor_id)


def connect() -> None:
    """Listen; `create_app` calls this."""
    cohort_created.connect(pin_quizzes)
