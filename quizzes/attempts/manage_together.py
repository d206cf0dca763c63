"""For organisers: a hall begins a quiz together."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.cohorts.models import Cohort
from courses.cohorts.queries import get_cohort
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from quizzes.attempts import together as services

bp = Blueprint("together", __name__, url_prefix="/angkatan/<int:cohort_id>/bersama")
guard(bp, lambda actor: actor.is_organiser)


@bp.get("")
def index(cohort_id: int) -> str:
    """List the quizzes of a cohort: for how many papers lie ready, and whether people wait."""
    cohort = _find(cohort_id)
    return render_template(
        "together/index.html",
        cohort=cohort,
        starts=services.list_starts(db.session(), cohort),
        people_count=services.count_people(db.session(), cohort_id),
    )


@bp.post("/<int:step_id>/siapkan")
def prepare(cohort_id: int, step_id: int) -> Response:
    """Draw papers for everybody and let people wait for each other."""
    cohort, actor_id = _find(cohort_id), current_actor().user_id
    services.prepare(db.session(), actor_id, cohort=cohort, step_id=step_id, now=utc_now())
    db.session.commit()
    flash(_("Papers are being drawn. People wait until you open the quiz."), "success")
    return _back(cohort_id)


@bp.post("/<int:step_id>/mulai")
def open_door(cohort_id: int, step_id: int) -> Response:
    """Let everybody begin."""
    cohort, actor_id = _find(cohort_id), current_actor().user_id
    services.open_door(db.session(), actor_id, cohort=cohort, step_id=step_id, now=utc_now())
    db.session.commit()
    flash(_("The quiz is open: people are let in within a few seconds."), "success")
    return _back(cohort_id)


@bp.post("/<int:step_id>/lepas")
def release(cohort_id: int, step_id: int) -> Response:
    """Let everybody begin when they like."""
    cohort, actor_id = _find(cohort_id), current_actor().user_id
    services.release(db.session(), actor_id, cohort=cohort, step_id=step_id, now=utc_now())
    db.session.commit()
    flash(_("Nobody waits any more: everybody begins when they like."), "success")
    return _back(cohort_id)


def _find(cohort_id: int) -> Cohort:
    return get_cohort(db.session(), cohort_id, actor=current_actor())


def _back(cohort_id: int) -> Response:
    return redirect(url_for("together.index", cohort_id=cohort_id), 303)
