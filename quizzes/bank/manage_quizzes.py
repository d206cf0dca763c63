"""The trainer's quizzes: their versions, drafts, slots, publication."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.facts.book import load_book
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Invalid, NotFound
from lms.core.web.arguments import read_id, read_word
from quizzes.bank import drafts, queries
from quizzes.bank.forms import SettingsForm, SlotForm
from quizzes.bank.models import QuizVersion
from quizzes.bank.policies import can_edit_version
from quizzes.bank.publishing import Plan, plan_publication, publish
from quizzes.bank.rules import COUNTS, PURPOSES, SHOW_RESULT

bp = Blueprint("quizzes", __name__, url_prefix="/kuis")
guard(bp, lambda actor: actor.is_trainer)


@bp.get("")
def index() -> str:
    """List quizzes with their newest version."""
    session, actor = db.session(), current_actor()
    search = read_word("q")
    rows = queries.list_quizzes(session, actor=actor, search=search, after=read_id("sesudah"))
    is_more = len(rows) > queries.PAGE_SIZE
    rows = rows[: queries.PAGE_SIZE]
    return render_template(
        "quizzes/index.html",
        rows=rows,
        search=search,
        purposes=PURPOSES,
        next_url=url_for("quizzes.index", q=search or None, sesudah=rows[-1][0].id) if is_more else None,
    )


@bp.get("/<int:quiz_id>")
def quiz(quiz_id: int) -> str:
    """Show the versions of a quiz."""
    session, actor = db.session(), current_actor()
    quiz = queries.get_quiz(session, quiz_id, actor=actor)
    return render_template(
        "quizzes/quiz.html",
        quiz=quiz,
        versions=queries.list_versions(session, quiz.id, actor=actor),
        branches=queries.list_branches(session, actor=actor),
    )


@bp.get("/<int:quiz_id>/versi/<int:version_id>")
def version(quiz_id: int, version_id: int) -> str:
    """Show settings and slots; a draft of one's own can be changed here."""
    found = _find(quiz_id, version_id)
    form = SettingsForm(formdata=None)
    form.show(found)
    return _page(found, form)


@bp.post("/<int:quiz_id>/versi/<int:version_id>/draf")
def create_draft(quiz_id: int, version_id: int) -> Response:
    """Begin the next version as a copy of this one, or go on with the draft there is."""
    session, actor = db.session(), current_actor()
    original = _find(quiz_id, version_id)
    own = {branch.id for branch in queries.list_branches(session, actor=actor)}
    branch_id = request.form.get("branch_id", type=int)
    if branch_id is None and not actor.is_admin:
        branch_id = original.branch_id or (min(own) if len(own) == 1 else None)
    if branch_id not in own and not (branch_id is None and actor.is_admin):
        raise Invalid(_("Choose one of your branch offices."), field="branch_id")
    draft = drafts.create_draft(
        session, actor, quiz_id=quiz_id, from_version_id=version_id, branch_id=branch_id, now=utc_now()
    )
    session.commit()
    return _to(draft)


@bp.post("/<int:quiz_id>/versi/<int:version_id>/pengaturan")
def settings(quiz_id: int, version_id: int) -> Response | tuple[str, int]:
    """Change how a draft is taken."""
    session, actor = db.session(), current_actor()
    found = _find_own(quiz_id, version_id)
    form = SettingsForm()
    if not form.submitted():
        return _page(found, form), 422
    drafts.change_settings(
        session,
        actor,
        version_id=version_id,
        base=form.base.data or "",
        settings=form.read(),
        now=utc_now(),
    )
    session.commit()
    flash(_("The settings are saved."), "success")
    return _to(found)


@bp.post("/<int:quiz_id>/versi/<int:version_id>/isi")
def slots(quiz_id: int, version_id: int) -> Response | tuple[str, int]:
    """Add, remove or move a slot of a draft."""
    session = db.session()
    found = _find_own(quiz_id, version_id)
    form = SlotForm()
    try:
        if not form.submitted():
            raise Invalid(_first_error(form))
        _change_slots(form, version_id)
    except Invalid as error:
        session.rollback()
        flash(str(error.message), "error")
        found = _find_own(quiz_id, version_id)
        shown = SettingsForm(formdata=None)
        shown.show(found)
        return _page(found, shown), 422
    session.commit()
    return redirect(f"{_address(found)}#isi", 303)


@bp.post("/<int:quiz_id>/versi/<int:version_id>/terbit")
def publish_version(quiz_id: int, version_id: int) -> Response:
    """Publish a draft."""
    session, actor = db.session(), current_actor()
    found = _find(quiz_id, version_id)
    if not actor.works_at(found.branch_id):
        raise NotFound
    try:
        publish(
            session,
            actor,
            quiz_id=quiz_id,
            version_id=version_id,
            base=request.form.get("base", ""),
            book=load_book(),
            now=utc_now(),
        )
    except Invalid as error:
        session.rollback()
        flash(str(error.message), "error")
        return redirect(_address(found), 303)
    session.commit()
    flash(_("The version is published. New cohorts run on it; choose below who else does."), "success")
    return _to(found)


@bp.post("/<int:quiz_id>/versi/<int:version_id>/buang")
def discard(quiz_id: int, version_id: int) -> Response:
    """Throw a draft away."""
    session, actor = db.session(), current_actor()
    _find_own(quiz_id, version_id)
    drafts.discard_draft(session, actor, version_id=version_id, now=utc_now())
    session.commit()
    flash(_("The draft is thrown away."), "success")
    return redirect(url_for("quizzes.quiz", quiz_id=quiz_id), 303)


def _find(quiz_id: int, version_id: int) -> QuizVersion:
    return queries.get_version(db.session(), version_id, quiz_id=quiz_id, actor=current_actor())


def _find_own(quiz_id: int, version_id: int) -> QuizVersion:
    found = _find(quiz_id, version_id)
    if not can_edit_version(current_actor(), found):
        raise NotFound
    return found


def _address(found: QuizVersion) -> str:
    return url_for("quizzes.version", quiz_id=found.quiz_id, version_id=found.id)


def _to(found: QuizVersion) -> Response:
    return redirect(_address(found), 303)


def _first_error(form: SlotForm) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)


def _change_slots(form: SlotForm, version_id: int) -> None:
    """Do what the pressed button says."""
    session, actor, now = db.session(), current_actor(), utc_now()
    base = form.base.data or ""
    action, _dash, number = request.form.get("aksi", "").partition("-")
    slot_id = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0
    place: dict[str, Any] = {"version_id": version_id, "base": base, "now": now}
    actions: dict[str, Callable[[], object]] = {
        "question": lambda: drafts.add_question(
            session, actor, question_id=form.question_id.data or 0, **place
        ),
        "draw": lambda: drafts.add_draw(
            session, actor, topic=form.topic.data or "", count=form.count.data or 0, **place
        ),
        "up": lambda: drafts.move_slot(session, actor, slot_id=slot_id, by=-1, **place),
        "down": lambda: drafts.move_slot(session, actor, slot_id=slot_id, by=1, **place),
        "delete": lambda: drafts.remove_slot(session, actor, slot_id=slot_id, **place),
    }
    if action not in actions:
        raise Invalid(_("Use the buttons of the page."))
    actions[action]()


def _page(found: QuizVersion, form: SettingsForm) -> str:
    session, actor = db.session(), current_actor()
    is_own_draft = can_edit_version(actor, found)
    context: dict[str, Any] = {
        "version": found,
        "quiz": found.quiz,
        "form": form,
        "is_own_draft": is_own_draft,
        "purposes": PURPOSES,
        "labels": {"counts": COUNTS, "show_result": SHOW_RESULT},
        "page_size": queries.PAGE_SIZE,
        "branches": queries.list_branches(session, actor=actor),
    }
    if is_own_draft:
        context |= _draft_context(found)
    elif found.status == "published":
        context["cohorts"] = queries.list_cohorts_on(session, found, actor=actor)
    return render_template("quizzes/version.html", **context)


def _draft_context(found: QuizVersion) -> dict[str, Any]:
    """Return what a draft's page needs: problems, and what can be put in."""
    session = db.session()
    search, topic = read_word("q"), read_word("topik")
    scope: dict[str, Any] = {"quiz_key": found.quiz.key, "branch_id": found.branch_id}
    plan: Plan = plan_publication(session, found, book=load_book())
    is_searching = "q" in request.args or bool(topic)
    return {
        "plan": plan,
        "topics": queries.count_askable(session, **scope),
        "search": search,
        "topic": topic,
        "is_searching": is_searching,
        "hits": queries.search_askable(session, search=search, topic=topic, **scope) if is_searching else [],
        "named": {
            question_id
            for slot in found.slots
            if slot.draw_topic is None
            for question_id in plan.slots[slot.id]
        },
    }
