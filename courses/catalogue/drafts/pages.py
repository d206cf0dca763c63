"""Pages of working copies: the list, one with its structure, what the check says of it."""

from __future__ import annotations

from typing import cast

from flask import current_app, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.catalogue import queries as editions
from courses.catalogue.archives import write_archive
from courses.catalogue.drafts import queries, services
from courses.catalogue.drafts.forms import BeginForm
from courses.catalogue.drafts.looking import Workshop
from courses.catalogue.drafts.models import CourseDraft
from courses.catalogue.drafts.reading import read_tree
from courses.catalogue.quizzes import EXTENSION, QuizStore
from courses.facts.book import load_book
from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Invalid
from lms.core.forms import EmptyForm

WORKSHOP = "course_workshop"


def workshop() -> Workshop:
    """Return what reads the courses of this process."""
    quizzes = cast(QuizStore, current_app.extensions[EXTENSION])
    known = current_app.extensions.get(WORKSHOP)
    if not isinstance(known, Workshop) or known.quizzes is not quizzes:
        known = current_app.extensions[WORKSHOP] = Workshop(quizzes)
    return known


def find(copy_id: int) -> CourseDraft:
    """Return a working copy of one's own branches, or 404."""
    return queries.get_draft(db.session(), copy_id, actor=current_actor())


def index() -> Response:
    """List the working copies, and offer to begin one."""
    return _index(_begin_form())


def begin() -> Response:
    """Take the files of an edition as a working copy."""
    form = _begin_form()
    if not form.submitted():
        return _index(form)
    try:
        draft = services.begin_draft(
            db.session(),
            current_actor(),
            edition_id=form.edition_id.data,
            branch_id=form.branch,
            quizzes=workshop().quizzes,
            as_of=form.as_of.data or load_book().as_of,
            now=utc_now(),
        )
    except Invalid as refused:
        db.session.rollback()
        form.branch_id.errors = [str(refused.message)]
        return _index(form)
    address = url_for("drafts.show", copy_id=draft.id)
    db.session.commit()
    flash(
        _("The working copy is there. Nobody but your office sees it until it becomes an edition."), "success"
    )
    return redirect(address, 303)


def show(copy_id: int) -> str:
    """Show a working copy with its days, modules and steps, and what comes next."""
    session, draft = db.session(), find(copy_id)
    files = queries.list_files(session, copy_id)
    return render_template(
        "drafts/show.html",
        draft=draft,
        tree=read_tree(queries.read_files_of(session, copy_id)),
        files={file.path: file for file in files},
        changed=[file for file in files if file.changed_at is not None],
        authors=queries.list_authors(session, copy_id),
    )


def check(copy_id: int) -> str:
    """Show what `lms course check` says of a working copy."""
    session, draft = db.session(), find(copy_id)
    found = workshop().check(session, draft)
    ids = {file.path: file.id for file in queries.list_files(session, copy_id)}
    return render_template("drafts/check.html", draft=draft, found=found, ids=ids)


def archive(copy_id: int) -> Response:
    """Hand out the files of a working copy as a zip, as `lms course load` takes them."""
    draft = find(copy_id)
    slug = draft.course.slug
    response = make_response(write_archive(queries.read_files_of(db.session(), copy_id), slug))
    response.content_type = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-naskah-{draft.id}.zip"'
    return response


def discard(copy_id: int) -> Response:
    """Throw a working copy away."""
    find(copy_id)
    if not EmptyForm().submitted():
        return redirect(url_for("drafts.show", copy_id=copy_id), 303)
    services.discard_draft(db.session(), current_actor(), draft_id=copy_id, now=utc_now())
    db.session.commit()
    flash(_("The working copy is thrown away. Editions and cohorts stay as they are."), "success")
    return redirect(url_for("drafts.index"), 303)


def _begin_form() -> BeginForm:
    session, actor = db.session(), current_actor()
    form = BeginForm(as_of=load_book().as_of)
    form.offer(
        editions.list_editions(session), queries.list_branches(session, actor=actor), is_admin=actor.is_admin
    )
    return form


def _index(form: BeginForm) -> Response:
    drafts = queries.list_drafts(db.session(), actor=current_actor())
    page = render_template("drafts/index.html", form=form, drafts=drafts)
    return make_response(page, 422 if form.errors else 200)
