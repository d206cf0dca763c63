"""Security headers and caching rules of every response.

Source: the header set that scored A+ in the MDN Observatory (research on security, section 5.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, g

from lms.core.web.compression import compress

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
WITH_CAMERA = ("/periksa", "/periksa/luring", "/periksa/luring/en")
"""Pages that read a QR."""
_FEATURES = "camera=({camera}), microphone=(), geolocation=()"
HSTS = "max-age=63072000; includeSubDomains"
NO_REFERER = "no-referrer, strict-origin"
"""For pages whose address is a secret: it never goes out as Referer. Browsers that know ``strict-origin``
send the bare origin, without which a POST over HTTPS does not pass Flask-WTF; all others send nothing."""

Pairs = list[tuple[str, str]]


class Headed:
    """Around the whole application: every answer gets the headers it does not have yet.

    They are written once, not for each answer: as a list they cost a tenth of what they cost in Flask.
    """

    def __init__(self, application: WSGIApplication, *, is_secure: bool) -> None:
        self._application = application
        self._plain = _prepared("", is_secure=is_secure)
        self._with_camera = _prepared("self", is_secure=is_secure)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        prepared = self._with_camera if environ.get("PATH_INFO") in WITH_CAMERA else self._plain

        def start(status: str, headers: Pairs, *told: Any) -> Callable[[bytes], object]:
            named = {name.lower() for name, _value in headers}
            missing = [(name, value) for name, lower, value in prepared if lower not in named]
            return start_response(status, headers + missing, *told)

        return self._application(environ, start)


def _prepared(camera: str, *, is_secure: bool) -> list[tuple[str, str, str]]:
    """Return name, name in small letters and value of each header."""
    headers = _ALWAYS | {"Permissions-Policy": _FEATURES.format(camera=camera)}
    if is_secure:
        headers["Strict-Transport-Security"] = HSTS
    return [(name, name.lower(), value) for name, value in headers.items()]


def init_app(app: Flask) -> None:
    """Set the headers after every request."""
    is_secure = app.config["SESSION_COOKIE_SECURE"]
    app.wsgi_app = Headed(app.wsgi_app, is_secure=is_secure)  # type: ignore[method-assign]

    @app.after_request
    def _finish(response: Response) -> Response:
        if "cache_control" in g:
            response.headers.setdefault("Cache-Control", g.cache_control)
        return compress(response)
