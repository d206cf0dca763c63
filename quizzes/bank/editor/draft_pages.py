"""Drafts of questions: kept while somebody writes, thrown away on request."""

from __future__ import annotations

from flask import flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Invalid
from lms.core.i18n import HOME_ZONE, show_time
from quizzes.bank import queries
from quizzes.bank.editor import keeping
from quizzes.bank.editor.keeping import Kept
from quizzes.bank.editor.models import QuestionDraft
from quizzes.bank.form_fields import sent_fields
from quizzes.bank.forms import QuestionForm, question_form
from quizzes.bank.manage import bp
from quizzes.types import TYPES


@bp.post("/draf")
def keep_draft() -> Response:
    """Keep what a form holds, for the script that sends it every few seconds."""
    kind = request.form.get("jenis", "")
    if kind not in {one.key for one in TYPES}:
        raise Invalid(_("Choose one from the list."), field="jenis")
    form, question_id = question_form(kind)(), request.form.get("soal", type=int)
    if question_id is None:
        _check_owner(form)
    draft = keep_form(
        form,
        question_id=question_id,
        revision=request.form.get("revisi", 0, type=int),
    )
    said = _("Draft kept at %(time)s", time=show_time(draft.changed_at, HOME_ZONE))
    return jsonify({"revision": draft.revision, "said": said})


@bp.post("/draf/buang")
def drop_draft() -> Response:
    """Throw a draft away."""
    keeping.drop_draft(db.session(), current_actor(), slot=request.form.get("slot", ""))
    db.session.commit()
    flash(_("The draft is thrown away."), "success")
    question_id = request.form.get("soal", type=int)
    if question_id:
        return redirect(url_for("bank.edit", question_id=question_id), 303)
    return redirect(url_for("bank.new"), 303)


def _check_owner(form: QuestionForm) -> None:
    """See that a new question belongs to nobody the form did not offer.

    Raises:
        Invalid: it does.
    """
    actor = current_actor()
    form.offer_branches(queries.list_branches(db.session(), actor=actor), is_admin=actor.is_admin)
    if not form.knows_owner():
        raise Invalid(_("Choose one of your branch offices."), field="branch_id")


def keep_form(form: QuestionForm, *, question_id: int | None, revision: int | None = None) -> QuestionDraft:
    """Keep what was sent with a form, and commit."""
    kept = Kept(form.slot.data or "", form.kind, question_id, sent_fields(form, request.form))
    draft = keeping.keep_draft(db.session(), current_actor(), kept, now=utc_now(), revision=revision)
    db.session.commit()
    return draft
