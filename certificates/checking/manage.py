"""The organiser's page: what strangers hold against certificates of the office."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from certificates.checking.doubts import PAGE_SIZE, get_doubt, list_doubts, list_settled, settle_doubt
from certificates.checking.forms import SettleForm
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.web.arguments import read_id

bp = Blueprint("doubts", __name__)
guard(bp, lambda actor: actor.is_organiser)


@bp.get("/sertifikat/keraguan")
def index() -> str:
    """Show the doubts that wait, and those settled last."""
    return _page(None, SettleForm(formdata=None))


@bp.post("/sertifikat/keraguan/<int:doubt_id>")
def settle(doubt_id: int) -> Response | tuple[str, int]:
    """Note what came of one."""
    get_doubt(db.session(), current_actor(), doubt_id=doubt_id)
    form = SettleForm()
    if not form.submitted():
        return _page(doubt_id, form), 422
    settle_doubt(db.session(), current_actor(), doubt_id=doubt_id, note=form.note.data or "", now=utc_now())
    db.session.commit()
    flash(_("Settled."), "success")
    return redirect(url_for("doubts.index"), 303)


def _page(doubt_id: int | None, form: SettleForm) -> str:
    session, actor = db.session(), current_actor()
    before = read_id("sebelum") if "sebelum" in request.args else None
    rows = list_doubts(session, actor, before=before)
    return render_template(
        "doubts/index.html",
        rows=rows[:PAGE_SIZE],
        next_before=rows[PAGE_SIZE - 1].doubt.id if len(rows) > PAGE_SIZE else None,
        settled=[] if before else list_settled(session, actor),
        form=form,
        wrong_id=doubt_id,
    )
