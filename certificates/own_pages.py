"""A person's certificates by their own link, without signing in: the account may be closed, the card run out.

Whoever has the link sees and fetches them; nothing else can be changed by it.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from certificates import queries
from certificates.checking.verdict import standing_of
from certificates.handing_out import hand_out, refuse_fallen, send_paper
from certificates.links import read_own_token
from certificates.models import Certificate
from certificates.record import read_record
from certificates.sharing import share_link
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.web.headers import NO_REFERER

bp = Blueprint("own_certificates", __name__)


@bp.after_request
def _keep_private(response: BaseResponse) -> BaseResponse:
    """Keep the page out of search engines and caches, and its address out of other sites' logs."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = NO_REFERER
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/milik/<int:user_id>/<token>")
def index(user_id: int, token: str) -> str:
    """Show all certificates of whoever keeps this link."""
    _require(user_id, token)
    rows, now = queries.list_own(db.session(), user_id), utc_now()
    records = {row.id: read_record(row.record) for row in rows}
    return render_template(
        "own_certificates/index.html",
        rows=rows,
        records=records,
        links={row.id: share_link(row) for row in rows},
        standings={row.id: standing_of(row, records[row.id], now=now).value for row in rows},
        user_id=user_id,
        token=token,
    )


@bp.post("/milik/<int:user_id>/<token>/<int:certificate_id>/berkas")
def keep(user_id: int, token: str, certificate_id: int) -> BaseResponse:
    """Make and keep the signed file if there is none yet, and send it."""
    certificate = _get(user_id, token, certificate_id)
    hand_out(certificate, staff_id=None)
    return redirect(
        url_for("own_certificates.pdf", user_id=user_id, token=token, certificate_id=certificate_id), 303
    )


@bp.get("/milik/<int:user_id>/<token>/<int:certificate_id>.pdf")
def pdf(user_id: int, token: str, certificate_id: int) -> Response | BaseResponse:
    """Send the signed file; where none is kept, lead to the page with the button."""
    certificate = _get(user_id, token, certificate_id)
    if certificate.pdf_sha256 is None:
        return redirect(url_for("own_certificates.index", user_id=user_id, token=token), 303)
    return send_paper(certificate)


def _get(user_id: int, token: str, certificate_id: int) -> Certificate:
    _require(user_id, token)
    certificate = queries.get_own(db.session(), certificate_id, user_id=user_id)
    refuse_fallen(certificate)
    return certificate


def _require(user_id: int, token: str) -> None:
    """Refuse a token that is not this person's before the database is asked, and one that they withdrew.

    Raises:
        NotFound: it is either.
    """
    generation = read_own_token(current_app.config["CARD_KEY"], user_id, token)
    if generation is None or generation != queries.find_link_generation(db.session(), user_id):
        raise NotFound
