"""The organiser's view: who is where, who is stuck."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, render_template

from courses.cohorts.queries import get_cohort
from courses.learning import queries
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db

bp = Blueprint("monitor", __name__, url_prefix="/angkatan")
guard(bp, lambda actor: actor.is_organiser)

ONLINE = timedelta(minutes=5)
"""Seen within this time counts as in."""

STUCK = timedelta(minutes=30)
"""Not done and not seen for so long counts as stuck; who never signed in is named apart."""


@bp.get("/<int:cohort_id>/pantau")
def cohort(cohort_id: int) -> str:
    """Show everybody's place in the course, those who may need a hand first."""
    cohort = get_cohort(db.session(), cohort_id, actor=current_actor())
    now = utc_now()
    people = queries.list_whereabouts(db.session(), cohort, now=now)
    return render_template(
        "monitor/cohort.html",
        cohort=cohort,
        people=sorted(
            people, key=lambda p: (p.completed_at is not None, p.done_count, p.enrolment.name_folded)
        ),
        finished_count=sum(p.completed_at is not None for p in people),
        online_ids={p.enrolment.id for p in people if p.last_seen_at and now - p.last_seen_at <= ONLINE},
        absent_count=sum(p.last_seen_at is None for p in people),
        stuck_ids={p.enrolment.id for p in people if _is_stuck(p, now)},
    )


def _is_stuck(person: queries.Whereabouts, now: datetime) -> bool:
    if person.completed_at or person.current is None or person.last_seen_at is None:
        return False
    return now - person.last_seen_at > STUCK
