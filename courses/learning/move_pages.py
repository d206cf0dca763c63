"""The page on which a cohort is moved to another edition, with a look at what that means before."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.cohorts.models import Cohort
from courses.cohorts.queries import get_cohort
from courses.learning import moving
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict
from lms.core.forms import EmptyForm
from lms.core.web.arguments import read_id

bp = Blueprint("moves", __name__, url_prefix="/angkatan/<int:cohort_id>/edisi")
guard(bp, lambda actor: actor.is_organiser)


@bp.get("")
def preview(cohort_id: int) -> Response:
    """Offer the editions there are, and show what moving to the chosen one means."""
    cohort = get_cohort(db.session(), cohort_id, actor=current_actor())
    return _page(cohort, read_id("edisi"))


@bp.post("")
def move(cohort_id: int) -> Response:
    """Move the cohort."""
    session, actor = db.session(), current_actor()
    cohort = get_cohort(session, cohort_id, actor=actor)
    edition_id = request.form.get("edition_id", 0, type=int)
    if not EmptyForm().submitted():
        return _page(cohort, edition_id, _("This page was open for too long. Press the button again."), 422)
    if not edition_id:
        return _page(cohort, None, _("Choose a published edition from the list."), 422)
    try:
        moved = moving.move_cohort(
            session,
            actor.user_id,
            cohort_id=cohort_id,
            from_edition_id=request.form.get("from_edition_id", 0, type=int),
            edition_id=edition_id,
            now=utc_now(),
        )
    except Conflict as refused:
        session.rollback()
        cohort = get_cohort(session, cohort_id, actor=actor)
        return _page(cohort, edition_id, str(refused.message), 409)
    number = moved.edition.number
    session.commit()
    flash(
        _("The cohort is on edition %(number)s now. What people have done is kept.", number=number), "success"
    )
    return redirect(url_for("cohorts.show", cohort_id=cohort_id), 303)


def _page(cohort: Cohort, edition_id: int | None, error: str = "", status: int = 200) -> Response:
    session = db.session()
    targets = moving.list_targets(session, cohort)
    is_there = any(target.id == edition_id for target in targets)
    look = (
        moving.look_at_move(session, cohort, edition_id=edition_id, now=utc_now())
        if edition_id and is_there
        else None
    )
    page = render_template("moves/preview.html", cohort=cohort, targets=targets, look=look, error=error)
    return make_response(page, status)
