"""Pages of markers: what waits for a mark, one answer after the other, a mark corrected."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.learning import report_queries as lesson_reports
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict
from quizzes.attempts.presentation import open_question
from quizzes.attempts.stories import list_stories
from quizzes.grading import queries, report_queries
from quizzes.grading.correcting import Correction, correct
from quizzes.grading.forms import CorrectionForm, MarkingForm, correction_form, marking_form
from quizzes.grading.marking import judge
from quizzes.grading.queries import Paper
from quizzes.types import get_type

bp = Blueprint("marking", __name__, url_prefix="/nilai")
guard(bp, lambda actor: actor.is_trainer)


@bp.get("")
def index() -> str:
    """List what waits for this marker, and reports nobody has answered."""
    session, actor = db.session(), current_actor()
    return render_template(
        "marking/index.html",
        heaps=queries.list_heaps(session, actor),
        marked=queries.list_marked(session, actor),
        reports=report_queries.list_reports(session, actor),
        lessons=lesson_reports.list_open(session, actor),
        page_size=queries.PAGE_SIZE,
    )


@bp.get("/<int:item_id>")
def answer(item_id: int) -> str:
    """Show one answer to be judged, with the way to the next."""
    paper = queries.get_paper(db.session(), current_actor(), item_id=item_id)
    return _answer_page(paper, _form_of(paper, fresh=True))


@bp.post("/<int:item_id>")
def mark(item_id: int) -> Response | tuple[str, int]:
    """Keep the judgement and go on to the next answer."""
    session, actor = db.session(), current_actor()
    paper = queries.get_paper(session, actor, item_id=item_id)
    form = _form_of(paper)
    if not form.submitted():
        return _answer_page(paper, form), 422
    try:
        is_marked = judge(
            session,
            actor,
            item_id=item_id,
            fraction=form.read_fraction(),
            levels=form.read_levels(),
            comment=form.comment.data or "",
            now=utc_now(),
        )
    except Conflict as error:
        session.rollback()
        flash(str(error.message), "error")
    else:
        session.commit()
        flash(_("Marked.") if is_marked else _("Kept. Another marker judges it, too."), "success")
    next_id = queries.find_next(session, actor, item_id=item_id)
    if next_id is None:
        return redirect(url_for("marking.index"), 303)
    return redirect(url_for("marking.answer", item_id=next_id), 303)


def _form_of(paper: Paper, *, fresh: bool = False) -> MarkingForm:
    version = paper.item.question_version
    kind = marking_form(tuple(get_type(version.type).rubric(version.content)))
    return kind(formdata=None) if fresh else kind()


def _answer_page(paper: Paper, form: MarkingForm) -> str:
    session, actor = db.session(), current_actor()
    return render_template(
        "marking/answer.html",
        **_shown(paper),
        stories=list_stories(session, [paper.item]),
        form=form,
        is_mine=any(judgement.marker_id == actor.user_id for judgement in paper.judgements),
        is_waiting=queries.is_waiting(session, paper.item.id),
        next_id=queries.find_next(session, actor, item_id=paper.item.id, skips=True),
        waiting=queries.count_waiting(session, actor),
    )


def _shown(paper: Paper) -> dict[str, Any]:
    """Return what every page about an answer shows of it."""
    version, response = paper.item.question_version, paper.item.response
    review = get_type(version.type).review(
        version.content, paper.item.prepared, response.answer if response else None
    )
    return {
        "paper": paper,
        "version": version,
        "question": open_question(paper.item),
        "review": {
            "name_prefix": "jawaban-",
            "review": review,
            "item_id": paper.item.id,
            "is_theirs": True,
        },
    }


@bp.get("/<int:item_id>/ubah")
def correction(item_id: int) -> str:
    """Show the mark an answer has, how it came about, and the form for another."""
    paper = queries.get_paper(db.session(), current_actor(), item_id=item_id)
    form = _correction_form_of(paper, fresh=True)
    history = queries.list_history(db.session(), item_id)
    if history and history[-1].number:
        last = history[-1]
        form.seen.data, form.comment.data = str(last.number), last.comment
        form.suggest(last.fraction, [judgement.levels for judgement in paper.judgements])
    return _correction_page(paper, form)


@bp.post("/<int:item_id>/ubah")
def correct_mark(item_id: int) -> Response | tuple[str, int]:
    """Give the answer another mark."""
    session, actor = db.session(), current_actor()
    paper = queries.get_paper(session, actor, item_id=item_id)
    form = _correction_form_of(paper)
    if not form.submitted():
        return _correction_page(paper, form), 422
    try:
        done = correct(
            session,
            actor,
            item_id=item_id,
            fraction=form.read_fraction(),
            levels=form.read_levels(),
            comment=form.comment.data or "",
            reason=form.reason.data or "",
            seen=form.read_seen(),
            now=utc_now(),
        )
    except Conflict as error:
        session.rollback()
        flash(str(error.message), "error")
    else:
        session.commit()
        _tell(done)
    return redirect(url_for("marking.correction", item_id=item_id), 303)


def _tell(done: Correction) -> None:
    """Say what became of the result."""
    flash(_("Corrected. The result follows from it."), "success")
    if done.gains:
        flash(_("The quiz is passed by it now."), "info")
    if done.loses:
        flash(
            _("By it the quiz would not be passed. The step, and a certificate, stand until people decide."),
            "warning",
        )


def _correction_form_of(paper: Paper, *, fresh: bool = False) -> CorrectionForm:
    version = paper.item.question_version
    kind = correction_form(tuple(get_type(version.type).rubric(version.content)))
    return kind(formdata=None) if fresh else kind()


def _correction_page(paper: Paper, form: CorrectionForm) -> str:
    return render_template(
        "marking/correction.html",
        **_shown(paper),
        form=form,
        is_waiting=queries.is_waiting(db.session(), paper.item.id),
        history=queries.list_history(db.session(), paper.item.id),
    )
