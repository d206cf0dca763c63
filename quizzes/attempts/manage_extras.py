"""For trainers and organisers: a published quiz of the bank for one cohort, beside its edition."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from courses.cohorts.models import Cohort
from courses.learning.queries import get_own_tree
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict
from lms.core.fields import CHOOSE, choices, radio, select
from lms.core.forms import BaseForm
from quizzes.attempts import extras
from quizzes.bank.cohorts.queries import get_cohort
from quizzes.bank.rules import PURPOSES

bp = Blueprint("extras", __name__, url_prefix="/angkatan/<int:cohort_id>/kuis/tambahan")
guard(bp, lambda actor: actor.is_trainer or actor.is_organiser)


class GiveForm(BaseForm):
    """Which quiz, in which module, and from when on."""

    version_id = select(_l("Quiz"), missing=CHOOSE, coerce=int)
    folder = select(_l("Stands at the end of"), missing=CHOOSE)
    release = radio(_l("Opens"), extras.RELEASES.items(), missing=CHOOSE, default="day")


@bp.get("")
def index(cohort_id: int) -> str:
    """Show what the cohort was given beside its edition, and what it could be given."""
    return _page(_find(cohort_id), GiveForm(formdata=None))


@bp.post("")
def give(cohort_id: int) -> Response | tuple[str, int]:
    """Give the cohort a quiz."""
    session, actor = db.session(), current_actor()
    cohort, form = _find(cohort_id), GiveForm()
    _offer(form, cohort)
    if not form.submitted():
        return _page(cohort, form), 422
    extras.give_quiz(
        session,
        actor.user_id,
        cohort_id=cohort_id,
        version_id=form.version_id.data,
        folder=form.folder.data,
        release=form.release.data,
        now=utc_now(),
    )
    session.commit()
    flash(_("The cohort has this quiz now. Its people find it in their outline."), "success")
    return _back(cohort_id)


@bp.post("/<int:step_id>/tarik")
def take_back(cohort_id: int, step_id: int) -> Response | tuple[str, int]:
    """Take a quiz back that nobody has begun."""
    session, actor = db.session(), current_actor()
    _find(cohort_id)
    try:
        extras.take_back(session, actor.user_id, cohort_id=cohort_id, step_id=step_id, now=utc_now())
    except Conflict as refused:
        session.rollback()
        return _page(_find(cohort_id), GiveForm(formdata=None), str(refused.message)), 409
    session.commit()
    flash(_("Taken back: nobody of the cohort sees this quiz any more."), "success")
    return _back(cohort_id)


def _page(cohort: Cohort, form: GiveForm, refused: str = "") -> str:
    """Show the page; ``form`` may hold what was sent."""
    _offer(form, cohort)
    tree = get_own_tree(db.session(), cohort)
    modules = [module for day in tree.days for module in day.modules]
    return render_template(
        "extras/index.html",
        cohort=cohort,
        form=form,
        refused=refused,
        given=[(module, step) for module in modules for step in module.steps if step.is_extra],
    )


def _offer(form: GiveForm, cohort: Cohort) -> None:
    if form.version_id.choices:
        return
    session = db.session()
    form.version_id.choices = choices(
        (version.id, f"{version.title} ({PURPOSES[version.purpose]})")
        for version in extras.list_givable(session, cohort)
    )
    form.folder.choices = choices(
        (module.folder, f"{day.position}. {module.title}")
        for day in get_own_tree(session, cohort).days
        for module in day.modules
    )


def _find(cohort_id: int) -> Cohort:
    return get_cohort(db.session(), cohort_id, actor=current_actor())


def _back(cohort_id: int) -> Response:
    return redirect(url_for("extras.index", cohort_id=cohort_id), 303)
