"""Reports of one cohort: its quizzes, and one of them."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from courses.cohorts.models import Cohort
from courses.cohorts.queries import get_taught_cohort
from lms.core.accounts.guard import current_actor, guard
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.web.arguments import read_id
from quizzes.bank.rules import PURPOSES
from quizzes.live.facility import LEAST_PEOPLE
from quizzes.statistics.pages import read_which, report_file, report_page
from quizzes.statistics.papers import Scope
from quizzes.statistics.report_queries import Analysed, analyse_all, analyse_version
from quizzes.statistics.verdicts import say

bp = Blueprint("cohort_report", __name__, url_prefix="/angkatan/<int:cohort_id>/analisis")
guard(bp, lambda actor: actor.is_staff)


@bp.get("")
def index(cohort_id: int) -> str:
    """List the quizzes of a cohort that were taken, those with questions to check first."""
    cohort = _cohort(cohort_id)
    found = [
        (taken, report, [say(row) for row in report.to_check])
        for taken, report in analyse_all(db.session(), Scope(cohort_id, is_demo=cohort.is_demo))
    ]
    found.sort(key=lambda one: -len(one[2]))
    return render_template(
        "cohort_report/index.html", cohort=cohort, found=found, purposes=PURPOSES, least=LEAST_PEOPLE
    )


@bp.get("/<int:quiz_id>")
def show(cohort_id: int, quiz_id: int) -> str:
    """Show what to look at, then charts, then numbers."""
    cohort, found = _analysed(cohort_id, quiz_id)
    return report_page("cohort_report/show.html", found, cohort=cohort)


@bp.get("/<int:quiz_id>/tabel.csv")
def table_csv(cohort_id: int, quiz_id: int) -> Response:
    """Hand out the table as CSV."""
    return _file(cohort_id, quiz_id, "csv")


@bp.get("/<int:quiz_id>/tabel.xlsx")
def table_xlsx(cohort_id: int, quiz_id: int) -> Response:
    """Hand out the table as an Excel file."""
    return _file(cohort_id, quiz_id, "xlsx")


def _file(cohort_id: int, quiz_id: int, kind: str) -> Response:
    _cohort_of, found = _analysed(cohort_id, quiz_id)
    return report_file(found, kind=kind, name=f"angkatan-{cohort_id}-kuis-{quiz_id}")


def _analysed(cohort_id: int, quiz_id: int) -> tuple[Cohort, Analysed]:
    """Return the report of a quiz that people of a cohort have handed in.

    Raises:
        NotFound: nobody has.
    """
    cohort = _cohort(cohort_id)
    scope = Scope(cohort_id, which=read_which(), is_demo=cohort.is_demo)
    found = analyse_version(db.session(), quiz_id, scope, version_id=read_id("versi"))
    if found is None:
        raise NotFound
    return cohort, found


def _cohort(cohort_id: int) -> Cohort:
    return get_taught_cohort(db.session(), cohort_id, actor=current_actor())
