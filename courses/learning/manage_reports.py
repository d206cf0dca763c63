"""A trainer answers what a trainee reports of a lesson."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.learning import report_queries, reporting
from courses.learning.forms import AnswerForm
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict

bp = Blueprint("lesson_answers", __name__, url_prefix="/laporan-materi/<int:lesson_report_id>")
guard(bp, lambda actor: actor.is_trainer)


@bp.get("")
def show(lesson_report_id: int) -> str:
    """Show a report, and its answer or the form for one."""
    return _page(lesson_report_id, AnswerForm(formdata=None))


@bp.post("")
def reply(lesson_report_id: int) -> Response | tuple[str, int]:
    """Answer a report."""
    session, actor, form = db.session(), current_actor(), AnswerForm()
    if not form.submitted():
        return _page(lesson_report_id, form), 422
    try:
        reporting.answer_report(
            session, actor, report_id=lesson_report_id, answer=form.answer.data or "", now=utc_now()
        )
    except Conflict as error:
        session.rollback()
        flash(str(error.message), "info")
    else:
        session.commit()
        flash(_("Answered."), "success")
    return redirect(url_for("lesson_answers.show", lesson_report_id=lesson_report_id), 303)


def _page(report_id: int, form: AnswerForm) -> str:
    row = report_queries.get_report(db.session(), current_actor(), report_id)
    return render_template("lesson_answers/show.html", row=row, form=form)
