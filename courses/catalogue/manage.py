"""Pages of trainers about editions: which there are, their files, and a course folder sent as a zip.

Trainers look; loading and publishing change the questions of the whole nation and are for admins.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.catalogue import queries, uploads
from courses.catalogue.archives import write_archive
from courses.catalogue.folder import read_files
from courses.catalogue.forms import CourseZipForm
from courses.catalogue.models import CourseUpload
from courses.catalogue.quizzes import EXTENSION, QuizStore
from courses.catalogue.services import CourseFaults, publish_edition
from courses.facts.book import load_book
from courses.facts.documents import Fault
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, NotFound
from lms.core.forms import EmptyForm

bp = Blueprint("editions", __name__, url_prefix="/edisi")
guard(bp, lambda actor: actor.is_trainer)


@bp.get("")
def index() -> str:
    """List the editions, the newest first."""
    return render_template(
        "editions/index.html",
        editions=queries.list_editions(db.session()),
        uploads=uploads.list_uploads(db.session(), actor=current_actor()),
    )


@bp.get("/<int:edition_id>/berkas.zip")
def archive(edition_id: int) -> Response:
    """Hand out the folder an edition was made from, as it was or with the edits of questions made since."""
    edition = queries.get_edition_with_course(db.session(), edition_id)
    files = queries.read_files_of(db.session(), edition.id)
    if request.args.get("suntingan") == "ya" and files:
        files |= _quizzes().edited_files(db.session(), read_files(files))
    response = make_response(write_archive(files, edition.course.slug))
    response.content_type = "application/zip"
    name = f"{edition.course.slug}-edisi-{edition.number}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.post("/<int:edition_id>/terbit")
def publish(edition_id: int) -> Response:
    """Make a draft available to cohorts."""
    _require_admin()
    if not EmptyForm().submitted():
        return redirect(url_for("editions.index"), 303)
    edition = publish_edition(db.session(), edition_id, now=utc_now(), actor_id=current_actor().user_id)
    number = edition.number
    db.session.commit()
    flash(_("Edition %(number)s is published.", number=number), "success")
    return redirect(url_for("editions.index"), 303)


@bp.get("/unggah")
def send() -> Response:
    """Ask for a course folder as a zip."""
    return _form_page(CourseZipForm(as_of=load_book().as_of), [])


@bp.post("/unggah")
def look() -> Response:
    """Look at a zip: its faults at once, or on to what it would change."""
    form = CourseZipForm()
    if not form.submitted():
        return _form_page(form, [])
    body, name = form.file.data.read(), form.file.data.filename or "kursus.zip"
    as_of, actor_id = form.as_of.data or load_book().as_of, current_actor().user_id
    try:
        found = uploads.look_at(db.session(), body, name, as_of=as_of, quizzes=_quizzes())
    except CourseFaults as refused:
        db.session.rollback()
        return _form_page(form, refused.faults)
    upload = uploads.store_upload(
        db.session(), actor_id, body=body, file_name=name, as_of=as_of, look=found, now=utc_now()
    )
    address = url_for("editions.review", upload_id=upload.id)
    db.session.commit()
    return redirect(address, 303)


@bp.get("/unggah/<int:upload_id>")
def review(upload_id: int) -> Response:
    """Show what a zip holds and would change; an admin may load it."""
    return _review_page(_own(upload_id))


@bp.post("/unggah/<int:upload_id>/muat")
def load(upload_id: int) -> Response:
    """Load a zip as a draft, or publish it at once."""
    _require_admin()
    upload = _own(upload_id)
    as_of = upload.as_of
    if not EmptyForm().submitted():
        return _review_page(upload, _("This page was open for too long. Press the button again."))
    try:
        edition = uploads.load_upload(
            db.session(),
            current_actor(),
            upload_id=upload_id,
            quizzes=_quizzes(),
            publish=request.form.get("publish") == "yes",
            now=utc_now(),
        )
    except Conflict as refused:
        db.session.rollback()
        return _review_page(_own(upload_id), str(refused.message))
    except CourseFaults as refused:
        db.session.rollback()
        return _form_page(CourseZipForm(as_of=as_of), refused.faults)
    number, status = edition.number, edition.status
    db.session.commit()
    words = (
        _("Edition %(number)s is published.", number=number)
        if status == "published"
        else _("Edition %(number)s is loaded as a draft.", number=number)
    )
    flash(words, "success")
    return redirect(url_for("editions.index"), 303)


@bp.post("/unggah/<int:upload_id>/buang")
def throw_away(upload_id: int) -> Response:
    """Forget a zip."""
    upload = _own(upload_id)
    if not EmptyForm().submitted():
        return _review_page(upload, _("This page was open for too long. Press the button again."))
    uploads.forget_upload(db.session(), upload_id, actor=current_actor())
    db.session.commit()
    flash(_("Thrown away. Nothing was changed."), "success")
    return redirect(url_for("editions.send"), 303)


def _form_page(form: CourseZipForm, faults: Sequence[Fault]) -> Response:
    page = render_template("editions/send.html", form=form, faults=faults, most=uploads.MAX_SHOWN)
    return make_response(page, 422 if form.errors or faults else 200)


def _review_page(upload: CourseUpload, error: str = "") -> Response:
    page = render_template("editions/review.html", upload=upload, found=upload.found, error=error)
    return make_response(page, 409 if error else 200)


def _own(upload_id: int) -> CourseUpload:
    return uploads.get_upload(db.session(), upload_id, actor=current_actor())


def _quizzes() -> QuizStore:
    return cast(QuizStore, current_app.extensions[EXTENSION])


def _require_admin() -> None:
    if not current_actor().is_admin:
        raise NotFound
