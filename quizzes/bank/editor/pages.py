"""Writing a question: a new one, an edit, and a step back."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.facts.book import load_book
from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.i18n import HOME_ZONE, show_time
from quizzes.bank import cases, queries, services
from quizzes.bank.editor import keeping
from quizzes.bank.editor.draft_pages import keep_form
from quizzes.bank.editor.opening import open_form
from quizzes.bank.editor.screen import home_of, show_editor
from quizzes.bank.form_fields import is_beyond_sense
from quizzes.bank.forms import QuestionForm
from quizzes.bank.listing.address import kept_arguments
from quizzes.bank.manage import bp
from quizzes.bank.models import QuestionVersion
from quizzes.bank.pictures.forms import take_picture
from quizzes.bank.pictures.storing import find_missing
from quizzes.bank.pictures.texts import list_pictures
from quizzes.bank.policies import can_edit_question
from quizzes.bank.resolving import SourceError
from quizzes.bank.services import Draft, Outdated, make_draft
from quizzes.types import TYPES

MAX_SENT = 8_000_000
"""Bytes of a form of a question that are read, so that a text far too long comes back with a sentence."""
_EDITORS = frozenset({"bank.new", "bank.edit", "bank.keep_draft"})


@bp.url_value_preprocessor
def _read_long_forms(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint in _EDITORS:
        request.max_form_memory_size = request.max_content_length = MAX_SENT


@bp.route("/baru", methods=["GET", "POST"])
def new() -> str | tuple[str, int] | Response:
    """Write a new question of the type the address names."""
    kind = request.args.get("jenis", TYPES[0].key)
    if kind not in {one.key for one in TYPES}:
        raise NotFound
    session, actor = db.session(), current_actor()
    form, as_of = open_form(kind), load_book().as_of
    form.offer_branches(queries.list_branches(session, actor=actor), is_admin=actor.is_admin)
    action = _act(form)
    if action == "keep" and form.knows_owner():
        return _keep(form)
    if action in {"save", "save-new"}:
        draft = _read_draft(form, as_of=as_of)
        if draft is not None:
            question = services.create_question(
                session, actor, branch_id=form.owner, draft=draft, now=utc_now()
            )
            keeping.drop_draft(session, actor, slot=form.slot.data or "")
            session.commit()
            flash(_("The question is saved as a draft."), "success")
            return _go_on(action, question.id, draft)
    return show_editor(form, as_of=as_of, status=422 if form.errors else 200)


@bp.route("/<int:question_id>/ubah", methods=["GET", "POST"])
def edit(question_id: int) -> str | tuple[str, int] | Response:
    """Edit a question; what is saved becomes a new version."""
    session, actor = db.session(), current_actor()
    version = _find(question_id)
    form = open_form(version.type, version)
    action = _act(form)
    if action in {"keep", "theirs"}:
        return _keep(form, question_id, is_left=action == "theirs")
    if action not in {"save", "save-new"}:
        return show_editor(form, as_of=version.as_of, version=version)
    draft = _read_draft(form, as_of=version.as_of, version=version)
    if draft is None:
        return show_editor(form, as_of=version.as_of, version=version, status=422)
    base = form.base.data or ""
    try:
        services.save_question(session, actor, question_id=question_id, base=base, draft=draft, now=utc_now())
    except (Conflict, Invalid) as error:
        session.rollback()
        return _refused(form, question_id, error)
    keeping.drop_draft(session, actor, slot=form.slot.data or "")
    session.commit()
    flash(_("The question is saved."), "success")
    return _go_on(action, question_id, draft, before=version)


@bp.post("/<int:question_id>/kembali")
def bring_back(question_id: int) -> Response:
    """Make an earlier version the newest again, as a version of its own."""
    session, actor, newest = db.session(), current_actor(), _find(question_id)
    number = request.form.get("versi", type=int)
    versions = queries.list_question_versions(session, question_id)
    old = next((version for version in versions if version.number == number), None)
    if old is None:
        raise Invalid(_("Choose one from the list."), field="versi")
    try:
        draft = _draft_of(old.source, newest)
        services.save_question(
            session,
            actor,
            question_id=question_id,
            base=request.form.get("base", ""),
            draft=draft,
            now=utc_now(),
        )
    except (Conflict, Invalid, SourceError) as error:
        session.rollback()
        flash(str(error.message), "error")
    else:
        session.commit()
        flash(_("Version %(number)s is in force again, as a new version.", number=old.number), "success")
    return redirect(url_for("bank.question", question_id=question_id), 303)


def _find(question_id: int) -> QuestionVersion:
    """Return the newest version of a question that is this person's to edit."""
    version = queries.get_question(db.session(), question_id, actor=current_actor())
    if not can_edit_question(current_actor(), version.question):
        raise NotFound
    return version


def _act(form: QuestionForm) -> str:
    """Carry out the button of a row; return what the person wants: look, keep, theirs, save or save-new."""
    if request.method == "GET":
        return "look"
    take_picture(db.session(), current_actor(), form)
    action = request.form.get("aksi", "save")
    if action.startswith("row-"):
        form.detail.form.act(action.removeprefix("row-"))
        return "look"
    return action


def _keep(form: QuestionForm, question_id: int | None = None, *, is_left: bool = False) -> Response:
    """Keep the form as a draft; then go on with it, or with what is stored."""
    draft = keep_form(form, question_id=question_id)
    flash(_("Draft kept at %(time)s", time=show_time(draft.changed_at, HOME_ZONE)), "success")
    if is_left:
        return redirect(url_for("bank.edit", question_id=question_id), 303)
    if question_id is None:
        return redirect(url_for("bank.new", jenis=form.kind, draf=draft.slot), 303)
    return redirect(url_for("bank.edit", question_id=question_id, draf=draft.slot), 303)


def _refused(form: QuestionForm, question_id: int, error: Conflict | Invalid) -> tuple[str, int]:
    """Show the form again; what a colleague saved meanwhile stands beside it, and the text is kept."""
    newest = _find(question_id)
    form.form_errors.append(str(error.message))
    is_outdated = isinstance(error, Outdated)
    if is_outdated:
        keep_form(form, question_id=question_id)
        form.base.data = newest.source_sha256
    return show_editor(form, as_of=newest.as_of, version=newest, status=error.status, is_outdated=is_outdated)


def _read_draft(form: QuestionForm, *, as_of: date, version: QuestionVersion | None = None) -> Draft | None:
    """Return what the form holds, None when it has faults: they are then at their fields."""
    if is_beyond_sense(form):
        return None
    form.detail.form.tidy()
    if not form.submitted():
        return None
    source = form.read_source(version.source if version else None)
    if missing := find_missing(db.session(), list_pictures(source)):
        form.form_errors.append(
            _("%(count)s pictures in the texts are not here: put them in again.", count=len(missing))
        )
        return None
    use = str(form.use.data)
    try:
        return make_draft(
            source,
            kind=form.kind,
            topic=str(form.topic.data),
            use=use,
            as_of=as_of,
            book=load_book(),
            told=cases.told_source(
                db.session(), source, kind=form.kind, use=use, home=home_of(form, version)
            ),
        )
    except SourceError as error:
        form.say(error.field, error.message)
        return None


def _draft_of(source: dict[str, Any], newest: QuestionVersion) -> Draft:
    """Return an earlier wording as it would be saved now."""
    question, kind = newest.question, newest.type
    home = cases.Home(question.key, question.branch_id)
    return make_draft(
        source,
        kind=kind,
        topic=question.topic,
        use=question.use,
        as_of=newest.as_of,
        book=load_book(),
        told=cases.told_source(db.session(), source, kind=kind, use=question.use, home=home),
    )


def _go_on(action: str, question_id: int, draft: Draft, before: QuestionVersion | None = None) -> Response:
    """Lead to the question or to the next one; a script is told where that is."""
    undo = before.number if before is not None else None
    kept: dict[str, Any] = dict(kept_arguments()) if before is not None else {}
    url = url_for("bank.question", question_id=question_id, urung=undo, **kept)
    if action == "save-new":
        url = url_for("bank.new", jenis=draft.kind, topik=draft.topic)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        response = Response(status=204)
        response.headers["Location"] = url
        return response
    return redirect(url, 303)
