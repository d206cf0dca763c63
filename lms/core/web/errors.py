"""Every error as a page in the house style, in the person's language, with what to do next."""

from __future__ import annotations

import errno
import logging
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError

from lms.core.db import db
from lms.core.errors import LmsError, TooMany
from lms.core.web.preferences import safe_target

log = logging.getLogger(__name__)

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def init_app(app: Flask) -> None:
    """Register one handler for each kind of error."""
    app.register_error_handler(LmsError, _lms_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(InterfaceError, _database_error)
    app.register_error_handler(PoolTimeout, _database_error)
    app.register_error_handler(OSError, _system_error)
    app.register_error_handler(Exception, _unexpected)


def _texts(status: int) -> tuple[str, str]:
    """Return title and advice for ``status``."""
    texts = {
        400: (_("This request cannot be read"), _("Go back, reload the page and try again.")),
        403: (
            _("One more step to prove who you are"),
            _("Sign in again, then repeat what you wanted to do."),
        ),
        404: (
            _("This page is not here"),
            _(
                "The address may be mistyped, or the page belongs to somebody else. "
                "Start again from the home page."
            ),
        ),
        405: (_("That does not work this way"), _("Go back and use the button on the page.")),
        409: (
            _("Something has changed meanwhile"),
            _("Reload the page to see how things stand, then decide again."),
        ),
        413: (_("The file is too large"), _("Send a smaller file.")),
        422: (_("Something is missing or wrong"), _("Go back and check what you entered.")),
        429: (_("Too many tries"), _("Wait a little, then try again.")),
        503: (
            _("Just a moment, please"),
            _("The system is busy. Your saved answers are safe. Try again shortly."),
        ),
    }
    return texts.get(
        status,
        (
            _("Something went wrong on our side"),
            _("Your saved answers are safe. Try again, or tell the organiser."),
        ),
    )


def error_response(status: int, message: str = "", *, error_id: str = "") -> Response:
    """Return the page (or JSON, for scripts) for ``status`` with an optional sentence of its own."""
    title, advice = _texts(status)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        response = jsonify({"error": message or title, "status": status})
    else:
        page = render_template(
            "core/error.html",
            status=status,
            title=title,
            message=message or advice,
            error_id=error_id,
            back=_way_back(),
        )
        response = make_response(page)
    response.status_code = status
    return response


def _way_back() -> str:
    """Return where to try again: this page, or after a POST the page it came from; empty if not known."""
    if request.method in {"GET", "HEAD"}:
        return safe_target(request.full_path.rstrip("?"), "")
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host:
        return ""
    return safe_target(f"{came_from.path}?{came_from.query}".rstrip("?"), "")


def _lms_error(error: LmsError) -> Response:
    db.session.rollback()
    response = error_response(error.status, str(error.message))
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    if error.status == 503:
        response.headers["Retry-After"] = "5"
    return response


def _csrf_error(_error: CSRFError) -> Response:
    return error_response(
        400,
        _("This page was open for too long, or came from elsewhere. Reload it and press the button again."),
    )


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:  # redirects raised by werkzeug's router
        return make_response(error.get_response())
    response = error_response(status)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After", "Location"}:
            response.headers[name] = value
    return response


def _foreign_host(_error: SecurityError) -> Response:
    """Answer a request for a host name that is not ours without building any address from it."""
    return Response("400: unknown host name\n", status=400, content_type="text/plain; charset=utf-8")


def _database_error(error: Exception) -> Response:
    log.warning("database or disk unavailable: %s", error)
    db.session.remove()
    response = error_response(503)
    response.headers["Retry-After"] = "5"
    return response


def _system_error(error: OSError) -> Response:
    """Answer that a full disk takes no file for now; every other error of the system is a fault of ours."""
    return _database_error(error) if error.errno in _NO_ROOM else _unexpected(error)


def _unexpected(error: Exception) -> Response:
    error_id = secrets.token_hex(4)
    # The rule, not the path: addresses of cards and one-time links hold secrets.
    log.exception("unexpected error %s on %s %s", error_id, request.method, request.url_rule)
    if current_app.testing:
        raise error
    db.session.rollback()
    return error_response(500, error_id=error_id)
