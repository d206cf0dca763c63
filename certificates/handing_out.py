"""The signed file of a certificate on its way to a person."""

from __future__ import annotations

from pathlib import Path

from flask import Response, current_app
from flask_babel import gettext as _

from certificates.life import note_delivery
from certificates.models import Certificate
from certificates.papers import open_paper
from certificates.sealing import seal_certificate
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict


def hand_out(certificate: Certificate, *, staff_id: int | None) -> None:
    """Make and keep the signed file if there is none yet, tell that it was handed out, and commit.

    Raises:
        Conflict: the certificate does not stand and has no file.
        KeysMissing, Unavailable: it cannot be signed now.
    """
    session, certificate_id = db.session(), certificate.id
    never_made = _("This certificate does not stand, and no file of it was ever made.")
    if certificate.pdf_sha256 is None and certificate.state != "valid":
        raise Conflict(never_made)
    seal_certificate(session, certificate_id, now=utc_now(), staff_id=staff_id)
    if session.get_one(Certificate, certificate_id).pdf_sha256 is None:
        raise Conflict(never_made)  # it was replaced or revoked while it was signed
    note_delivery(session, certificate_id, now=utc_now(), staff_id=staff_id)
    db.session.commit()


def refuse_fallen(certificate: Certificate) -> None:
    """Let nobody fetch the file of a certificate that does not stand; its page says why.

    Raises:
        Conflict: it does not.
    """
    if certificate.state != "valid":
        raise Conflict(
            _("This certificate does not stand now, so there is no file of it. Its page says why.")
        )


def send_paper(certificate: Certificate) -> Response:
    """Return the kept file as a download, e.g. ``sertifikat-00001-PK-MDN-X-2016-7.pdf``."""
    db.session.remove()  # nothing is held while a file is sent
    body = open_paper(certificate, instance=Path(current_app.config["INSTANCE"]))
    response = Response(body, content_type="application/pdf")
    name = "sertifikat-" + certificate.serial.replace("/", "-") + ".pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
