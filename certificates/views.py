"""Pages for the holder of a certificate: open, keep, share, hide; strangers have `certificates.checking`."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from certificates import queries, services
from certificates.checking.verdict import standing_of
from certificates.codes import show_code
from certificates.handing_out import hand_out, refuse_fallen, send_paper
from certificates.models import Certificate
from certificates.record import Record, read_record
from certificates.sharing import own_link, share_link
from certificates.signing.ring import current_ring
from certificates.wording import (
    change_label,
    change_text,
    event_text,
    reason_text,
    show_score,
    standing_text,
    way_text,
)
from lms.core.accounts.guard import check_second_factor, current_actor, find_actor
from lms.core.accounts.services import renew_own_link
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import NotFound

bp = Blueprint("certificates", __name__)
for _word in (show_code, reason_text, standing_text, event_text, way_text, change_text, change_label):
    bp.add_app_template_global(_word)
bp.add_app_template_filter(show_score)


@bp.app_template_global()
def lacks_keys() -> bool:
    """Return whether nothing can be signed at the moment."""
    return bool(current_ring().problem)


OWN = {"index", "renew_own", "show", "pdf", "keep", "set_hidden", "renew_link"}
"""Everything else in this blueprint is for organisers, so that a new page is closed by default."""


@bp.before_request
def _enter() -> Response | None:
    page = (request.endpoint or "").removeprefix("certificates.")
    actor = find_actor()
    if actor is None:
        return redirect(
            url_for("accounts.sign_in", next=request.path if request.method == "GET" else "/"), 303
        )
    if page not in OWN and not actor.is_organiser:
        raise NotFound
    return check_second_factor(actor)


@bp.get("/sertifikat")
def index() -> str:
    """Show a person all their certificates."""
    user_id = current_actor().user_id
    rows = queries.list_own(db.session(), user_id)
    records = {row.id: read_record(row.record) for row in rows}
    return render_template(
        "certificates/index.html",
        rows=rows,
        records=records,
        links={row.id: share_link(row) for row in rows},
        standings={row.id: _standing(row, records[row.id]) for row in rows},
        own_link=own_link(user_id, queries.find_link_generation(db.session(), user_id) or 0) if rows else "",
    )


@bp.post("/sertifikat/tautan")
def renew_own() -> Response:
    """Withdraw the person's own link and give them another one."""
    renew_own_link(db.session(), current_actor().user_id)
    db.session.commit()
    flash(_("Your own link is a new one. The one before opens nothing any more."), "success")
    return redirect(url_for("certificates.index", _anchor="own"), 303)


@bp.get("/sertifikat/<int:certificate_id>")
def show(certificate_id: int) -> str:
    """Show the holder one certificate: what became of it, and when and by what way strangers looked."""
    session = db.session()
    certificate = queries.get_own(session, certificate_id, user_id=current_actor().user_id)
    record = read_record(certificate.record)
    return render_template(
        "certificates/show.html",
        certificate=certificate,
        record=record,
        standing=_standing(certificate, record),
        link=share_link(certificate),
        checks=queries.list_checks(session, certificate_id),
        check_count=queries.count_checks(session, certificate_id),
    )


@bp.get("/sertifikat/<int:certificate_id>.pdf")
def pdf(certificate_id: int) -> Response:
    """Send the signed file to its holder or staff of the branch; where there is none, lead to a button."""
    actor = current_actor()
    certificate = queries.get_visible(db.session(), certificate_id, actor=actor)
    if not actor.is_staff:
        refuse_fallen(certificate)
    if certificate.pdf_sha256 is not None:
        return send_paper(certificate)
    flash(_("There is no file of this certificate yet. Press “Download PDF” and it is made."), "info")
    if certificate.user_id == actor.user_id:
        return redirect(url_for("certificates.show", certificate_id=certificate_id), 303)
    page = "certificates.story" if actor.is_organiser else "home.index"
    return redirect(url_for(page, certificate_id=certificate_id if actor.is_organiser else None), 303)


@bp.post("/sertifikat/<int:certificate_id>/berkas")
def keep(certificate_id: int) -> Response:
    """Make and keep the signed file if there is none yet, and send it: from now on byte for byte the same."""
    actor = current_actor()
    certificate = queries.get_visible(db.session(), certificate_id, actor=actor)
    is_holder = certificate.user_id == actor.user_id
    if not actor.is_staff:
        refuse_fallen(certificate)
    hand_out(certificate, staff_id=None if is_holder else actor.user_id)
    return redirect(url_for("certificates.pdf", certificate_id=certificate_id), 303)


@bp.post("/sertifikat/<int:certificate_id>/tampil")
def set_hidden(certificate_id: int) -> Response:
    """Hide the public page from strangers, or show it again."""
    is_hidden = request.form.get("hidden") == "1"
    services.set_hidden(
        db.session(), current_actor().user_id, certificate_id=certificate_id, is_hidden=is_hidden
    )
    db.session.commit()
    if is_hidden:
        flash(_("Strangers now only read that it is genuine. Your link still shows everything."), "success")
    else:
        flash(_("Whoever types the code sees the certificate again, with your name masked."), "success")
    return redirect(url_for("certificates.show", certificate_id=certificate_id), 303)


@bp.post("/sertifikat/<int:certificate_id>/tautan")
def renew_link(certificate_id: int) -> Response:
    """Withdraw the link of a certificate that was shared, and give its holder another one."""
    services.renew_link(db.session(), current_actor().user_id, certificate_id=certificate_id)
    db.session.commit()
    flash(_("The link is a new one. The one before shows no more than the code does."), "success")
    return redirect(url_for("certificates.show", certificate_id=certificate_id), 303)


def _standing(certificate: Certificate, record: Record) -> str:
    return standing_of(certificate, record, now=utc_now()).value
