"""On which version of its quizzes a cohort runs; moving it on is an explicit act with a preview."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.cohorts.models import Cohort
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from quizzes.bank.cohorts import queries as cohort_queries
from quizzes.bank.cohorts.comparison import compare
from quizzes.bank.cohorts.pinning import pin_version
from quizzes.bank.quiz.draw_rules import words_of_rules
from quizzes.bank.quiz.setting_words import SETTING_NAMES
from quizzes.bank.quiz.showing import WHENS
from quizzes.bank.rules import COUNTS, SHOW_RESULT
from quizzes.bank.stale.staleness import count_paused

bp = Blueprint("cohort_quizzes", __name__, url_prefix="/angkatan/<int:cohort_id>/kuis")
guard(bp, lambda actor: actor.is_trainer or actor.is_organiser)


@bp.get("")
def index(cohort_id: int) -> str:
    """List the quizzes of a cohort, and which have a newer version."""
    session = db.session()
    cohort, pins = _find(cohort_id), cohort_queries.list_pins(session, cohort_id)
    return render_template(
        "cohort_quizzes/index.html",
        cohort=cohort,
        pins=pins,
        paused=count_paused(session, [pin.quiz_version_id for pin in pins]),
        newer=cohort_queries.list_newer_versions(session, cohort),
    )


@bp.get("/<int:published_id>")
def preview(cohort_id: int, published_id: int) -> str:
    """Show what would change for the cohort."""
    session = db.session()
    cohort = _find(cohort_id)
    after = cohort_queries.get_usable_version(session, published_id, cohort=cohort)
    before = cohort_queries.get_pinned_version(session, cohort_id=cohort_id, quiz_key=after.quiz.key)
    return render_template(
        "cohort_quizzes/preview.html",
        cohort=cohort,
        before=before,
        after=after,
        difference=compare(before, after),
        labels={"counts": COUNTS, "show_result": SHOW_RESULT},
        names=SETTING_NAMES,
        whens=WHENS,
        rule_words=words_of_rules([*before.slots, *after.slots]),
    )


@bp.post("/<int:published_id>")
def move(cohort_id: int, published_id: int) -> Response:
    """Let the cohort run on the version."""
    session, actor = db.session(), current_actor()
    _find(cohort_id)
    pin_version(session, actor.user_id, cohort_id=cohort_id, version_id=published_id, now=utc_now())
    session.commit()
    flash(_("The cohort now runs on this version. Attempts that have begun keep theirs."), "success")
    return redirect(url_for("cohort_quizzes.index", cohort_id=cohort_id), 303)


def _find(cohort_id: int) -> Cohort:
    return cohort_queries.get_cohort(db.session(), cohort_id, actor=current_actor())
