"""Pictures of questions, for everybody who is signed in: their hash is on papers only, and tells no key."""

from __future__ import annotations

from flask import Blueprint, make_response
from werkzeug.wrappers import Response

from lms.core.accounts.guard import guard
from lms.core.db import db
from quizzes.bank.pictures.storing import get_picture
from quizzes.types.pictures import ADDRESS

bp = Blueprint("question_pictures", __name__)
guard(bp, lambda _actor: True)


@bp.get(f"{ADDRESS}<sha256>")
def show(sha256: str) -> Response:
    """Return a picture; it never changes, so a phone keeps it for when there is no signal."""
    picture = get_picture(db.session(), sha256)
    response = make_response(picture.body)
    response.content_type = picture.media_type
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
