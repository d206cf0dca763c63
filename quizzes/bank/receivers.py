"""What the bank does when something happens on the floors below."""

from __future__ import annotations

from sqlalchemy.orm import Session

from courses.cohorts.signals import CohortCreated, cohort_created
from courses.facts.book import load_book
from courses.facts.signals import FactsChanged, facts_changed
from quizzes.bank.cohorts.pinning import pin_edition
from quizzes.bank.stale.staleness import pause_stale


def pin_quizzes(sender: Session, *, event: CohortCreated) -> None:
    """Fix which version of each quiz a new or moved cohort runs on."""
    pin_edition(sender, event.cohort_id, now=event.created_at, actor_id=event.actor_id)


def pause_dependents(sender: Session, *, event: FactsChanged) -> None:
    """Take the questions that rest on a corrected fact off new papers."""
    pause_stale(sender, book=load_book(), now=event.at)


def connect() -> None:
    """Listen; `create_app` calls this."""
    cohort_created.connect(pin_quizzes)
    facts_changed.connect(pause_dependents)
