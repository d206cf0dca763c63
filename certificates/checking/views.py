"""Pages for everybody: is this certificate genuine, and does it still stand?"""

from __future__ import annotations

from functools import cache

from flask import (
    Blueprint,
    current_app,
    flash,
    get_template_attribute,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.wrappers import Response

from certificates.badges.answers import answer_credential, wants_credential
from certificates.checking import limits
from certificates.checking.arrivals import Arrival, Way, read_arrival
from certificates.checking.asking import Answer, ask, ask_by_name
from certificates.checking.doubts import tell_doubt
from certificates.checking.forms import DoubtForm, FileForm, NameForm
from certificates.checking.limits import Asker
from certificates.checking.notes import note_check
from certificates.checking.payload import read_payload
from certificates.checking.photo import MAX_PHOTO_BYTES
from certificates.checking.uploads import House, ask_by_upload
from certificates.checking.verdict import Cause, Finding, Verdict
from certificates.codes import LENGTH, bare_code, read_code, show_code
from certificates.signing.ring import KeyRing, current_ring
from courses.cohorts.modes import mode_text
from lms.core.accounts.guard import find_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import language
from lms.core.text import tidy
from lms.core.web.arguments import read_word
from lms.core.web.headers import NO_REFERER

bp = Blueprint("checking", __name__)
bp.add_app_template_filter(mode_text, "mode")

MAX_TYPED = 60
"""Characters of a typed code that are shown again."""
FORM_BYTES = 20_000
"""What a form sends around a file."""


@bp.after_request
def _keep_private(response: Response) -> Response:
    """Keep the page out of search engines and caches, and its address out of other sites' logs."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = NO_REFERER
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/periksa")
def check() -> Response:
    """Ask for a code and send it to its page."""
    typed = request.args.get("kode")
    payload = read_payload(typed or "")
    if payload is not None:
        return redirect(url_for("checking.verify", code=payload.code, token=payload.token or None), 303)
    error = _fault_of(typed) if typed is not None else ""
    if typed is None or error:
        return _form_page(FileForm(formdata=None), typed=typed or "", error=error)
    code = read_code(typed) or "".join(c for c in bare_code(typed) if c.isalnum()) or "-"
    return redirect(url_for("checking.verify", code=code), 303)


@bp.url_value_preprocessor
def _let_photos_in(_endpoint: str | None, _values: object) -> None:
    """Take a photo of a good camera, too; set before anything looks at the body."""
    if request.endpoint == "checking.upload":
        request.max_content_length = MAX_PHOTO_BYTES + FORM_BYTES


@bp.post("/periksa")
def upload() -> Response:
    """Say whether the certificate on a photo, or in a PDF, stands. Nothing that was sent is kept.

    The answer is the page itself, not a redirection: what was found in a file has no address.
    """
    form = FileForm()
    if not form.submitted():
        return _form_page(form)
    body, asker = form.file.data.read(), _asker()
    try:
        answer = ask_by_upload(db.session(), body, house=_house(), asker=asker, now=utc_now())
    except Invalid as error:
        form.file.errors = [str(error.message)]
        return _form_page(form)
    return _show(answer, typed=answer.arrival.code or "")


@bp.get("/v", strict_slashes=False)
@bp.get("/V", strict_slashes=False)
def entry() -> Response:
    """Lead on from the address that is printed on every paper, for ever."""
    return redirect(url_for("checking.check"), 303)


@bp.get("/V/<code>/<token>")  # as the QR has it: capitals make the symbol smaller
@bp.get("/v/<code>/<token>")
@bp.get("/V/<code>")
@bp.get("/v/<code>")
def verify(code: str, token: str = "") -> Response:
    """Say whether a certificate stands. Unknown, malformed and forged look the same."""
    ring, card_key = current_ring(), current_app.config["CARD_KEY"]
    is_qr = request.path.startswith("/V/")
    arrival = read_arrival(code, token, publics=ring.stamp_publics, card_key=card_key, is_qr=is_qr)
    answer = ask(db.session(), arrival, asker=_asker(), now=utc_now())
    arrival = answer.arrival
    if arrival.is_trusted and answer.certificate is not None and wants_credential(request.accept_mimetypes):
        return answer_credential(answer.certificate, facts=arrival.facts)
    return _show(answer, typed=code, ring=ring)


@bp.post("/v/<code>")
@bp.post("/V/<code>")
def confirm(code: str) -> Response:
    """Say whether a certificate is this person's, to somebody who has nothing but the code.

    The answer is the page itself, not a redirection: there is no address that shows a name typed before.
    """
    arrival, form = Arrival(Way.CODE, read_code(code)), NameForm()
    if form.submitted():
        answer = ask_by_name(
            db.session(), arrival, typed_name=form.name.data or "", asker=_asker(), now=utc_now()
        )
        if answer.finding.is_masked:
            form.name.errors = [
                _("That is not the name on this certificate. Compare it letter by letter, with the title.")
            ]
    else:
        answer = ask(db.session(), arrival, asker=_asker(), now=utc_now())
    return _show(answer, typed=code, form=form)


@bp.route("/periksa/ragu", methods=["GET", "POST"])
def doubt() -> Response:
    """Take down what somebody holds against a certificate, for the office that issued it."""
    form, asker = DoubtForm(), _asker()
    if not form.submitted():
        if request.method == "GET":
            form.code.data = show_code(read_code(read_word("kode")) or "") or read_word("kode")[:MAX_TYPED]
        page = render_template("checking/doubt.html", form=form)
        return make_response(page, 422 if form.errors else 200)
    tried = limits.try_doubt(db.session(), asker, now=utc_now())
    text, contact = form.text.data or "", form.contact.data or ""
    try:
        tell_doubt(db.session(), form.code.data or "", text=text, contact=contact, now=utc_now())
    except Conflict:
        limits.forgive(db.session(), tried)
        raise
    db.session.commit()
    flash(_("Thank you. The issuing office reads it and looks into it."), "success")
    return redirect(url_for("checking.check"), 303)


@bp.errorhandler(OperationalError)
@bp.errorhandler(InterfaceError)
@bp.errorhandler(PoolTimeout)
def _without_records(_error: Exception) -> Response:
    """Say that nothing can be said: a database that is away makes no certificate less genuine."""
    db.session.remove()
    nobody = Arrival(Way.CODE, None)
    response = _show(Answer(nobody, Finding(Verdict.UNCHECKED, cause=Cause.SYSTEM)), typed="")
    response.status_code = 503
    response.headers["Retry-After"] = "30"
    return response


def _show(
    answer: Answer, *, typed: str, form: NameForm | None = None, ring: KeyRing | None = None
) -> Response:
    """Return the page of an answer, and note that somebody looked."""
    code, now = answer.arrival.code, utc_now()
    page = render_template(
        "checking/verify.html",
        answer=answer,
        finding=answer.finding,
        code=code,
        typed=show_code(code) if code else tidy(typed)[:MAX_TYPED],
        form=form,
        empty_name_field=_empty_name_field,
        is_named=form is not None and not answer.finding.is_masked,
        proofs=_proofs(ring or current_ring()),
        now=now,
    )
    if answer.certificate is not None and not answer.is_owner and request.method != "HEAD":
        note_check(
            db.session(),
            answer.certificate.id,
            way=answer.arrival.way,
            verdict=answer.finding.verdict,
            now=now,
        )
    return make_response(page, 422 if form and form.errors else 200)


def _empty_name_field() -> str:
    """Return the field nobody has typed in yet; it is made once for each language."""
    return _name_field_in(language())


@cache
def _name_field_in(_language: str) -> str:
    field: str = get_template_attribute("checking/_name.html", "name_field")(NameForm(formdata=None).name)
    return field


def _asker() -> Asker:
    actor = find_actor()
    return Asker(request.remote_addr, actor.user_id if actor else None)


def _proofs(ring: KeyRing) -> dict[str, list[str]]:
    """Return the labels under which roots and lists of revoked signers are published, older ones too."""
    roots = [name.removeprefix("root-") for name in ring.certificates if name.startswith("root-")]
    return {"roots": roots, "issuers": list(ring.crls)}


def _house() -> House:
    config = current_app.config
    return House(current_ring(), config["CARD_KEY"], config["TRUSTED_HOSTS"])


def _form_page(form: FileForm, *, typed: str = "", error: str = "") -> Response:
    """Return the page that asks for a certificate."""
    page = render_template("checking/check.html", form=form, typed=tidy(typed)[:MAX_TYPED], error=error)
    return make_response(page, 422 if error or form.errors else 200)


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
