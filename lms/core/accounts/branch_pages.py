"""Pages of branch offices: the list, a new one, a change. None is ever deleted: certificates name them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.core.accounts import branches, staff_queries
from lms.core.accounts.forms import BranchForm
from lms.core.accounts.guard import current_actor
from lms.core.accounts.sign_in import show_form
from lms.core.accounts.staff_queries import PAGE_SIZE
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid, LmsError
from lms.core.i18n import HOME_ZONE
from lms.core.web.arguments import read_id, read_word


def index() -> str:
    """List branch offices by name, narrowed by what is searched."""
    search, after = read_word("q"), read_id("setelah")
    rows = staff_queries.list_branches(db.session(), search=search, after=after)
    page = rows[:PAGE_SIZE]
    is_more = len(rows) > PAGE_SIZE
    return render_template(
        "branches/index.html",
        rows=page,
        search=search,
        is_first=after is None,
        more_url=url_for("branches.index", q=search or None, setelah=page[-1].branch.id) if is_more else None,
    )


def create() -> Response:
    """Add a branch office."""
    form, error = BranchForm(time_zone=HOME_ZONE), None
    if form.submitted():
        try:
            made = branches.create_branch(
                db.session(), current_actor().user_id, values=form.values(), now=utc_now()
            )
        except Invalid as refused:
            db.session.rollback()
            error = refused
        else:
            name = made.name
            db.session.commit()
            flash(_("%(name)s is there. Next: the people who work there.", name=name), "success")
            return redirect(url_for("branches.index"), 303)
    return show_form("branches/create.html", form, error)


def change(branch_id: int) -> Response:
    """Correct a branch office; what is on certificates that are issued stays."""
    database, error = db.session(), None
    branch, form = staff_queries.get_branch(database, branch_id), BranchForm()
    form.offer_zone(branch.time_zone)
    if not form.is_submitted():
        form.show(branch)
        form.seen.data = branches.mark_of(branch)
    elif form.submitted():
        try:
            return _change(form, branch_id)
        except (Conflict, Invalid) as refused:
            database.rollback()
            error = refused
    return _show_change(form, branch_id, error)


def _change(form: BranchForm, branch_id: int) -> Response:
    branches.change_branch(
        db.session(),
        current_actor().user_id,
        branch_id=branch_id,
        seen=form.seen.data or "",
        values=form.values(),
        now=utc_now(),
    )
    db.session.commit()
    flash(_("Saved. Certificates issued from now on show it."), "success")
    return redirect(url_for("branches.index"), 303)


def _show_change(form: BranchForm, branch_id: int, error: LmsError | None) -> Response:
    """Show the form; after a change by somebody else with how things stand, to save over it knowingly."""
    branch = staff_queries.get_branch(db.session(), branch_id)
    is_stale = isinstance(error, Conflict)
    if is_stale:
        form.seen.data = branches.mark_of(branch)
    return show_form("branches/change.html", form, error, branch=branch, is_stale=is_stale)
