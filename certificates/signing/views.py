"""Root, issuers and their lists, for anybody, at addresses that stand in every signature."""

from __future__ import annotations

from datetime import timedelta

from cryptography.hazmat.primitives.serialization import Encoding
from flask import Blueprint, Response, request

from certificates.signing.authority import ADDRESS, CERTIFICATE_NAMES
from certificates.signing.ring import current_ring
from lms.core.errors import NotFound

bp = Blueprint("signing", __name__)

CERTIFICATE_AGE = timedelta(days=1)
CRL_AGE = timedelta(hours=1)
"""How long a copy may be used without asking again."""


@bp.get(f"{ADDRESS}/<name>.cer")
def certificate(name: str) -> Response:
    """Send a root's or issuer's certificate (RFC 2585)."""
    kind, _dash, label = name.partition("-")
    one = current_ring().certificates.get(f"{CERTIFICATE_NAMES.get(kind)}-{label}")
    if one is None:
        raise NotFound
    body = one.public_bytes(Encoding.DER)
    return _lasting(body, f"{name}.cer", "application/pkix-cert", CERTIFICATE_AGE)


@bp.get(f"{ADDRESS}/penerbit-<label>.crl")
def crl(label: str) -> Response:
    """Send the list of signers an issuer took back (RFC 2585), dated today."""
    body = current_ring().crls.get(label)
    if body is None:
        raise NotFound
    return _lasting(body, f"penerbit-{label}.crl", "application/pkix-crl", CRL_AGE)


def _lasting(body: bytes, name: str, content_type: str, age: timedelta) -> Response:
    """Return what anybody may keep for a while: it is the same for all."""
    response = Response(body, content_type=content_type)
    response.headers["Cache-Control"] = f"public, max-age={int(age.total_seconds())}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.add_etag()
    response.make_conditional(request)
    return response
