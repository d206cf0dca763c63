"""How a question did: the finding first, then the numbers with what they can tell."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _l

from lms.core.accounts.guard import current_actor, guard
from lms.core.db import db
from quizzes.bank.queries import get_question
from quizzes.bank.quiz.queries import list_uses
from quizzes.grading.reports_beside import list_of_question
from quizzes.live.facility import LEAST_PEOPLE
from quizzes.statistics.choice_queries import find_answers, find_choices, find_version
from quizzes.statistics.items import LEAST_FOR_DISCRIMINATION
from quizzes.statistics.queries import MOST_PAPERS, analyse_question

bp = Blueprint("statistics", __name__, url_prefix="/soal", template_folder="templates")
guard(bp, lambda actor: actor.is_trainer)

FINDINGS = {
    "few": _l("Too few answers to say anything yet."),
    "key": _l("Look at the key: those who do well elsewhere get this one wrong."),
    "hard": _l("Hardly anybody gets it right: is the wording clear, and is it taught?"),
    "easy": _l("Almost everybody gets it right: it tells little about who knows more."),
    "weak": _l("It hardly tells those who know from those who do not."),
    "fine": _l("It does what it should: those who know more get it right more often."),
    "open": _l("Nothing speaks against it; more answers would say more."),
}
"""By the word of `quizzes.statistics.items.ItemAnalysis.finding`."""


@bp.get("/<int:question_id>/capaian")
def question(question_id: int) -> str:
    """Show where a question is used, how it did there and what trainees report of it."""
    session, actor = db.session(), current_actor()
    version = get_question(session, question_id, actor=actor)
    rows = analyse_question(session, question_id, is_demo=actor.is_demo)
    # A wording nobody has answered yet tells nothing: the newest that somebody did.
    answered = find_version(session, question_id, rows[0].group.version_number) if rows else version
    return render_template(
        "statistics/question.html",
        version=version,
        rows=rows,
        answered=answered,
        choices=find_choices(session, answered, is_demo=actor.is_demo),
        answers=find_answers(session, answered, is_demo=actor.is_demo),
        uses=list_uses(session, question_id, actor=actor),
        reports=list_of_question(session, actor, question_id=question_id),
        findings=FINDINGS,
        least=LEAST_PEOPLE,
        least_for_discrimination=LEAST_FOR_DISCRIMINATION,
        most=MOST_PAPERS,
    )
