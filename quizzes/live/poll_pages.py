"""The question of the hall on the phones of its people: answer, change, see what came of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.cohorts.models import Enrolment
from courses.cohorts.queries import get_own_enrolment
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid
from quizzes.live import poll_queries as queries
from quizzes.live.models import Poll
from quizzes.live.poll_forms import AnswerForm
from quizzes.live.polling import answer_poll

bp = Blueprint("poll", __name__, url_prefix="/belajar/<int:enrolment_id>/jajak")
guard(bp, lambda actor: not actor.is_staff)

EVERY_SECONDS = 10
"""How often a phone asks what is on the screen; people ask at up to five seconds more, none together."""


@bp.get("")
def show(enrolment_id: int) -> str:
    """Show the question on the screen with one's own answer, or that there is none now."""
    return _page(_own(enrolment_id))


@bp.get("/keadaan")
def state(enrolment_id: int) -> Response:
    """Return a mark of what the page shows; where it differs, the page is loaded again."""
    enrolment = _own(enrolment_id)
    return jsonify(mark=_mark(queries.find_shown(db.session(), enrolment.cohort_id, now=utc_now())))


@bp.post("/<int:poll_id>")
def answer(enrolment_id: int, poll_id: int) -> Response | tuple[str, int]:
    """Keep an answer, or put another in its place."""
    enrolment, form = _own(enrolment_id), AnswerForm()
    queries.get_poll(db.session(), poll_id, cohort_id=enrolment.cohort_id)
    if not form.submitted():
        return _page(enrolment, error=_("This page was open for too long. Press the button again.")), 422
    try:
        stands = answer_poll(db.session(), enrolment, poll_id=poll_id, given=form.given(), now=utc_now())
        db.session.commit()
    except Conflict as error:
        db.session.rollback()
        flash(str(error.message), "warning")
        return redirect(url_for("poll.show", enrolment_id=enrolment_id), 303)
    except Invalid as error:
        db.session.rollback()
        return _page(_own(enrolment_id), error=str(error.message)), 422
    if not stands:
        flash(
            _("You had answered on another page meanwhile: that answer stands. Here you may change it."),
            "warning",
        )
    return redirect(url_for("poll.show", enrolment_id=enrolment_id), 303)


def _own(enrolment_id: int) -> Enrolment:
    return get_own_enrolment(db.session(), enrolment_id, user_id=current_actor().user_id)


def _page(enrolment: Enrolment, *, error: str = "") -> str:
    session = db.session()
    poll = queries.find_shown(session, enrolment.cohort_id, now=utc_now())
    shown: dict[str, Any] = {"tally": None, "standing": None}
    if poll is not None:
        shown["standing"] = queries.find_answer(session, poll.id, enrolment_id=enrolment.id)
        shown["tally"] = queries.count_answers(session, poll) if poll.bars_at else None
    return render_template(
        "poll/show.html",
        enrolment=enrolment,
        poll=poll,
        error=error,
        mark=_mark(poll),
        every=EVERY_SECONDS + enrolment.id % 6,
        zone=enrolment.cohort.time_zone,
        **shown,
    )


def _mark(poll: Poll | None) -> str:
    """Return what changes when the page has to show something else."""
    if poll is None:
        return ""
    parts = (poll.closed_at, poll.bars_at, poll.key_at)
    return f"{poll.id}{''.join('x' if part else '-' for part in parts)}"
