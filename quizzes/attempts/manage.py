"""For organisers: sittings of a person with every save, handing in for them, answers that came too late."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.cohorts.queries import get_cohort, get_enrolment
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.web.arguments import read_id
from quizzes.attempts import queries, receipt_queries
from quizzes.attempts.handing_in import hand_in_for
from quizzes.attempts.receipts import receipt_lines, show_second

bp = Blueprint("receipts", __name__, url_prefix="/angkatan/<int:cohort_id>")
guard(bp, lambda actor: actor.is_organiser)


@bp.get("/terlambat")
def late(cohort_id: int) -> str:
    """List the answers that came too late, the newest first; none of them counts."""
    cohort = get_cohort(db.session(), cohort_id, actor=current_actor())
    found = receipt_queries.list_late(db.session(), cohort_id, before=read_id("sebelum"))
    page = found[: receipt_queries.PAGE_SIZE]
    more_url = None
    if len(found) > len(page):
        more_url = url_for("receipts.late", cohort_id=cohort_id, sebelum=page[-1].event.id)
    return render_template(
        "receipts/late.html", cohort=cohort, answers=page, show_second=show_second, more_url=more_url
    )


@bp.get("/peserta/<int:enrolment_id>/percobaan")
def sittings(cohort_id: int, enrolment_id: int) -> str:
    """List the sittings of a person, each a way to every save of it."""
    session = db.session()
    enrolment = get_enrolment(session, enrolment_id, cohort_id=cohort_id, actor=current_actor())
    return render_template(
        "receipts/sittings.html",
        cohort=enrolment.cohort,
        enrolment=enrolment,
        sittings=receipt_queries.list_sittings(session, enrolment_id),
    )


@bp.post("/percobaan/<int:attempt_id>/serahkan")
def hand_in(cohort_id: int, attempt_id: int) -> Response:
    """Hand a sitting in for its person."""
    cohort = get_cohort(db.session(), cohort_id, actor=current_actor())
    actor_id = current_actor().user_id
    hand_in_for(db.session(), actor_id, cohort=cohort, attempt_id=attempt_id, now=utc_now())
    db.session.commit()
    flash(_("Handed in. What was saved until now counts."), "success")
    return redirect(url_for("receipts.show", cohort_id=cohort_id, attempt_id=attempt_id), 303)


@bp.get("/percobaan/<int:attempt_id>/tanda-terima")
def show(cohort_id: int, attempt_id: int) -> str:
    """List every save of a sitting in the cohort with time and receipt code."""
    cohort = get_cohort(db.session(), cohort_id, actor=current_actor())
    attempt = queries.get_attempt_of_cohort(db.session(), attempt_id, cohort_id=cohort_id)
    found = receipt_queries.list_events(db.session(), attempt_id, before=read_id("sebelum"))
    page = found[: receipt_queries.PAGE_SIZE]
    more_url = None
    if len(found) > len(page):
        last = page[-1][0].id
        more_url = url_for("receipts.show", cohort_id=cohort_id, attempt_id=attempt_id, sebelum=last)
    return render_template(
        "receipts/show.html",
        cohort=cohort,
        attempt=attempt,
        lines=receipt_lines(page, cohort.time_zone),
        more_url=more_url,
    )
