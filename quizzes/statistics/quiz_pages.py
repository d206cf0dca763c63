"""Report of a quiz over all cohorts of one's branches that ran on the same version."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from lms.core.accounts.guard import current_actor, guard
from lms.core.db import db
from lms.core.web.arguments import read_id
from quizzes.bank.models import Quiz
from quizzes.bank.quiz.queries import get_quiz
from quizzes.statistics.pages import branches_of, read_which, report_file, report_page
from quizzes.statistics.papers import Scope
from quizzes.statistics.report_queries import Analysed, analyse_version

bp = Blueprint("quiz_report", __name__, url_prefix="/kuis/<int:quiz_id>/analisis")
guard(bp, lambda actor: actor.is_staff)


@bp.get("")
def show(quiz_id: int) -> str:
    """Show what to look at, then charts, then numbers."""
    quiz, found = _analysed(quiz_id)
    return report_page("quiz_report/show.html", found, quiz=quiz)


@bp.get("/tabel.csv")
def table_csv(quiz_id: int) -> Response:
    """Hand out the table as CSV."""
    return report_file(_analysed(quiz_id)[1], kind="csv", name=f"kuis-{quiz_id}")


@bp.get("/tabel.xlsx")
def table_xlsx(quiz_id: int) -> Response:
    """Hand out the table as an Excel file."""
    return report_file(_analysed(quiz_id)[1], kind="xlsx", name=f"kuis-{quiz_id}")


def _analysed(quiz_id: int) -> tuple[Quiz, Analysed | None]:
    session, actor = db.session(), current_actor()
    quiz = get_quiz(session, quiz_id, actor=actor)
    scope = Scope(branch_ids=branches_of(actor), which=read_which(), is_demo=actor.is_demo)
    return quiz, analyse_version(session, quiz_id, scope, version_id=read_id("versi"))
