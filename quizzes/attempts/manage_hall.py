"""For organisers: hold the hall of a quiz. Stop the time, give more, the window, the code on the wall."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from courses.cohorts.models import Cohort
from courses.cohorts.queries import get_cohort
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid
from lms.core.forms import BaseForm
from quizzes.attempts import hall as services
from quizzes.attempts import holding
from quizzes.attempts.hall_forms import CodeForm, ExtendForm, WindowForm

bp = Blueprint("hall", __name__, url_prefix="/angkatan/<int:cohort_id>/ruang/<int:step_id>")
guard(bp, lambda actor: actor.is_organiser)


@bp.get("")
def show(cohort_id: int, step_id: int) -> str:
    """Show who sits, whether the time runs, the window and the code."""
    return _page(_find(cohort_id), step_id)


@bp.post("/jeda")
def pause(cohort_id: int, step_id: int) -> Response:
    """Stop the time of everybody who sits."""
    cohort, actor_id = _find(cohort_id), current_actor().user_id
    count = services.pause(db.session(), actor_id, cohort=cohort, step_id=step_id, now=utc_now())
    db.session.commit()
    flash(
        ngettext(
            "The time of %(num)s person stands still.", "The time of %(num)s people stands still.", count
        ),
        "success",
    )
    return _back(cohort_id, step_id)


@bp.post("/lanjut")
def resume(cohort_id: int, step_id: int) -> Response:
    """Let the time go on."""
    cohort, actor_id = _find(cohort_id), current_actor().user_id
    count = services.resume(db.session(), actor_id, cohort=cohort, step_id=step_id, now=utc_now())
    db.session.commit()
    flash(
        ngettext(
            "The time of %(num)s person goes on; nothing of it was lost.",
            "The time of %(num)s people goes on; nothing of it was lost.",
            count,
        ),
        "success",
    )
    return _back(cohort_id, step_id)


@bp.post("/tambah")
def extend(cohort_id: int, step_id: int) -> Response | tuple[str, int]:
    """Give everybody who sits more time."""
    cohort, form, actor_id = _find(cohort_id), ExtendForm(), current_actor().user_id
    if not form.submitted():
        return _page(cohort, step_id, extend_form=form), 422
    seen = form.seen.data or ""
    try:
        count = services.extend(
            db.session(),
            actor_id,
            cohort=cohort,
            step_id=step_id,
            minutes=form.minutes.data or 0,
            seen_minutes=int(seen) if seen.isdecimal() and len(seen) < 8 else 0,
            now=utc_now(),
        )
    except Conflict as error:
        db.session.rollback()
        flash(str(error.message), "warning")
        return _back(cohort_id, step_id)
    db.session.commit()
    flash(
        ngettext(
            "%(num)s person has more time. Phones show it at their next save, at the latest in a minute.",
            "%(num)s people have more time. Phones show it at their next save, at the latest in a minute.",
            count,
        ),
        "success",
    )
    return _back(cohort_id, step_id)


@bp.post("/waktu")
def window(cohort_id: int, step_id: int) -> Response | tuple[str, int]:
    """Set when the quiz opens and closes for this cohort."""
    cohort, form = _find(cohort_id), WindowForm()
    if not form.submitted():
        return _page(cohort, step_id, window_form=form), 422
    opens_at, closes_at = form.moments(cohort.time_zone)
    try:
        holding.set_window(
            db.session(),
            current_actor().user_id,
            cohort=cohort,
            step_id=step_id,
            opens_at=opens_at,
            closes_at=closes_at,
            now=utc_now(),
        )
    except Invalid as error:
        return _refused(cohort_id, step_id, form, error), 422
    db.session.commit()
    flash(_("The times are saved. Who sits already keeps the end they have."), "success")
    return _back(cohort_id, step_id)


@bp.post("/kode")
def code(cohort_id: int, step_id: int) -> Response | tuple[str, int]:
    """Ask for a code somebody thought of."""
    form = CodeForm()
    if not form.submitted():
        return _page(_find(cohort_id), step_id, code_form=form), 422
    try:
        _set_code(cohort_id, step_id, form.code.data)
    except Invalid as error:
        return _refused(cohort_id, step_id, form, error), 422
    return _back(cohort_id, step_id)


@bp.post("/kode-baru")
def new_code(cohort_id: int, step_id: int) -> Response:
    """Ask for a code the machine makes; the one before no longer works."""
    _set_code(cohort_id, step_id, holding.make_code())
    return _back(cohort_id, step_id)


@bp.post("/tanpa-kode")
def remove_code(cohort_id: int, step_id: int) -> Response:
    """Ask for no code any more."""
    _set_code(cohort_id, step_id, None)
    return _back(cohort_id, step_id)


def _set_code(cohort_id: int, step_id: int, code: str | None) -> None:
    cohort, actor_id = _find(cohort_id), current_actor().user_id
    holding.set_code(db.session(), actor_id, cohort=cohort, step_id=step_id, code=code, now=utc_now())
    db.session.commit()
    flash(_("Nobody is asked for a code.") if code is None else _("The code holds from now on."), "success")


def _refused(cohort_id: int, step_id: int, form: BaseForm, error: Invalid) -> str:
    db.session.rollback()
    form[error.field].errors = [str(error.message)]
    forms = {"window_form": form} if isinstance(form, WindowForm) else {"code_form": form}
    return _page(_find(cohort_id), step_id, **forms)


def _page(cohort: Cohort, step_id: int, **forms: BaseForm) -> str:
    hall = holding.get_hall(db.session(), cohort, step_id)
    window_form = WindowForm(formdata=None)
    window_form.show(hall, cohort.time_zone)
    shown = {
        "extend_form": ExtendForm(formdata=None, minutes=10, seen=str(hall.held.extended_minutes)),
        "window_form": window_form,
        "code_form": CodeForm(formdata=None),
    }
    return render_template("hall/show.html", cohort=cohort, step_id=step_id, hall=hall, **(shown | forms))


def _find(cohort_id: int) -> Cohort:
    return get_cohort(db.session(), cohort_id, actor=current_actor())


def _back(cohort_id: int, step_id: int) -> Response:
    return redirect(url_for("hall.show", cohort_id=cohort_id, step_id=step_id), 303)
