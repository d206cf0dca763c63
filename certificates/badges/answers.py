"""A credential as an answer: to whoever asks for JSON where others read a page."""

from __future__ import annotations

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.datastructures import MIMEAccept

from certificates.checking.verdict import is_intact
from certificates.models import Certificate
from lms.core.errors import Conflict

KINDS = ("application/vc", "application/ld+json", "application/json")
"""Names under which a credential is asked for; the last one is what a browser shows."""


def wants_credential(accept: MIMEAccept) -> bool:
    """Return whether somebody would rather have the credential than a page."""
    return accept.best_match(("text/html", *KINDS)) in KINDS


def answer_credential(certificate: Certificate, *, facts: str = "") -> Response:
    """Return the credential of a certificate; only to who may see the full name.

    Args:
        facts: the hash of the printed facts in the stamp they came with; empty without one.

    Raises:
        Conflict: it waits for its signature, or the record is not what was issued: the signature would still
            be true of what was, while the page says *changed*.
    """
    if not is_intact(certificate, facts=facts):
        raise Conflict(
            _("The record of this certificate is not what was issued, so its credential is not handed out.")
        )
    if certificate.credential is None:
        raise Conflict(_("The certificate stands, but its signature is still being made. Try again later."))
    response = Response(certificate.credential, content_type=chosen_kind(request.accept_mimetypes))
    name = "kredensial-" + certificate.serial.replace("/", "-") + ".json"
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.headers["Vary"] = "Accept"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def chosen_kind(accept: MIMEAccept) -> str:
    """Return the name under which a credential or a list is sent; any is JSON."""
    return accept.best_match(tuple(reversed(KINDS))) or KINDS[-1]
