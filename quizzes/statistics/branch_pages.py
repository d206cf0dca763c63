"""Report of one branch: its cohorts by what they learned, its quizzes by how many papers there are."""

from __future__ import annotations

from flask import Blueprint, render_template

from lms.core.accounts.guard import current_actor, guard
from lms.core.accounts.models import Branch
from lms.core.db import db
from lms.core.errors import NotFound
from quizzes.bank.rules import PURPOSES
from quizzes.statistics import charts
from quizzes.statistics.gain_pages import shown_of
from quizzes.statistics.gain_queries import learning_of, list_cohort_gains, read_learners
from quizzes.statistics.pages import read_which
from quizzes.statistics.papers import Scope
from quizzes.statistics.report_queries import list_taken

bp = Blueprint("branch_report", __name__, url_prefix="/kantor/<int:branch_id>/analisis")
guard(bp, lambda actor: actor.is_staff)

MOST_COHORTS = 40
"""Cohorts in the drawing, the newest; the table has all."""


@bp.get("")
def show(branch_id: int) -> str:
    """Show what the cohorts of a branch learned, and which quizzes were taken."""
    session, branch = db.session(), _branch(branch_id)
    scope = Scope(branch_ids=frozenset({branch_id}), which=read_which(), is_demo=branch.is_demo)
    learners = read_learners(session, scope)
    gains = list_cohort_gains(session, learners)
    drawn = [(cohort.name, gain.before or 0.0, gain.after or 0.0) for cohort, gain in gains[:MOST_COHORTS]]
    return render_template(
        "branch_report/show.html",
        branch=branch,
        gains=gains,
        cohorts=charts.draw_dumbbells(drawn),
        taken=list_taken(session, scope),
        purposes=PURPOSES,
        **shown_of(learning_of(session, learners)),
    )


def _branch(branch_id: int) -> Branch:
    """Return a branch somebody works at.

    Raises:
        NotFound: there is none, or it is another's.
    """
    branch = db.session().get(Branch, branch_id)
    if branch is None or not current_actor().works_at(branch_id):
        raise NotFound
    return branch
