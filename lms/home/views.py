"""The front door, the help page, and each role's own start page."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from certificates.checking.doubts import count_open_doubts
from courses.cohorts.days import today_in
from courses.cohorts.models import Enrolment
from courses.facts.book import load_book
from courses.facts.correction_queries import count_open
from courses.facts.radar import count_stale_keys
from courses.learning.outline import Outline
from courses.learning.queries import list_outlines, list_own_enrolments
from lms.core.accounts.actor import Actor
from lms.core.accounts.guard import check_second_factor, find_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.home import queries
from quizzes.bank.review import queries as review_queries
from quizzes.live.poll_queries import list_asked

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> str | Response:
    """Show what this person should do now."""
    actor = find_actor()
    if actor is None:
        return render_template("home/index.html")
    if actor.is_staff:
        return check_second_factor(actor) or _desk(actor)
    return _trainee(actor)


def _trainee(actor: Actor) -> str:
    session, now = db.session(), utc_now()
    enrolments = list_own_enrolments(session, actor.user_id)
    courses = list(zip(enrolments, list_outlines(session, enrolments, now=now), strict=True))
    first = min(courses, key=lambda course: _distance(course, now), default=None)
    return render_template(
        "home/trainee.html",
        courses=[first] if first else [],
        asked=list_asked(session, [first[0].cohort_id], now) if first else set(),
        others=[enrolment for enrolment in enrolments if first is None or enrolment is not first[0]],
        certificates=queries.list_standing_certificates(session, actor.user_id),
    )


def _distance(course: tuple[Enrolment, Outline], now: datetime) -> tuple[bool, timedelta]:
    """Return how far a course is from being the one to go on with: there is something to do, then days."""
    enrolment, outline = course
    cohort = enrolment.cohort
    today = today_in(cohort.time_zone, now)
    return outline.next_step is None, max(cohort.starts_on - today, today - cohort.ends_on, timedelta())


def _desk(actor: Actor) -> str:
    session, now = db.session(), utc_now()
    return render_template(
        "home/desk.html",
        waiting=count_open(session) if actor.is_admin else 0,
        cohorts=queries.list_current_cohorts(session, actor, now=now),
        doubts=count_open_doubts(session, actor) if actor.is_organiser else 0,
        questions=queries.count_questions(session, actor) if actor.is_trainer else None,
        reviews=review_queries.count_waiting(session, actor=actor) if actor.is_trainer else 0,
        stale_facts=count_stale_keys(session, load_book(), actor=actor) if actor.is_trainer else 0,
    )


@bp.get("/bantuan")
def help() -> str:  # noqa: A001
    """Explain in plain words how to get on."""
    return render_template("home/help.html")
