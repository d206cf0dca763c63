"""A trainee reports a question of their own paper."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict
from quizzes.attempts.models import PaperItem
from quizzes.attempts.presentation import open_question
from quizzes.grading import report_queries
from quizzes.grading.forms import ReportForm
from quizzes.grading.reports import report_question

bp = Blueprint("reports", __name__, url_prefix="/lembar/<int:item_id>/lapor")
guard(bp, lambda actor: not actor.is_staff)


@bp.get("")
def report(item_id: int) -> str:
    """Ask what is wrong with a question; show the report and its answer where there is one."""
    return _page(_own(item_id), ReportForm(formdata=None))


@bp.post("")
def send(item_id: int) -> Response | tuple[str, int]:
    """Keep the report."""
    item, form = _own(item_id), ReportForm()
    if not form.submitted():
        return _page(item, form), 422
    try:
        report_question(
            db.session(),
            item_id=item_id,
            user_id=current_actor().user_id,
            text=form.text.data or "",
            now=utc_now(),
        )
    except Conflict as error:
        db.session.rollback()
        flash(str(error.message), "info")
        return redirect(url_for("reports.report", item_id=item_id), 303)
    db.session.commit()
    flash(_("Thank you. Your trainer reads it; the answer will stand here."), "success")
    return redirect(url_for("reports.report", item_id=item_id), 303)


def _own(item_id: int) -> PaperItem:
    return report_queries.find_own_item(db.session(), item_id, user_id=current_actor().user_id)


def _page(item: PaperItem, form: ReportForm) -> str:
    reports = report_queries.reports_of(db.session(), [item.id])
    return render_template(
        "reports/report.html",
        attempt=item.attempt,
        question=open_question(item),
        report=reports.get(item.id),
        form=form,
    )
