"""Pages of the timetable: a first draft in one click, then session by session."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.cohorts import queries, timetable
from courses.cohorts.forms import SessionForm
from courses.cohorts.models import Cohort, Session
from lms.core.accounts.guard import current_actor
from lms.core.accounts.sign_in import show_form
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Invalid
from lms.core.i18n import ZONE_NAMES


def draft_timetable(cohort_id: int) -> Response:
    """Lay the modules of the edition out over the days."""
    cohort = _cohort(cohort_id)
    actor_id = current_actor().user_id
    rows = timetable.draft_timetable(db.session(), actor_id, cohort_id=cohort.id, now=utc_now())
    db.session.commit()
    if rows:
        flash(_("The draft is there. Change what is different with you."), "success")
    else:
        flash(_("The edition has no modules to lay out."), "error")
    return _back(cohort_id)


def add_session(cohort_id: int) -> Response:
    """Put a session into the timetable."""
    cohort, form, error = _cohort(cohort_id), SessionForm(), None
    form.offer(cohort, queries.list_modules(db.session(), cohort.edition_id))
    if form.submitted():
        try:
            timetable.add_session(
                db.session(),
                current_actor().user_id,
                cohort_id=cohort_id,
                slot=form.slot(cohort.time_zone),
                now=utc_now(),
            )
        except Invalid as refused:
            db.session.rollback()
            error = refused
        else:
            return _saved(cohort_id)
    form.make_room()
    return _page(form, error, cohort, None)


def change_session(cohort_id: int, session_id: int) -> Response:
    """Change a session."""
    cohort, error = _cohort(cohort_id), None
    slot = queries.get_session(db.session(), session_id, cohort_id=cohort_id)
    form = SessionForm()
    form.offer(cohort, queries.list_modules(db.session(), cohort.edition_id))
    if not form.is_submitted():
        form.show(slot, cohort.time_zone)
    elif form.submitted():
        try:
            timetable.change_session(
                db.session(),
                current_actor().user_id,
                cohort_id=cohort_id,
                session_id=session_id,
                slot=form.slot(cohort.time_zone),
                now=utc_now(),
            )
        except Invalid as refused:
            db.session.rollback()
            error = refused
        else:
            return _saved(cohort_id)
    form.make_room()
    return _page(form, error, cohort, slot)


def _page(form: SessionForm, error: Invalid | None, cohort: Cohort, slot: Session | None) -> Response:
    zone_name = ZONE_NAMES.get(cohort.time_zone, cohort.time_zone)
    return show_form("cohorts/session.html", form, error, cohort=cohort, slot=slot, zone_name=zone_name)


def remove_session(cohort_id: int, session_id: int) -> Response:
    """Take a session out of the timetable."""
    _cohort(cohort_id)
    timetable.remove_session(
        db.session(), current_actor().user_id, cohort_id=cohort_id, session_id=session_id, now=utc_now()
    )
    db.session.commit()
    flash(_("The session is gone from the timetable."), "success")
    return _back(cohort_id)


def _cohort(cohort_id: int) -> Cohort:
    return queries.get_cohort(db.session(), cohort_id, actor=current_actor())


def _saved(cohort_id: int) -> Response:
    db.session.commit()
    flash(_("Saved."), "success")
    return _back(cohort_id)


def _back(cohort_id: int) -> Response:
    return redirect(url_for("cohorts.show", cohort_id=cohort_id, _anchor="timetable"), 303)
