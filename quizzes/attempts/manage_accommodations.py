"""For organisers: what one person is allowed beyond the others, with reason and who gave it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.cohorts.models import Enrolment
from courses.cohorts.queries import get_enrolment
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Invalid
from quizzes.attempts import accommodations as services
from quizzes.attempts.hall_forms import AccommodationForm
from quizzes.attempts.windows import OpenSitting, list_open_sittings
from quizzes.bank.cohorts.queries import list_pins

bp = Blueprint(
    "accommodations",
    __name__,
    url_prefix="/angkatan/<int:cohort_id>/peserta/<int:enrolment_id>/kelonggaran",
)
guard(bp, lambda actor: actor.is_organiser)


@bp.get("")
def index(cohort_id: int, enrolment_id: int) -> str:
    """List what a person is and was allowed, and take something new."""
    return _page(_find(cohort_id, enrolment_id), AccommodationForm())


@bp.post("")
def give(cohort_id: int, enrolment_id: int) -> Response | tuple[str, int]:
    """Allow a person more."""
    enrolment, form = _find(cohort_id, enrolment_id), AccommodationForm()
    _offer(enrolment, form)
    if not form.submitted():
        return _page(enrolment, form), 422
    try:
        services.give(
            db.session(),
            current_actor().user_id,
            enrolment=enrolment,
            cohort=enrolment.cohort,
            quiz_id=form.quiz_id,
            extra_time_percent=form.extra_time_percent.data or 0,
            extra_minutes=form.extra_minutes.data or 0,
            extra_attempts=form.extra_attempts.data or 0,
            reason=form.reason.data or "",
            now=utc_now(),
        )
    except Invalid as error:
        form.form_errors.append(str(error.message))
        return _page(enrolment, form), 422
    db.session.commit()
    _tell(enrolment, form)
    return _back(cohort_id, enrolment_id)


@bp.post("/<int:accommodation_id>/cabut")
def take_back(cohort_id: int, enrolment_id: int, accommodation_id: int) -> Response:
    """End what a person was allowed."""
    enrolment = _find(cohort_id, enrolment_id)
    services.take_back(
        db.session(),
        current_actor().user_id,
        enrolment=enrolment,
        cohort=enrolment.cohort,
        given_id=accommodation_id,
        now=utc_now(),
    )
    db.session.commit()
    flash(_("This holds no longer. A sitting that has begun keeps its time."), "success")
    return _back(cohort_id, enrolment_id)


def _page(enrolment: Enrolment, form: AccommodationForm) -> str:
    _offer(enrolment, form)
    return render_template(
        "accommodations/index.html",
        cohort=enrolment.cohort,
        enrolment=enrolment,
        given=services.list_given(db.session(), enrolment.id),
        cut=_list_cut(enrolment),
        form=form,
    )


def _tell(enrolment: Enrolment, form: AccommodationForm) -> None:
    """Say from when it holds, and where it does not lengthen what is going on."""
    gives_time = form.extra_time_percent.data or form.extra_minutes.data
    if gives_time and _list_cut(enrolment):
        flash(_("This holds from now on. A sitting that is going on ends with its quiz: see below."), "info")
    else:
        flash(_("This holds from now on; who sits at the moment has the time already."), "success")


def _list_cut(enrolment: Enrolment) -> list[OpenSitting]:
    """Return what a person sits at that more time does not lengthen: it goes up to the end of its quiz."""
    cohort = enrolment.cohort
    found = list_open_sittings(db.session(), cohort, enrolment_id=enrolment.id)
    return [sitting for sitting in found if sitting.is_cut(cohort)]


def _offer(enrolment: Enrolment, form: AccommodationForm) -> None:
    if not form.quiz.choices:
        pins = list_pins(db.session(), enrolment.cohort_id)
        form.offer([(pin.quiz_id, pin.quiz_version.title) for pin in pins])


def _find(cohort_id: int, enrolment_id: int) -> Enrolment:
    return get_enrolment(db.session(), enrolment_id, cohort_id=cohort_id, actor=current_actor())


def _back(cohort_id: int, enrolment_id: int) -> Response:
    return redirect(url_for("accommodations.index", cohort_id=cohort_id, enrolment_id=enrolment_id), 303)
