"""Pictures that come with the form of a question."""

from __future__ import annotations

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from lms.core.accounts.actor import Actor
from lms.core.clock import utc_now
from lms.core.errors import Invalid
from quizzes.bank.forms import QuestionForm
from quizzes.bank.pictures.storing import MAX_SENT_BYTES, keep_picture, read_picture
from quizzes.types.pictures import show_picture


def take_picture(session: Session, actor: Actor, form: QuestionForm) -> None:
    """Keep a picture that was sent with the form of a question; what is wrong with it stands at its field."""
    detail = form.detail.form
    sent = detail.upload.data if "upload" in detail else None
    if not isinstance(sent, FileStorage) or not sent.filename:
        return
    try:
        picture = read_picture(sent.read(MAX_SENT_BYTES + 1)).as_kept()
    except Invalid as error:
        detail.upload.process_errors = detail.upload.errors = [str(error.message)]
        return
    keep_picture(session, picture, now=utc_now(), actor_id=actor.user_id)
    session.commit()
    detail.picture.data = show_picture(picture.source())
    detail.has_no_picture.data = False
