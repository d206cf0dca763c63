"""The life of a question, and a colleague's look at it before others meet it."""

from __future__ import annotations

from secrets import SystemRandom
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid, LmsError, NotFound
from lms.core.text import tidy
from quizzes.bank import cases, queries
from quizzes.bank.advice.asking import advise
from quizzes.bank.models import QuestionStatus, QuestionVersion
from quizzes.bank.policies import can_edit_question
from quizzes.bank.preview.previewing import PREFIX, Preview
from quizzes.bank.preview.samples import list_samples
from quizzes.bank.review import colleagues, statuses
from quizzes.bank.review import queries as review_queries
from quizzes.bank.review.colleagues import VERDICTS
from quizzes.bank.review.forms import AnswerForm, CommentForm, ReviewForm, VerdictForm
from quizzes.bank.review.life import NEEDS_A_REASON
from quizzes.bank.review.lines import list_lines, name_part
from quizzes.bank.rules import STATUSES
from quizzes.types import get_type

bp = Blueprint("reviews", __name__, url_prefix="/soal")
guard(bp, lambda actor: actor.is_trainer)


@bp.get("/telaah")
def index() -> str:
    """List what waits for this person's review, and what came back to them."""
    session, actor = db.session(), current_actor()
    waiting = review_queries.list_waiting(session, actor=actor)
    return render_template(
        "reviews/index.html",
        waiting=waiting[: queries.PAGE_SIZE],
        is_more=len(waiting) > queries.PAGE_SIZE,
        returned=review_queries.list_returned(session, actor=actor),
    )


@bp.get("/<int:question_id>/telaah")
def show(question_id: int) -> str:
    """Show a question as a trainee meets it, with its key, line by line with what colleagues say."""
    return _page(_find(question_id))


@bp.post("/<int:question_id>/telaah")
def decide(question_id: int) -> Response | tuple[str, int]:
    """Find a question right, or send it back with a reason."""
    session, actor, form = db.session(), current_actor(), VerdictForm()
    try:
        number = _reviewed_number(question_id, form)
        if not form.submitted():
            return _page(_find(question_id), verdict=form), 422
        verdict = VERDICTS[str(form.verdict.data)]
        colleagues.decide(
            session,
            actor,
            question_id=question_id,
            number=number,
            verdict=verdict,
            reason=form.reason.data or "",
            now=utc_now(),
        )
    except (Conflict, Invalid) as error:
        return _refused(question_id, error, form, verdict=form)
    session.commit()
    flash(_said_by_reviewer(verdict), "success")
    return redirect(url_for("reviews.index"), 303)


@bp.post("/<int:question_id>/telaah/catatan")
def comment(question_id: int) -> Response | tuple[str, int]:
    """Say something about one line."""
    session, actor, form = db.session(), current_actor(), CommentForm()
    try:
        number = _reviewed_number(question_id, form)
        if not form.submitted():
            return _page(_find(question_id), remark=form), 422
        said = colleagues.comment(
            session,
            actor,
            question_id=question_id,
            number=number,
            part=form.part.data or "",
            text=form.text.data or "",
            now=utc_now(),
        )
    except Conflict as error:
        return _refused(question_id, error, form, remark=form)
    session.commit()
    return redirect(url_for("reviews.show", question_id=question_id, _anchor=f"catatan-{said.id}"), 303)


@bp.post("/<int:question_id>/telaah/catatan/<int:comment_id>")
def answer(question_id: int, comment_id: int) -> Response | tuple[str, int]:
    """Answer a remark, or close it without words."""
    session, actor, form = db.session(), current_actor(), AnswerForm()
    if not can_edit_question(actor, _find(question_id).question):
        raise NotFound
    form.answer.id = f"answer-{comment_id}"
    if not form.submitted():
        return _page(_find(question_id), answered=(comment_id, form)), 422
    try:
        colleagues.answer_comment(
            session,
            actor,
            question_id=question_id,
            comment_id=comment_id,
            answer=form.answer.data or "",
            now=utc_now(),
        )
    except Conflict as error:
        session.rollback()
        flash(str(error.message), "error")
        return redirect(url_for("reviews.show", question_id=question_id), 303)
    session.commit()
    return redirect(url_for("reviews.show", question_id=question_id, _anchor=f"catatan-{comment_id}"), 303)


@bp.post("/<int:question_id>/status")
def set_status(question_id: int) -> Response:
    """Let a question go on in its life: to review, back to draft, paused, retired."""
    session, actor = db.session(), current_actor()
    _find(question_id)
    try:
        status = QuestionStatus(request.form.get("status", ""))
    except ValueError:
        raise Invalid(_("Choose one from the list."), field="status") from None
    try:
        statuses.set_status(
            session,
            actor,
            question_id=question_id,
            status=status,
            # Only those have a field for it.
            reason=str(tidy(request.form.get("reason", ""))) if status in NEEDS_A_REASON else "",
            before=request.form.get("before", ""),
            now=utc_now(),
        )
    except (Conflict, Invalid) as error:
        session.rollback()
        flash(str(error.message), "error")
        return redirect(url_for("bank.question", question_id=question_id), 303)
    session.commit()
    flash(_said(status), "success")
    return redirect(url_for("bank.question", question_id=question_id), 303)


def _said(status: QuestionStatus) -> str:
    said: dict[QuestionStatus, str] = {
        QuestionStatus.DRAFT: _("The question is a draft again."),
        QuestionStatus.REVIEW: _("The question waits for a colleague's review now."),
        QuestionStatus.READY: _("The question is ready: quizzes can use it now."),
        QuestionStatus.PAUSED: _(
            "The question is paused: it is on no new paper. Papers that are begun keep it."
        ),
        QuestionStatus.RETIRED: _("The question is retired. Published quizzes keep it."),
    }
    return said[status]


def _said_by_reviewer(verdict: QuestionStatus) -> str:
    if verdict is QuestionStatus.READY:
        return str(_("The question is ready: quizzes can use it now."))
    return str(_("The question is back with its author, with your reason."))


def _find(question_id: int) -> QuestionVersion:
    """Return the version that stands of a question this person may edit, or review.

    Raises:
        NotFound: it is another branch's, or the nation's and they are no admin.
    """
    actor = current_actor()
    version = queries.get_question(db.session(), question_id, actor=actor)
    if not can_edit_question(actor, version.question):
        raise NotFound
    return version


def _reviewed_number(question_id: int, form: ReviewForm) -> int:
    """Return the number of the version a form is about, which this person may review.

    Raises:
        NotFound: it is not theirs to review.
        Conflict: it was edited or decided meanwhile.
    """
    version, number = _find(question_id), form.version_number()
    colleagues.check_may_review(db.session(), current_actor(), version, number=number)
    return number if number is not None else version.number


def _refused(question_id: int, error: LmsError, form: ReviewForm, **forms: Any) -> tuple[str, int]:
    """Return the page as it stands now with what keeps a form from being taken, and its text."""
    db.session.rollback()
    if isinstance(error, Invalid) and error.field in form:
        form[error.field].errors = [str(error.message)]
    else:
        form.form_errors.append(str(error.message))
    return _page(_find(question_id), **forms), error.status


def _page(
    version: QuestionVersion,
    *,
    verdict: VerdictForm | None = None,
    remark: CommentForm | None = None,
    answered: tuple[int, AnswerForm] | None = None,
) -> str:
    session, actor = db.session(), current_actor()
    life = review_queries.get_life(session, version, actor=actor)
    lines = list_lines(version)
    comments = review_queries.list_comments(session, version.question_id)
    parts = [line.part for line in lines]
    if remark is not None and remark.part.data in parts:
        remark.text.id = f"text-{parts.index(remark.part.data) + 1}"
    return render_template(
        "reviews/show.html",
        version=version,
        question=version.question,
        life=life,
        may_review=version.question.status == QuestionStatus.REVIEW.value and not life.is_author,
        lines=lines,
        comments=comments,
        homeless=[said for said in comments if said.part not in parts],
        name_part=name_part,
        advice=[point for point in advise(version.source, kind=version.type) if not point.is_good],
        verdict=verdict or VerdictForm(formdata=None),
        remark=remark or CommentForm(formdata=None),
        answered=answered or (0, AnswerForm(formdata=None)),
        status_labels=STATUSES,
        **_shown(session, version),
    )


def _shown(session: Session, version: QuestionVersion) -> dict[str, Any]:
    """Return the question as a trainee meets it, and with its key."""
    kind, content = get_type(version.type), cases.shown_content(session, version)
    prepared = kind.prepare(content, SystemRandom(), shuffle=False)
    item = {
        "name_prefix": PREFIX,
        "present": kind.present(content, prepared),
        "answer": None,
        "error": "",
    }
    stem = kind.fill(version.stem_html, content, prepared)
    return {
        "kind": kind,
        "preview": Preview(stem_html=stem, item=item),
        "samples": list_samples(version.type, version.content, version.stem_html),
        "key": {"name_prefix": "kunci-", "review": kind.review(content, prepared, None), "is_key": True},
        "explanation": kind.fill(version.explanation_html, content, prepared),
    }
