"""What a working copy changes, and its way from its writer over a colleague to an edition: one page."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.catalogue import queries as editions
from courses.catalogue.drafts import queries, releasing
from courses.catalogue.drafts.differences import Difference, compare
from courses.catalogue.drafts.models import CourseDraft
from courses.catalogue.drafts.pages import find, workshop
from courses.catalogue.folder import read_files
from courses.catalogue.services import CourseFaults
from courses.catalogue.sources import FolderFaults
from courses.facts.book import load_book
from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, NotFound
from lms.core.forms import EmptyForm


def difference(copy_id: int) -> Response:
    """Show what a working copy changes against the edition it came from."""
    return _page(find(copy_id))


def send(copy_id: int) -> Response:
    """Ask a colleague to look; a course with faults is not sent."""
    draft = find(copy_id)
    if not EmptyForm().submitted():
        return _page(draft, _("This page was open for too long. Press the button again."), 422)
    if workshop().check(db.session(), draft).faults:
        return _page(draft, _("The course has faults: mend them first."), 409)
    try:
        releasing.send_to_review(
            db.session(),
            current_actor(),
            draft_id=copy_id,
            revision=_revision(),
            message=_words(),
            now=utc_now(),
        )
    except Conflict as refused:
        db.session.rollback()
        return _page(find(copy_id), str(refused.message), 409)
    db.session.commit()
    flash(_("Sent. A colleague who has not written in it looks at it next."), "success")
    return redirect(url_for("drafts.difference", copy_id=copy_id), 303)


def answer(copy_id: int) -> Response:
    """Approve, or send back with what to change."""
    draft = find(copy_id)
    approves = request.form.get("aksi") == "approve"
    if not EmptyForm().submitted():
        return _page(draft, _("This page was open for too long. Press the button again."), 422)
    if not approves and not _words():
        return _page(draft, _("Say what should be changed."), 422)
    try:
        releasing.answer_review(
            db.session(),
            current_actor(),
            draft_id=copy_id,
            revision=_revision(),
            approves=approves,
            answer=_words(),
            now=utc_now(),
        )
    except Conflict as refused:
        db.session.rollback()
        return _page(find(copy_id), str(refused.message), 409)
    db.session.commit()
    flash(_("Approved. An admin can publish it now.") if approves else _("Sent back."), "success")
    return redirect(url_for("drafts.difference", copy_id=copy_id), 303)


def publish(copy_id: int) -> Response:
    """Make an edition of an approved working copy."""
    if not current_actor().is_admin:
        raise NotFound
    draft = find(copy_id)
    if not EmptyForm().submitted():
        return _page(draft, _("This page was open for too long. Press the button again."), 422)
    try:
        edition = releasing.publish_draft(
            db.session(),
            current_actor(),
            draft_id=copy_id,
            revision=_revision(),
            quizzes=workshop().quizzes,
            now=utc_now(),
        )
    except (Conflict, CourseFaults) as refused:
        db.session.rollback()
        return _page(find(copy_id), str(refused.message), 409)
    number = edition.number
    db.session.commit()
    flash(
        _(
            "Edition %(number)s is published. Cohorts stay on theirs until somebody moves them.",
            number=number,
        ),
        "success",
    )
    return redirect(url_for("editions.index"), 303)


def _page(draft: CourseDraft, error: str = "", status: int = 200) -> Response:
    session = db.session()
    page = render_template(
        "drafts/difference.html",
        draft=draft,
        difference=_difference(draft),
        is_author=releasing.is_author(session, draft, current_actor()),
        authors=queries.list_authors(session, draft.id),
        newest=editions.find_edition(session, draft.course.slug),
        error=error,
        typed=_words() if status != 200 else "",
        most=releasing.MAX_WORDS,
    )
    return make_response(page, status)


def _difference(draft: CourseDraft) -> Difference | None:
    """Return what changes; None where the files cannot be read as a course at the moment."""
    session = db.session()
    try:
        old = read_files(editions.read_files_of(session, draft.edition_id))
        new = read_files(queries.read_files_of(session, draft.id))
    except FolderFaults:
        return None
    return compare(old, new, book=load_book(), old_day=draft.edition.as_of, new_day=draft.as_of)


def _revision() -> int:
    return request.form.get("revision", 0, type=int)


def _words() -> str:
    return request.form.get("words", "").strip()[: releasing.MAX_WORDS]
