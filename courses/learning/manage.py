"""The organiser's view: who is where, who is stuck."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Blueprint, current_app, render_template, url_for
from sqlalchemy import ColumnElement

from courses.cohorts.queries import get_cohort
from courses.learning import queries
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.web.arguments import read_id

bp = Blueprint("monitor", __name__, url_prefix="/angkatan")
guard(bp, lambda actor: actor.is_organiser)

CountLate = Callable[[int], ColumnElement[int]]
COUNT_LATE = "count_late_answers"
"""Where ``create_app`` puts what counts the late answers of a cohort, as a column of a query."""

ONLINE = timedelta(minutes=5)
"""Seen within this time counts as in."""

STUCK = timedelta(minutes=30)
"""Not done and not seen for so long counts as stuck; who never signed in is named apart."""


@bp.get("/<int:cohort_id>/pantau")
def cohort(cohort_id: int) -> str:
    """Show the people's place in the course, those who did least first."""
    cohort = get_cohort(db.session(), cohort_id, actor=current_actor())
    now, after = utc_now(), read_id("setelah")
    count_late: CountLate = current_app.extensions[COUNT_LATE]
    rows = queries.list_whereabouts(db.session(), cohort, now=now, after=after)
    people = rows[: queries.PAGE_SIZE]
    more_url = None
    if len(rows) > len(people):
        more_url = url_for("monitor.cohort", cohort_id=cohort_id, setelah=people[-1].enrolment.id)
    return render_template(
        "monitor/cohort.html",
        cohort=cohort,
        people=people,
        counts=queries.count_whereabouts(
            db.session(), cohort_id, online_since=now - ONLINE, late=count_late(cohort_id)
        ),
        is_all=after is None and more_url is None,
        more_url=more_url,
        online_ids={p.enrolment.id for p in people if p.last_seen_at and now - p.last_seen_at <= ONLINE},
        stuck_ids={p.enrolment.id for p in people if _is_stuck(p, now)},
    )


def _is_stuck(person: queries.Whereabouts, now: datetime) -> bool:
    if person.completed_at or person.current is None or person.last_seen_at is None:
        return False
    return now - person.last_seen_at > STUCK
