"""Who may do what with a cohort: pure."""

from __future__ import annotations

from courses.cohorts.models import Cohort
from lms.core.accounts.actor import Actor


def can_manage(actor: Actor, cohort: Cohort) -> bool:
    """Return whether this person runs the cohort: an organiser of its branch, or an admin."""
    return actor.is_organiser and actor.works_at(cohort.branch_id)


def can_teach(actor: Actor, cohort: Cohort) -> bool:
    """Return whether this person sees what the cohort learns: staff of its branch, or an admin."""
    return actor.is_staff and actor.works_at(cohort.branch_id)
