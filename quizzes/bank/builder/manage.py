"""The trainer's quizzes: the list, versions and drafts of each, and how a draft is taken."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Invalid
from lms.core.web.arguments import read_id, read_word
from quizzes.bank import queries
from quizzes.bank.builder.version_page import find_own_draft, find_version, to_version, version_page
from quizzes.bank.forms import SettingsForm
from quizzes.bank.quiz import drafts
from quizzes.bank.quiz import queries as quiz_queries
from quizzes.bank.quiz.presets import get_preset
from quizzes.bank.rules import PURPOSES

bp = Blueprint("quizzes", __name__, url_prefix="/kuis")
guard(bp, lambda actor: actor.is_trainer)


@bp.get("")
def index() -> str:
    """List quizzes with their newest version."""
    session, actor = db.session(), current_actor()
    search = read_word("q")
    rows = quiz_queries.list_quizzes(session, actor=actor, search=search, after=read_id("sesudah"))
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
    quiz = quiz_queries.get_quiz(session, quiz_id, actor=actor)
    return render_template(
        "quizzes/quiz.html",
        quiz=quiz,
        versions=quiz_queries.list_versions(session, quiz.id, actor=actor),
        branches=queries.list_branches(session, actor=actor),
    )


@bp.get("/<int:quiz_id>/versi/<int:version_id>")
def version(quiz_id: int, version_id: int) -> str:
    """Show settings and slots; a draft of one's own can be changed here."""
    return version_page(find_version(quiz_id, version_id))


@bp.post("/<int:quiz_id>/versi/<int:version_id>/draf")
def create_draft(quiz_id: int, version_id: int) -> Response:
    """Begin the next version as a copy of this one, or go on with the draft there is."""
    session, actor = db.session(), current_actor()
    original = find_version(quiz_id, version_id)
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
    return to_version(draft)


@bp.post("/<int:quiz_id>/versi/<int:version_id>/pengaturan")
def settings(quiz_id: int, version_id: int) -> Response | tuple[str, int]:
    """Change how a draft is taken."""
    session, actor = db.session(), current_actor()
    found = find_own_draft(quiz_id, version_id)
    form = SettingsForm()
    if not form.submitted():
        return version_page(found, form), 422
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
    return to_version(found)


@bp.post("/<int:quiz_id>/versi/<int:version_id>/cara")
def use_preset(quiz_id: int, version_id: int) -> Response:
    """Set how a draft is taken as one of the presets says."""
    session, actor = db.session(), current_actor()
    found = find_own_draft(quiz_id, version_id)
    preset = get_preset(request.form.get("preset", ""))
    if preset is None:
        raise Invalid(_("Choose one from the list."), field="preset")
    settings, base = preset.apply(found), request.form.get("base", "")
    drafts.change_settings(session, actor, version_id=version_id, base=base, settings=settings, now=utc_now())
    session.commit()
    flash(_("The settings are now those of: %(preset)s.", preset=preset.label), "success")
    return to_version(found)


@bp.post("/<int:quiz_id>/versi/<int:version_id>/buang")
def discard(quiz_id: int, version_id: int) -> Response:
    """Throw a draft away."""
    session, actor = db.session(), current_actor()
    find_own_draft(quiz_id, version_id)
    drafts.discard_draft(session, actor, version_id=version_id, now=utc_now())
    session.commit()
    flash(_("The draft is thrown away."), "success")
    if quiz_queries.list_versions(session, quiz_id, actor=actor):
        return redirect(url_for("quizzes.quiz", quiz_id=quiz_id), 303)
    return redirect(url_for("quizzes.index"), 303)
