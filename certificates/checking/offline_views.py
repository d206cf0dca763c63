"""The check without signal: a page a phone keeps, the keys of the stamps, and which certificates ended."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

import brotli
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from flask import Blueprint, Response, current_app, render_template, request
from flask_babel import force_locale

from certificates.checking.ended import ENDED, list_ended, write_ended
from certificates.checking.queries import list_titles
from certificates.checking.verdict import Finding, Verdict
from certificates.record import iso
from certificates.signing.ring import current_ring
from lms.core.clock import utc_now
from lms.core.db import db

bp = Blueprint("offline", __name__)

DATA_AGE = timedelta(minutes=5)
"""How long a copy of keys and list may be used without asking again."""
FRESH_DAYS = 7
"""A list older than that says no longer that a certificate stands."""
HALF = 32
"""Bytes of each number of a public key."""
FINDINGS = tuple(
    Finding(verdict)
    for verdict in (Verdict.VALID, *ENDED, Verdict.TAMPERED, Verdict.UNKNOWN, Verdict.UNCHECKED)
)
"""What a phone can find out by itself."""


@bp.get("/periksa/luring")
def page() -> str:
    """Show the page that checks by itself; the phone keeps it and its English twin."""
    return _page("id")


@bp.get("/periksa/luring/en")
def page_in_english() -> str:
    """Show the same in English: a phone without signal has no other way to tell the language."""
    return _page("en")


@bp.get("/periksa/pekerja.js")
def worker() -> Response:
    """Return the script that keeps the page: from here it may serve addresses below /periksa, no others."""
    assets = current_app.extensions["assets"]
    response: Response = assets.response(assets.url("checking/worker.js"))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/periksa/kunci.json")
def keys() -> Response:
    """Return the public keys of all stamps as a set of JWK (RFC 7517), and the titles of what was taught."""
    ring = current_ring()
    return _published(write_keys(ring.stamp_publics, list_titles(db.session()), now=utc_now()))


@bp.get("/periksa/dicabut.json")
def ended() -> Response:
    """Return which certificates do not stand."""
    now = utc_now()
    return _published(write_ended(list_ended(db.session(), now=now), now=now))


def _page(language: str) -> str:
    with force_locale(language):
        return render_template("offline/page.html", findings=FINDINGS, days=FRESH_DAYS)


def write_keys(
    publics: Mapping[str, EllipticCurvePublicKey], titles: list[str], *, now: datetime
) -> dict[str, object]:
    """Return the keys as they are published."""
    found = [
        {"kid": label, "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", **_point(key)}
        for label, key in sorted(publics.items())
    ]
    return {"at": iso(now), "keys": found, "programmes": titles}


def _point(key: EllipticCurvePublicKey) -> dict[str, str]:
    numbers = key.public_numbers()
    parts = {"x": numbers.x, "y": numbers.y}
    return {
        name: base64.urlsafe_b64encode(value.to_bytes(HALF, "big")).decode().rstrip("=")
        for name, value in parts.items()
    }


def _published(facts: dict[str, object]) -> Response:
    """Return what anybody may keep for a while, small: it is the same for all."""
    body = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(body, mimetype="application/json")
    if "br" in request.headers.get("Accept-Encoding", ""):
        response.set_data(brotli.compress(body, quality=5))
        response.headers["Content-Encoding"] = "br"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = f"public, max-age={int(DATA_AGE.total_seconds())}"
    return response
