"""The form of a question as it is opened: empty, as stored, as kept, or as sent."""

from __future__ import annotations

import secrets

from flask import request
from werkzeug.datastructures import MultiDict

from lms.core.accounts.guard import current_actor
from lms.core.db import db
from lms.core.web.arguments import read_word
from quizzes.bank.editor import keeping
from quizzes.bank.editor.models import QuestionDraft
from quizzes.bank.forms import QuestionForm, question_form
from quizzes.bank.models import QuestionVersion


def open_form(kind: str, version: QuestionVersion | None = None) -> QuestionForm:
    """Return the form for this request; an edit leaves out what only a new question asks."""
    draft = _asked_draft(kind, version.question_id if version else None)
    form = question_form(kind)() if draft is None else question_form(kind)(formdata=_as_sent(draft))
    if version is not None:
        form.fix_owner()
    if request.method == "GET" and draft is None:
        _show(form, version)
    if draft is not None:
        form.slot.data, form.revision = draft.slot, draft.revision
    elif not keeping.is_slot(form.slot.data or ""):
        form.slot.data = secrets.token_urlsafe(12)
    return form


def _as_sent(draft: QuestionDraft) -> MultiDict[str, str]:
    return MultiDict([(name, value) for name, value in draft.fields])


def _asked_draft(kind: str, question_id: int | None) -> QuestionDraft | None:
    """Return the draft the address asks for."""
    slot = read_word("draf")
    if request.method != "GET" or not slot:
        return None
    draft = keeping.find_draft(db.session(), current_actor(), slot=slot, question_id=question_id)
    return draft if draft is not None and draft.kind == kind else None


def _show(form: QuestionForm, version: QuestionVersion | None) -> None:
    if version is not None:
        form.show(version)
    else:
        form.detail.form.show({})
        form.topic.data = read_word("topik")
