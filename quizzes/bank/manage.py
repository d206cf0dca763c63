"""The trainer's bank: find, write, try, make ready and retire questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from secrets import SystemRandom
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.catalogue.markdown import make_anchor
from courses.facts.book import load_book
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.web.arguments import read_id, read_word
from quizzes.bank import queries, services
from quizzes.bank.advice import advise
from quizzes.bank.forms import QuestionForm, question_form
from quizzes.bank.models import QuestionStatus, QuestionVersion
from quizzes.bank.policies import can_edit_question
from quizzes.bank.resolving import SourceError, resolve
from quizzes.bank.rules import DIFFICULTIES, LEVELS, STATUSES, USES
from quizzes.bank.services import Draft, make_draft
from quizzes.types import TYPES, get_type
from quizzes.types.base import FormatError, Json

bp = Blueprint("bank", __name__, url_prefix="/soal")
guard(bp, lambda actor: actor.is_trainer)

PREFIX = "coba-"
"""Before the names of inputs in a preview."""


@dataclass(frozen=True)
class Preview:
    """A question as a trainee would meet it; `fault` says why it cannot be shown yet."""

    stem_html: str = ""
    item: dict[str, Any] | None = None
    fault: str = ""


@bp.get("")
def index() -> str:
    """List questions, narrowed by what the address says."""
    session, actor = db.session(), current_actor()
    narrowed = queries.QuestionFilter(
        search=read_word("q"),
        topic=read_word("topik"),
        status=read_word("status"),
        use=read_word("pakai"),
        type=read_word("jenis"),
        owner=read_word("milik"),
    )
    page = queries.list_questions(session, actor=actor, narrowed=narrowed, before=read_id("sebelum"))
    branches = queries.list_branches(session, actor=actor)
    return render_template(
        "bank/index.html",
        page=page,
        narrowed=narrowed,
        topic_pairs=[(topic, topic) for topic in queries.list_topics(session, actor=actor)],
        branches=branches,
        owners=[("nation", _("The nation")), *((branch.id, branch.name) for branch in branches)],
        kinds={kind.key: kind.label for kind in TYPES},
        statuses=STATUSES,
        uses=USES,
        next_url=_older(page.older) if page.older else None,
    )


@bp.route("/baru", methods=["GET", "POST"])
def new() -> str | tuple[str, int] | Response:
    """Write a new question of the type the address names."""
    kind = _kind(request.args.get("jenis", TYPES[0].key))
    session, actor = db.session(), current_actor()
    form = question_form(kind)()
    form.offer_branches(queries.list_branches(session, actor=actor), is_admin=actor.is_admin)
    if request.method == "GET":
        form.detail.form.show({})
        form.topic.data = read_word("topik")
    as_of = load_book().as_of
    action = _act(form)
    if action in {"save", "save-new"}:
        draft = _read_draft(form, as_of=as_of)
        if draft is not None:
            question = services.create_question(
                session, actor, branch_id=form.owner, draft=draft, now=utc_now()
            )
            session.commit()
            flash(_("The question is saved as a draft."), "success")
            return _go_on(action, question.id, draft)
    return _editor(form, as_of=as_of, status=422 if form.errors else 200)


@bp.get("/<int:question_id>")
def question(question_id: int) -> str:
    """Show a question with its key, its versions, and where it is used."""
    session, actor = db.session(), current_actor()
    version = _find(question_id)
    kind = get_type(version.type)
    prepared = kind.prepare(version.content, SystemRandom(), shuffle=False)
    return render_template(
        "bank/question.html",
        version=version,
        question=version.question,
        kind=kind,
        item={"name_prefix": PREFIX, "review": kind.review(version.content, prepared, None)},
        versions=queries.list_question_versions(session, question_id),
        uses=queries.list_uses(session, question_id, actor=actor),
        advice=[point for point in advise(version.source, kind=version.type) if not point.is_good],
        can_edit=can_edit_question(actor, version.question),
        branches=queries.list_branches(session, actor=actor),
        labels={"status": STATUSES, "use": USES, "difficulty": DIFFICULTIES, "level": LEVELS},
    )


@bp.route("/<int:question_id>/ubah", methods=["GET", "POST"])
def edit(question_id: int) -> str | tuple[str, int] | Response:
    """Edit a question; what a published quiz names becomes a new version."""
    session, actor = db.session(), current_actor()
    version = _find(question_id)
    if not can_edit_question(actor, version.question):
        raise NotFound
    form = question_form(version.type)()
    form.fix_owner()
    if request.method == "GET":
        form.show(version)
    action = _act(form)
    if action not in {"save", "save-new"}:
        return _editor(form, as_of=version.as_of, version=version)
    draft = _read_draft(form, as_of=version.as_of, before=version.source)
    if draft is None:
        return _editor(form, as_of=version.as_of, version=version, status=422)
    try:
        services.save_question(
            session,
            actor,
            question_id=question_id,
            base=form.base.data or "",
            draft=draft,
            now=utc_now(),
        )
    except (Conflict, Invalid) as error:
        session.rollback()
        newest = _find(question_id)
        form.form_errors.append(str(error.message))
        form.base.data = newest.source_sha256
        return _editor(form, as_of=newest.as_of, version=newest, status=error.status)
    session.commit()
    flash(_("The question is saved."), "success")
    return _go_on(action, question_id, draft)


@bp.post("/<int:question_id>/status")
def set_status(question_id: int) -> Response | tuple[str, int]:
    """Make a question ready, a draft again, or retire it."""
    session, actor = db.session(), current_actor()
    if not can_edit_question(actor, _find(question_id).question):
        raise NotFound
    try:
        status = QuestionStatus(request.form.get("status", ""))
    except ValueError:
        raise Invalid(_("Choose one from the list."), field="status") from None
    try:
        services.set_status(session, actor, question_id=question_id, status=status, now=utc_now())
    except Invalid as error:
        session.rollback()
        flash(str(error.message), "error")
        return redirect(url_for("bank.question", question_id=question_id), 303)
    session.commit()
    flash(_said(status), "success")
    return redirect(url_for("bank.question", question_id=question_id), 303)


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
    kind = get_type(version.type)
    prepared = kind.prepare(version.content, SystemRandom(), shuffle=False)
    raw = {
        name.removeprefix(PREFIX): request.form.getlist(name)
        for name in request.form
        if name.startswith(PREFIX)
    }
    item: dict[str, Any] = {
        "name_prefix": PREFIX,
        "present": kind.present(version.content, prepared),
        "answer": raw,
        "error": "",
    }
    grade = None
    if request.method == "POST":
        try:
            answer = kind.parse(raw, version.content, prepared)
        except FormatError as error:
            item["error"] = str(error)
        else:
            grade = kind.grade(version.content, answer)
            item["review"] = kind.review(version.content, prepared, answer)
    page = render_template(
        "bank/try_out.html", version=version, question=version.question, item=item, grade=grade
    )
    return (page, 422) if item["error"] else page


def _find(question_id: int) -> QuestionVersion:
    return queries.get_question(db.session(), question_id, actor=current_actor())


def _kind(key: str) -> str:
    if key not in {kind.key for kind in TYPES}:
        raise NotFound
    return key


def _older(before: int) -> str:
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if value}
    return url_for("bank.index", **(kept | {"sebelum": before}))


def _act(form: QuestionForm) -> str:
    """Carry out the button of a row; return what the person wants: look, save or save-new."""
    if request.method == "GET":
        return "look"
    action = request.form.get("aksi", "save")
    if action.startswith("row-"):
        form.detail.form.act(action.removeprefix("row-"))
        return "look"
    return action


def _read_draft(form: QuestionForm, *, as_of: date, before: Json | None = None) -> Draft | None:
    """Return what the form holds, None when it has faults: they are then at their fields."""
    form.detail.form.tidy()
    if not form.submitted():
        return None
    try:
        return make_draft(
            form.read_source(before),
            kind=form.kind,
            topic=str(form.topic.data),
            use=str(form.use.data),
            as_of=as_of,
            book=load_book(),
        )
    except SourceError as error:
        form.say(error.field, error.message)
        return None


def _go_on(action: str, question_id: int, draft: Draft) -> Response:
    if action == "save-new":
        return redirect(url_for("bank.new", jenis=draft.kind, topik=draft.topic), 303)
    return redirect(url_for("bank.question", question_id=question_id), 303)


def _editor(
    form: QuestionForm, *, as_of: date, version: QuestionVersion | None = None, status: int = 200
) -> tuple[str, int]:
    session, actor = db.session(), current_actor()
    topic = make_anchor(form.topic.data or "")
    siblings = queries.list_questions(session, actor=actor, narrowed=queries.QuestionFilter(topic=topic))
    source = _written(form)
    page = render_template(
        "bank/new.html" if version is None else "bank/edit.html",
        form=form,
        kind=get_type(form.kind),
        kinds=TYPES,
        version=version,
        as_of=as_of,
        topic=topic,
        siblings=siblings.rows,
        topics=queries.list_topics(session, actor=actor),
        preview=_preview(form, source, as_of),
        advice=advise(source, kind=form.kind),
        is_used=version is not None and queries.is_used(session, version.id),
        laws=sorted(load_book().laws.values(), key=lambda law: law.id),
        pressed=request.form.get("aksi", ""),
    )
    return page, status


def _written(form: QuestionForm) -> Json:
    """Return what can be read of the form so far."""
    try:
        return form.read_source()
    except FormatError:
        return {"stem": form.stem.data or ""}


def _preview(form: QuestionForm, source: Json, as_of: date) -> Preview:
    kind = get_type(form.kind)
    try:
        resolved = resolve(source, kind=form.kind, book=load_book(), as_of=as_of)
    except SourceError as error:
        return Preview(fault=error.message)
    prepared = kind.prepare(resolved.content, SystemRandom(), shuffle=False)
    item = {
        "name_prefix": PREFIX,
        "present": kind.present(resolved.content, prepared),
        "answer": None,
        "error": "",
    }
    return Preview(stem_html=resolved.stem_html, item=item)


def _said(status: QuestionStatus) -> str:
    said: dict[QuestionStatus, str] = {
        QuestionStatus.READY: _("The question is ready: quizzes can use it now."),
        QuestionStatus.DRAFT: _("The question is a draft again."),
        QuestionStatus.RETIRED: _("The question is retired. Published quizzes keep it."),
    }
    return said[status]
