"""A picture for a text of a question: sent with what it shows, answered with the mark that shows it."""

from __future__ import annotations

from flask import jsonify, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Invalid
from quizzes.bank.manage import bp
from quizzes.bank.pictures.storing import MAX_SENT_BYTES, keep_picture, read_picture
from quizzes.bank.pictures.texts import TextPicture, tidy_alt


@bp.route("/gambar", methods=["GET", "POST"])
def add_picture() -> str | tuple[str, int] | Response:
    """Keep a picture and show its mark, to be copied; a script gets it as JSON and puts it in itself."""
    alt, kept, fault, field = tidy_alt(request.form.get("alt", "")), None, "", ""
    if request.method == "POST":
        try:
            kept = _keep(request.files.get("gambar"), alt)
        except Invalid as error:
            if _is_script():
                raise
            fault, field = str(error.message), error.field
    if kept is not None and _is_script():
        return jsonify({"mark": kept.mark})
    page = render_template("bank/add_picture.html", alt=alt, kept=kept, fault=fault, field=field)
    return (page, 422) if fault else page


def _keep(sent: FileStorage | None, alt: str) -> TextPicture:
    """Keep what was sent, and commit.

    Raises:
        Invalid: there is no picture, it cannot be kept, or nobody says what it shows.
    """
    if sent is None or not sent.filename:
        raise Invalid(_("Choose a picture."), field="gambar")
    if not alt:
        raise Invalid(
            _("Say in words what the picture shows: it is read out to who cannot see it."), field="alt"
        )
    body = sent.read(MAX_SENT_BYTES + 1)
    sent.close()
    picture = read_picture(body, kept_as="WEBP").as_kept()
    keep_picture(db.session(), picture, now=utc_now(), actor_id=current_actor().user_id)
    db.session.commit()
    return TextPicture(picture.sha256, picture.width, picture.height, alt)


def _is_script() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
