"""The trainer's bank: find, look at, copy and try questions."""

from __future__ import annotations

from secrets import SystemRandom
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Invalid
from quizzes.bank import cases, queries, services
from quizzes.bank.advice.asking import advise
from quizzes.bank.listing import queries as listing
from quizzes.bank.listing.address import kept_arguments
from quizzes.bank.models import QuestionVersion
from quizzes.bank.policies import can_edit_question
from quizzes.bank.preview.previewing import PREFIX
from quizzes.bank.preview.samples import list_samples
from quizzes.bank.question_reports import QUESTION_REPORTS, ListQuestionReports
from quizzes.bank.quiz import queries as quiz_queries
from quizzes.bank.review.queries import get_life
from quizzes.bank.rules import DIFFICULTIES, LEVELS, STATUSES, USES
from quizzes.types import get_type
from quizzes.types.base import FormatError, Json
from quizzes.types.case_map import draw_case

bp = Blueprint("bank", __name__, url_prefix="/soal")
guard(bp, lambda actor: actor.is_trainer)


@bp.get("/<int:question_id>")
def question(question_id: int) -> str:
    """Show a question with its key, its versions, and where it is used."""
    session, actor = db.session(), current_actor()
    version, stale, origin = queries.find_question(session, question_id, actor=actor)
    kind, content = get_type(version.type), cases.shown_content(session, version)
    prepared = kind.prepare(content, SystemRandom(), shuffle=False)
    list_reports: ListQuestionReports = current_app.extensions[QUESTION_REPORTS]
    return render_template(
        "bank/question.html",
        kept=kept_arguments(),
        reports=list_reports(session, actor, question_id=question_id),
        ways=draw_case(content) if version.type == cases.CASE else [],
        version=version,
        texts=_texts(version, prepared),
        samples=list_samples(version.type, version.content, version.stem_html),
        question=version.question,
        kind=kind,
        item={"name_prefix": PREFIX, "review": kind.review(content, prepared, None), "is_key": True},
        uses=quiz_queries.list_uses(session, question_id, actor=actor),
        stale=stale,
        origin=origin,
        tags=listing.tags_of(session, [question_id])[question_id],
        advice=[point for point in advise(version.source, kind=version.type) if not point.is_good],
        can_edit=can_edit_question(actor, version.question),
        life=get_life(session, version, actor=actor),
        branches=queries.list_branches(session, actor=actor),
        labels={"status": STATUSES, "use": USES, "difficulty": DIFFICULTIES, "level": LEVELS},
    )


@bp.post("/<int:question_id>/salin")
def copy(question_id: int) -> Response:
    """Copy a question to a branch of one's own."""
    session, actor = db.session(), current_actor()
    _find(question_id)
    own = {branch.id for branch in queries.list_branches(session, actor=actor)}
    branch_id = request.form.get("branch_id", type=int) or (min(own) if len(own) == 1 else None)
    if branch_id not in own:
        raise Invalid(_("Choose one of your branch offices."), field="branch_id")
    made = services.copy_question(session, actor, question_id=question_id, branch_id=branch_id, now=utc_now())
    session.commit()
    flash(_("The question is copied. The copy is a draft of your branch office."), "success")
    return redirect(url_for("bank.edit", question_id=made.id), 303)


@bp.route("/<int:question_id>/coba", methods=["GET", "POST"])
def try_out(question_id: int) -> str | tuple[str, int]:
    """Show a question as a trainee meets it, and grade a try that is not kept."""
    version = _find(question_id)
    kind, content = get_type(version.type), cases.shown_content(db.session(), version)
    prepared = kind.prepare(content, SystemRandom(), shuffle=False)
    raw = {
        name.removeprefix(PREFIX): request.form.getlist(name)
        for name in request.form
        if name.startswith(PREFIX)
    }
    item: dict[str, Any] = {
        "name_prefix": PREFIX,
        "present": kind.present(content, prepared),
        "answer": raw,
        "error": "",
    }
    grade = None
    if request.method == "POST":
        try:
            answer = kind.parse(raw, content, prepared)
        except FormatError as error:
            item["error"] = str(error)
        else:
            grade = kind.grade(content, answer)
            item["review"] = kind.review(content, prepared, answer)
    page = render_template(
        "bank/try_out.html",
        version=version,
        texts=_texts(version, prepared),
        question=version.question,
        kind=kind,
        item=item,
        grade=grade,
    )
    return (page, 422) if item["error"] else page


def _find(question_id: int) -> QuestionVersion:
    return queries.get_question(db.session(), question_id, actor=current_actor())


def _texts(version: QuestionVersion, prepared: Json) -> dict[str, str]:
    """Return stem and explanation as a paper has them."""
    kind, content = get_type(version.type), version.content
    return {
        "stem": kind.fill(version.stem_html, content, prepared),
        "explanation": kind.fill(version.explanation_html, content, prepared),
    }
