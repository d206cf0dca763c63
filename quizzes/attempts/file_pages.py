"""Pages of files that come with answers: sending one, and getting it back."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, current_app, flash, make_response, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response

from lms.core.accounts.guard import current_actor, guard
from lms.core.accounts.sign_in import show_form
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid
from lms.core.files import keep_file, read_file
from lms.core.forms import BaseForm
from lms.core.i18n import show_time
from quizzes.attempts import files
from quizzes.attempts.models import PaperItem
from quizzes.attempts.presentation import open_question
from quizzes.attempts.uploads import MAX_FILE_BYTES, ending_of, read_upload

bp = Blueprint("answer_files", __name__)
guard(bp, lambda actor: actor.is_trainer or not actor.is_staff)


class FileForm(BaseForm):
    """One file, sent with an answer."""

    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file first."))])


@bp.route("/jawaban/<int:item_id>/berkas", methods=["GET", "POST"])
def attach(item_id: int) -> Response:
    """Send a file with an answer; it is part of the answer at once."""
    item = files.get_own_item(db.session(), item_id, user_id=current_actor().user_id)
    if item.attempt.state == "submitted":
        return redirect(url_for("attempts.result", attempt_id=item.attempt_id), 303)
    if item.attempt.place > item.position or item.is_checked:
        flash(_("This question is closed: no file can be added to its answer any more."), "warning")
        return redirect(url_for("attempts.show", attempt_id=item.attempt_id), 303)
    form, error = FileForm(), None
    if form.submitted():
        try:
            return _attach(item, form)
        except (Invalid, Conflict) as refused:
            error = refused
            db.session.rollback()
            item = files.get_own_item(db.session(), item_id, user_id=current_actor().user_id)
    return show_form(
        "answer_files/attach.html",
        form,
        error,
        item=item,
        question=open_question(item),
        file=files.find_standing_file(db.session(), item),
    )


@bp.get("/jawaban/<int:item_id>/berkas/<digest>")
def download(item_id: int, digest: str) -> Response:
    """Return a file to keep, never to show: its owner and the trainers of the branch office get it.

    The name says nothing of the person: whoever marks need not know whose answer it is.
    """
    file = files.get_file(db.session(), item_id, digest, actor=current_actor())
    response = make_response(read_file(Path(current_app.config["INSTANCE"]), file.digest))
    response.content_type = file.media_type
    name = f"jawaban-{file.id}{ending_of(file.media_type)}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _attach(item: PaperItem, form: FileForm) -> Response:
    attempt_id, position = item.attempt_id, item.position
    zone = item.attempt.enrolment.cohort.time_zone
    sent = form.file.data
    upload = read_upload(sent.read(MAX_FILE_BYTES + 1), sent.filename or "")
    # No write lock is held while the file goes to the disk.
    db.session.rollback()
    keep_file(Path(current_app.config["INSTANCE"]), upload.body)
    reply = files.attach_file(
        db.session(), upload, item_id=item.id, user_id=current_actor().user_id, now=utc_now()
    )
    db.session.commit()
    if reply.outcome == "late":
        flash(_("The time was over: your file is kept as late and does not count."), "warning")
    elif reply.outcome == "superseded":
        flash(
            _("A newer answer stands, without this file. Look at it, and attach the file again."), "warning"
        )
    else:
        at = show_time(reply.received_at, reply.time_zone or zone)
        flash(_("The file is part of your answer. Saved at %(time)s.", time=at), "success")
    return redirect(url_for("attempts.show", attempt_id=attempt_id, _anchor=f"q{position}"), 303)
