"""The page on which one text is written, its look and faults beside it; saved by a button or by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.catalogue.drafts import queries, services
from courses.catalogue.drafts.forms import TextForm
from courses.catalogue.drafts.looking import Look
from courses.catalogue.drafts.models import DraftFile
from courses.catalogue.drafts.pages import workshop
from courses.catalogue.drafts.reports import EXTENSION, LessonReport, ListReports
from courses.catalogue.drafts.services import MAX_TEXT, OtherWriter
from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid, NotFound

TEXTS = (".md", ".yaml", ".txt")


def edit(draft_file_id: int) -> Response:
    """Write a text; the button saves it or shows how it looks."""
    file = find_text(draft_file_id)
    form = TextForm(text=text_of(file), revision=file.revision)
    if request.method == "GET" or form.aksi.data == "look":
        return _page(file, form)
    if not form.submitted():
        return _page(file, form, status=422)
    try:
        _save(form, draft_file_id)
    except OtherWriter:
        return _other_page(draft_file_id, form)
    except (Conflict, Invalid) as refused:
        db.session.rollback()
        form.text.errors = [str(refused.message)]
        return _page(find_text(draft_file_id), form, status=refused.status)
    flash(_("Saved."), "success")
    return redirect(url_for("drafts.edit", draft_file_id=draft_file_id), 303)


def preview(draft_file_id: int) -> Response:
    """Tell how a text looks and what is wrong with it, as a piece of the page; keeps nothing."""
    file = find_text(draft_file_id)
    part = render_template("drafts/_look.html", file=file, look=_look(file, TextForm().text.data or ""))
    return _told(200, html=part)


def autosave(draft_file_id: int) -> Response:
    """Keep a text while it is being written; what stands between is told as JSON."""
    find_text(draft_file_id)
    form = TextForm()
    if not form.submitted():
        return _told(422, message=_("This page was open for too long. Open it again in another tab."))
    try:
        file = _save(form, draft_file_id)
    except OtherWriter as other:
        db.session.rollback()
        file = find_text(draft_file_id)
        part = render_template("drafts/_other.html", file=file, other=text_of(file))
        return _told(409, message=str(other.message), revision=file.revision, html=part)
    except (Conflict, Invalid) as refused:
        db.session.rollback()
        return _told(refused.status, message=str(refused.message))
    return _told(200, revision=file.revision)


def find_text(draft_file_id: int) -> DraftFile:
    """Return a file of one's own branches that is a text, or 404."""
    file = queries.get_file(db.session(), draft_file_id, actor=current_actor())
    if not file.path.endswith(TEXTS):
        raise NotFound
    return file


def text_of(file: DraftFile) -> str:
    """Return what a file says, for a browser."""
    return file.body.decode("utf-8", "replace").replace("\r\n", "\n")


def _save(form: TextForm, draft_file_id: int) -> DraftFile:
    file = services.write_file(
        db.session(),
        current_actor(),
        draft_file_id=draft_file_id,
        text=form.text.data or "",
        revision=form.revision.data or 0,
        now=utc_now(),
    )
    db.session.commit()
    return file


def _other_page(draft_file_id: int, form: TextForm) -> Response:
    """Show both texts: saving once more keeps one's own."""
    db.session.rollback()
    file = find_text(draft_file_id)
    form.revision.data, form.revision.raw_data = file.revision, None
    return _page(file, form, status=409, other=text_of(file))


def _page(file: DraftFile, form: TextForm, *, status: int = 200, other: str | None = None) -> Response:
    page = render_template(
        "drafts/edit.html",
        file=file,
        draft=file.draft,
        form=form,
        look=_look(file, form.text.data or ""),
        other=other,
        most=MAX_TEXT,
        reports=_reports(file),
    )
    return make_response(page, status)


def _look(file: DraftFile, text: str) -> Look:
    if len(text) > MAX_TEXT:
        return Look()
    return workshop().look_at(db.session(), file.draft, path=file.path, text=text)


def _reports(file: DraftFile) -> Sequence[LessonReport]:
    """Return what trainees report of questions that send their reader to this text."""
    list_reports: ListReports = current_app.extensions[EXTENSION]
    slug, path = file.draft.course.slug, file.path.rpartition(".")[0]
    return list_reports(db.session(), current_actor(), slug=slug, path=path)


def _told(status: int, **values: Any) -> Response:
    return make_response(jsonify(values), status)
