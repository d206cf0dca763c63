"""A trainee reports a lesson they read."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.cohorts.models import Enrolment
from courses.cohorts.queries import get_own_enrolment
from courses.learning import report_queries, reporting
from courses.learning.forms import ReportForm
from courses.learning.services import require_open
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, NotFound

bp = Blueprint(
    "lesson_reports", __name__, url_prefix="/belajar/<int:enrolment_id>/materi/<int:step_id>/lapor"
)
guard(bp, lambda actor: not actor.is_staff)


@bp.get("")
def report(enrolment_id: int, step_id: int) -> str:
    """Ask what is wrong in a lesson; show the report and its answer where there is one."""
    return _page(_own(enrolment_id), step_id, ReportForm(formdata=None))


@bp.post("")
def send(enrolment_id: int, step_id: int) -> Response | tuple[str, int]:
    """Keep the report."""
    enrolment, form = _own(enrolment_id), ReportForm()
    if not form.submitted():
        return _page(enrolment, step_id, form), 422
    back = redirect(url_for("lesson_reports.report", enrolment_id=enrolment_id, step_id=step_id), 303)
    try:
        reporting.report_lesson(db.session(), enrolment, step_id, text=form.text.data or "", now=utc_now())
    except Conflict as error:
        db.session.rollback()
        flash(str(error.message), "info")
        return back
    db.session.commit()
    flash(_("Thank you. Your trainer reads it; the answer will stand here."), "success")
    return back


def _own(enrolment_id: int) -> Enrolment:
    return get_own_enrolment(db.session(), enrolment_id, user_id=current_actor().user_id)


def _page(enrolment: Enrolment, step_id: int, form: ReportForm) -> str:
    step = require_open(db.session(), enrolment, step_id, now=utc_now())
    if step.kind != "lesson":
        raise NotFound
    found = report_queries.find_own_report(db.session(), enrolment.id, step_id)
    return render_template(
        "lesson_reports/report.html", enrolment=enrolment, step=step, report=found, form=form
    )
