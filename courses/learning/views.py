"""Pages of a trainee: the course, a lesson, the name on the certificate."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.catalogue.queries import get_module_page
from courses.cohorts.models import Enrolment
from courses.cohorts.queries import get_own_enrolment
from courses.learning import queries, services
from courses.learning.asking import ASKED_NOW, AskedNow
from courses.learning.forms import NameForm
from courses.learning.outline import Outline, StepState
from courses.learning.reading import get_reading
from courses.learning.wording import lock_text
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import NotFound

bp = Blueprint("learning", __name__, url_prefix="/belajar")
guard(bp, lambda actor: not actor.is_staff)
bp.add_app_template_global(lock_text)


def _own(enrolment_id: int) -> Enrolment:
    return get_own_enrolment(db.session(), enrolment_id, user_id=current_actor().user_id)


def _step_url(enrolment_id: int, step: StepState) -> str:
    endpoint = "attempts.start" if step.kind == "quiz" else "learning.lesson"
    return url_for(endpoint, enrolment_id=enrolment_id, step_id=step.step_id)


bp.add_app_template_global(_step_url, "step_url")


@bp.get("/<int:enrolment_id>")
def outline(enrolment_id: int) -> str:
    """Show all days, modules and steps."""
    enrolment, now = _own(enrolment_id), utc_now()
    asked_now: AskedNow = current_app.extensions[ASKED_NOW]
    return render_template(
        "learning/outline.html",
        enrolment=enrolment,
        is_asked=bool(asked_now(db.session(), [enrolment.cohort_id], now)),
        outline=queries.get_outline(db.session(), enrolment, now=now),
        completion=queries.find_completion(db.session(), enrolment_id),
    )


@bp.get("/<int:enrolment_id>/materi/<int:step_id>")
def lesson(enrolment_id: int, step_id: int) -> str:
    """Show a lesson, or why it is not open yet."""
    session, user_id = db.session(), current_actor().user_id
    reading = get_reading(session, enrolment_id, user_id=user_id, now=utc_now())
    step = _lesson_step(reading.outline, step_id)
    html = None
    if step.is_open:
        html = queries.get_lesson_html(session, step_id, is_published=reading.is_published)
    g.cache_control = "private, no-cache"
    return render_template(
        "learning/lesson.html",
        enrolment_id=enrolment_id,
        as_of=reading.as_of,
        day=reading.outline.day_of(step_id),
        module=reading.outline.module_of(step_id),
        step=step,
        following=reading.outline.next_after(step_id),
        html=html,
    )


@bp.get("/<int:enrolment_id>/saku/<int:page_id>")
def sheet(enrolment_id: int, page_id: int) -> str:
    """Show the pocket sheet of a module that is open: one side of paper to print or to keep."""
    enrolment = _own(enrolment_id)
    outline = queries.get_outline(db.session(), enrolment, now=utc_now())
    if page_id not in {module.sheet_id for module in outline.modules() if module.is_open}:
        raise NotFound
    page = get_module_page(db.session(), page_id, edition_id=enrolment.cohort.edition_id, kind="pocket_sheet")
    return render_template("learning/sheet.html", enrolment=enrolment, page=page)


@bp.post("/<int:enrolment_id>/materi/<int:step_id>")
def finish_lesson(enrolment_id: int, step_id: int) -> Response:
    """Mark the lesson as read and go on to the next step."""
    _own(enrolment_id)
    now = utc_now()
    services.finish_lesson(db.session(), enrolment_id, step_id, now=now)
    db.session.commit()
    outline = queries.get_outline(db.session(), _own(enrolment_id), now=now)
    following = outline.next_after(step_id)
    if following is None or not following.is_open:
        return redirect(url_for("learning.outline", enrolment_id=enrolment_id), 303)
    return redirect(_step_url(enrolment_id, following), 303)


@bp.route("/<int:enrolment_id>/nama", methods=["GET", "POST"])
def confirm_name(enrolment_id: int) -> str | tuple[str, int] | Response:
    """Confirm name and title as they will stand on the certificate."""
    enrolment = _own(enrolment_id)
    form = NameForm()
    if form.submitted():
        correction = (form.correction.data or "").strip()
        services.confirm_name(db.session(), enrolment_id, correction=correction, now=utc_now())
        db.session.commit()
        flash(
            _("Your request is with the organiser. You can go on.") if correction else _("Thank you. Noted."),
            "success",
        )
        return redirect(_after_name(enrolment_id), 303)
    page = render_template("learning/confirm_name.html", enrolment=enrolment, form=form)
    return (page, 422) if form.errors else page


def _after_name(enrolment_id: int) -> str:
    """Return where to go on: the step to do now, or the course page."""
    step = queries.get_outline(db.session(), _own(enrolment_id), now=utc_now()).next_step
    return _step_url(enrolment_id, step) if step else url_for("learning.outline", enrolment_id=enrolment_id)


def _lesson_step(outline: Outline, step_id: int) -> StepState:
    step = outline.find(step_id)
    if step is None or step.kind == "quiz":
        raise NotFound
    return step
