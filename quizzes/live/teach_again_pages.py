"""For trainers: what to teach again tomorrow, on one page to print. No names on it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from courses.cohorts.card_sheet import printable
from courses.cohorts.queries import get_taught_cohort
from lms.core.accounts.guard import current_actor, guard
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.pdf import render_pdf
from quizzes.live.facility import GOOD, LEAST_PEOPLE
from quizzes.live.points import find_worst, list_days

bp = Blueprint("teach_again", __name__, url_prefix="/angkatan/<int:cohort_id>")
guard(bp, lambda actor: actor.is_staff)


@bp.get("/ajarkan-lagi")
def show(cohort_id: int) -> str:
    """Show the points of a day that went worst, which answers drew whom, and what helps."""
    return render_template("teach_again/show.html", **_found(cohort_id))


@bp.get("/ajarkan-lagi.pdf")
def pdf(cohort_id: int) -> Response:
    """Send the same page as a document."""
    found = _found(cohort_id)
    lines = render_template("teach_again/paper.html", **found).splitlines()
    db.session.rollback()
    # What people wrote into a question may hold a sign the typeface lacks.
    html = "\n".join(map(printable, lines))
    response = make_response(render_pdf(html))
    response.content_type = "application/pdf"
    name = f"ajarkan-lagi-{cohort_id}-{found['day']}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _found(cohort_id: int) -> dict[str, Any]:
    session = db.session()
    cohort = get_taught_cohort(session, cohort_id, actor=current_actor())
    days = list_days(session, cohort.edition_id)
    day = _chosen([position for position, _title in days])
    ranking = find_worst(session, cohort, day=day)
    words = {"good": round(GOOD * 100), "least_people": LEAST_PEOPLE}
    return {"cohort": cohort, "days": days, "day": day, "ranking": ranking, **words}


def _chosen(days: list[int]) -> int:
    """Return the day asked for in the address, the first unless one is.

    Raises:
        NotFound: the course has no such day.
    """
    asked = request.args.get("hari", "1")
    if asked not in map(str, days):
        raise NotFound
    return int(asked)
