"""Pages for everybody: is this certificate genuine? And for its holder: open, keep, share, hide."""

from __future__ import annotations

from pathlib import Path

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from certificates import queries, services
from certificates.codes import LENGTH, bare_code, read_code, show_code
from certificates.links import is_link_token, link_token
from certificates.models import Certificate
from certificates.papers import keep_paper, open_paper
from certificates.record import read_record
from certificates.verification import Finding, find_ending, judge
from certificates.wording import reason_text, show_score
from lms.core.accounts import throttle
from lms.core.accounts.guard import check_second_factor, current_actor, find_actor
from lms.core.clock import utc_now
from lms.core.db import db, own_transaction
from lms.core.errors import Conflict, NotFound

bp = Blueprint("certificates", __name__)
bp.add_app_template_global(show_code)
bp.add_app_template_global(reason_text)
bp.add_app_template_filter(show_score)

PUBLIC = {"check", "verify", "entry"}
OWN = {"index", "pdf", "keep", "set_hidden"}
"""Everything else in this blueprint is for organisers, so that a new page is closed by default."""

MAX_TYPED = 60
"""Characters of a typed code that are shown again."""
FREE_FAILURES = 100
"""Unknown codes from one address in an hour before waiting begins: a hall, or an office behind a carrier's
one address, that types badly stays below. Whoever scans or has the holder's link never waits."""
MEMORY_SECONDS = 3600
LONGEST_WAIT_SECONDS = 60


@bp.before_request
def _enter() -> BaseResponse | None:
    page = (request.endpoint or "").removeprefix("certificates.")
    if page in PUBLIC:
        return None
    actor = find_actor()
    if actor is None:
        return redirect(
            url_for("accounts.sign_in", next=request.path if request.method == "GET" else "/"), 303
        )
    if page not in OWN and not actor.is_organiser:
        raise NotFound
    return check_second_factor(actor)


@bp.get("/periksa")
def check() -> BaseResponse:
    """Ask for a code and send it to its page."""
    typed = request.args.get("kode")
    error = _fault_of(typed) if typed is not None else ""
    if typed is None or error:
        page = render_template("certificates/check.html", error=error, typed=(typed or "")[:MAX_TYPED])
        return _for_strangers(make_response(page, 422 if error else 200))
    code = read_code(typed) or "".join(c for c in bare_code(typed) if c.isalnum()) or "-"
    return redirect(url_for("certificates.verify", code=code), 303)


@bp.get("/v", strict_slashes=False)
@bp.get("/V", strict_slashes=False)
def entry() -> BaseResponse:
    """Lead on from the address that is printed on every paper, for ever."""
    return redirect(url_for("certificates.check"), 303)


@bp.get("/v/<code>/<token>")
@bp.get("/V/<code>")  # as the QR has it: capitals make the symbol smaller
@bp.get("/v/<code>")
def verify(code: str, token: str = "") -> BaseResponse:
    """Say whether a certificate stands. Unknown and malformed codes look and cost the same."""
    known = read_code(code)
    has_link = is_link_token(current_app.config["CARD_KEY"], known or "", token) if token else False
    finding = _look_up(known, has_link=has_link)
    typed = show_code(known) if known else code[:MAX_TYPED]
    page = render_template(
        "certificates/verify.html", finding=finding, code=known, typed=typed, now=utc_now()
    )
    return _for_strangers(make_response(page))


@bp.get("/sertifikat")
def index() -> str:
    """Show a person all their certificates."""
    rows = queries.list_own(db.session(), current_actor().user_id)
    links = {row.id: _share_link(row) for row in rows}
    records = {row.id: read_record(row.record) for row in rows}
    endings = {row.id: find_ending(row) for row in rows}
    return render_template(
        "certificates/index.html", rows=rows, links=links, records=records, endings=endings
    )


@bp.get("/sertifikat/<int:certificate_id>.pdf")
def pdf(certificate_id: int) -> Response:
    """Send the paper to its holder, or to staff of the branch; holders of a fallen one read why not."""
    actor = current_actor()
    certificate = queries.get_visible(db.session(), certificate_id, actor=actor)
    _refuse_fallen(certificate, is_staff=actor.is_staff)
    db.session.remove()  # nothing is held while a PDF is made
    body = open_paper(certificate, instance=_instance(), base_url=current_app.config["BASE_URL"])
    response = Response(body, content_type="application/pdf")
    name = "sertifikat-" + certificate.serial.replace("/", "-") + ".pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@bp.post("/sertifikat/<int:certificate_id>/berkas")
def keep(certificate_id: int) -> BaseResponse:
    """Keep the paper as it is now, and send it: later it comes from the store, byte for byte."""
    actor = current_actor()
    certificate = queries.get_visible(db.session(), certificate_id, actor=actor)
    _refuse_fallen(certificate, is_staff=actor.is_staff and certificate.pdf_sha256 is not None)
    if certificate.pdf_sha256 is None:
        db.session.remove()
        digest = keep_paper(certificate, instance=_instance(), base_url=current_app.config["BASE_URL"])
        staff_id = actor.user_id if actor.is_staff else None
        services.keep_pdf(db.session(), certificate_id, pdf_sha256=digest, now=utc_now(), staff_id=staff_id)
        db.session.commit()
    return redirect(url_for("certificates.pdf", certificate_id=certificate_id), 303)


@bp.post("/sertifikat/<int:certificate_id>/tampil")
def set_hidden(certificate_id: int) -> BaseResponse:
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
    return redirect(url_for("certificates.index"), 303)


def _fault_of(typed: str) -> str:
    """Return what is missing or too much in a typed code; its length is no secret."""
    length = len(bare_code(typed))
    if not length:
        return str(_("Type the code that is printed next to the QR."))
    if length < LENGTH:
        return str(_("That code is not complete: it has 17 characters, you typed %(count)s.", count=length))
    if length > LENGTH:
        return str(_("That is more than a code: it has 17 characters, you typed %(count)s.", count=length))
    return ""


def _look_up(code: str | None, *, has_link: bool) -> Finding:
    """Return the verdict on a code, counting wrong ones against the address they come from."""
    key = "certificate:" + throttle.address_key(request.remote_addr).partition(":")[2]
    limits = {"memory_seconds": MEMORY_SECONDS}
    now = utc_now()
    if not has_link:
        throttle.check(
            db.session(), key, limit=FREE_FAILURES, now=now, longest_seconds=LONGEST_WAIT_SECONDS, **limits
        )
    certificate = queries.find_by_code(db.session(), code or "")
    if certificate is None:
        db.session.remove()
        with own_transaction() as session:
            throttle.fail(session, key, now=now, **limits)
    actor = find_actor()
    is_owner = certificate is not None and actor is not None and actor.user_id == certificate.user_id
    return judge(certificate, is_trusted=has_link or is_owner)


def _for_strangers(response: Response) -> Response:
    """Keep the page out of search engines, and its address out of other sites' logs."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _refuse_fallen(certificate: Certificate, *, is_staff: bool) -> None:
    if certificate.state != "valid" and not is_staff:
        raise Conflict(_("This certificate no longer stands, so there is no paper of it any more."))


def _share_link(certificate: Certificate) -> str:
    token = link_token(current_app.config["CARD_KEY"], certificate.code)
    path = url_for("certificates.verify", code=certificate.code, token=token)
    return str(current_app.config["BASE_URL"]) + path


def _instance() -> Path:
    return Path(current_app.config["INSTANCE"])
