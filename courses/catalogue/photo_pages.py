"""Photos of lessons, for everybody who is signed in."""

from __future__ import annotations

from flask import Blueprint, make_response
from werkzeug.wrappers import Response

from courses.catalogue.photos import ADDRESS, get_photo
from lms.core.accounts.guard import guard
from lms.core.db import db

bp = Blueprint("lesson_pictures", __name__)
guard(bp, lambda _actor: True)


@bp.get(f"{ADDRESS}<sha256>")
def show(sha256: str) -> Response:
    """Return a photo; it never changes, so a phone keeps it."""
    response = make_response(get_photo(db.session(), sha256))
    response.content_type = "image/webp"
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
