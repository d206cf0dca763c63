"""The front door, the help page, and each role's own start page."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from courses.learning.queries import get_outline, list_own_enrolments
from lms.core.accounts.actor import Actor
from lms.core.accounts.guard import check_second_factor, find_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.home import queries

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
    return render_template(
        "home/trainee.html",
        courses=[(enrolment, get_outline(session, enrolment, now=now)) for enrolment in enrolments[:1]],
        others=enrolments[1:],
        certificates=queries.list_standing_certificates(session, actor.user_id),
    )


def _desk(actor: Actor) -> str:
    session, now = db.session(), utc_now()
    return render_template(
        "home/desk.html",
        cohorts=queries.list_current_cohorts(session, actor, now=now) if actor.is_organiser else [],
        questions=queries.count_questions(session, actor) if actor.is_trainer else None,
    )


@bp.get("/bantuan")
def help() -> str:  # noqa: A001
    """Explain in plain words how to get on."""
    return render_template("home/help.html")
