"""A trainer's page about one question whose facts have changed: see both renderings, then decide."""

from __future__ import annotations

from secrets import SystemRandom
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.facts.book import load_book
from courses.facts.radar_pages import KINDS
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.i18n import language
from quizzes.bank.forms import KeepForm, RenewForm
from quizzes.bank.models import QuestionVersion
from quizzes.bank.policies import can_edit_question
from quizzes.bank.quiz import queries as quiz_queries
from quizzes.bank.resolving import Resolved, SourceError
from quizzes.bank.services import Draft, says_the_same
from quizzes.bank.stale.releasing import Review, get_review, keep_question, redraft, renew_question
from quizzes.types import get_type

bp = Blueprint("stale", __name__, url_prefix="/soal")
guard(bp, lambda actor: actor.is_trainer)


@bp.get("/<int:question_id>/tinjau")
def review(question_id: int) -> str:
    """Show a question as it stands beside what it would say with the facts of now."""
    return _page(_find(question_id), KeepForm())


@bp.post("/<int:question_id>/tinjau/baru")
def renew(question_id: int) -> Response | tuple[str, int]:
    """Make a version with the facts of now."""
    found, form = _find_own(question_id), RenewForm()
    if not form.submitted():
        return _page(found, KeepForm(formdata=None)), 422
    try:
        renew_question(
            db.session(),
            current_actor(),
            question_id=question_id,
            mark=form.mark.data or "",
            book=load_book(),
            now=utc_now(),
        )
    except (Conflict, Invalid, SourceError) as error:
        return _refused(question_id, error.message)
    db.session.commit()
    flash(
        _("The new version says what holds now. Publish the quizzes that name the question anew."), "success"
    )
    return redirect(url_for("bank.question", question_id=question_id), 303)


@bp.post("/<int:question_id>/tinjau/tetap")
def keep(question_id: int) -> Response | tuple[str, int]:
    """Let a question go on as it is, with a reason."""
    found, form = _find_own(question_id), KeepForm()
    if not form.submitted():
        return _page(found, form), 422
    try:
        keep_question(
            db.session(),
            current_actor(),
            question_id=question_id,
            mark=form.mark.data or "",
            reason=form.reason.data or "",
            book=load_book(),
            now=utc_now(),
        )
    except Conflict as error:
        return _refused(question_id, error.message)
    db.session.commit()
    flash(_("The question stays as it is and is on new papers again."), "success")
    return redirect(url_for("bank.question", question_id=question_id), 303)


def _find(question_id: int) -> Review:
    return get_review(db.session(), question_id, actor=current_actor(), book=load_book())


def _find_own(question_id: int) -> Review:
    """Return the review of a question the person may edit.

    Raises:
        NotFound: it is not theirs.
    """
    found = _find(question_id)
    if not can_edit_question(current_actor(), found.version.question):
        raise NotFound
    return found


def _refused(question_id: int, message: object) -> Response:
    db.session.rollback()
    flash(str(message), "error")
    return redirect(url_for("stale.review", question_id=question_id), 303)


def _page(found: Review, form: KeepForm) -> str:
    session, actor, book, version = db.session(), current_actor(), load_book(), found.version
    draft, fault = None, ""
    try:
        draft = redraft(found, book=book)
    except SourceError as error:
        fault = error.message
    form.mark.data = found.mark
    return render_template(
        "stale/review.html",
        review=found,
        version=version,
        question=version.question,
        kind=get_type(version.type),
        before=_shown(version.type, version, "lama-"),
        after=_shown(version.type, draft.resolved, "baru-") if draft else None,
        draft=draft,
        fault=fault,
        reads_the_same=draft is not None and _reads_the_same(found, draft),
        law_date=found.law_date(book),
        form=form,
        kinds=KINDS,
        label=lambda key: book.label(key, language()),
        uses=quiz_queries.list_uses(session, version.question_id, actor=actor),
        can_edit=can_edit_question(actor, version.question),
    )


def _reads_the_same(found: Review, draft: Draft) -> bool:
    return says_the_same(found.version, draft) and found.version.as_of == draft.as_of


def _shown(type_key: str, asked: QuestionVersion | Resolved, prefix: str) -> dict[str, Any]:
    """Return one rendering of the question with its key; of numbered variants the first."""
    kind, content = get_type(type_key), asked.content
    prepared = kind.prepare(content, SystemRandom(), shuffle=False)
    return {
        "name_prefix": prefix,
        "review": kind.review(content, prepared, None),
        # Nobody has answered it: there is a key to show, and nothing else.
        "is_key": True,
        "stem": kind.fill(asked.stem_html, content, prepared),
        "explanation": kind.fill(asked.explanation_html, content, prepared),
    }
