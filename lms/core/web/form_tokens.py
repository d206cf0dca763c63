"""The token that every change must carry, in a form's field or a script's header."""

from __future__ import annotations

import hmac

from flask import Flask, current_app, g, request, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf, same_origin
from itsdangerous import BadData

from lms.core.web.signers import KeptSerializer

HEADER = "X-CSRFToken"
FIELD = "csrf_token"


class FormTokens(CSRFProtect):
    """Flask-WTF's check of every change, with what reads tokens made once; nothing is exempt.

    Where a script sends the token, no form is looked for it first.
    """

    def init_app(self, app: Flask) -> None:
        """Check before every request."""
        super().init_app(app)
        app.extensions["form_tokens"] = KeptSerializer(app.secret_key, salt="wtf-csrf-token")

    def protect(self, apply_exemptions: bool = False) -> None:  # noqa: ARG002 - as Flask-WTF calls it
        """Refuse a change without the token of this browser, or over HTTPS from another site.

        Raises:
            CSRFError: with the reason.
        """
        if not request.endpoint or request.method not in current_app.config["WTF_CSRF_METHODS"]:
            return
        if not _is_ours(self._get_csrf_token()):
            self._error_response("The CSRF token is missing or wrong.")
        if request.is_secure and not same_origin(request.referrer or "", f"https://{request.host}/"):
            self._error_response("The referrer is missing or does not match the host.")
        g.csrf_valid = True  # forms ask for it

    def _get_csrf_token(self) -> str | None:
        token: str | None = request.headers.get(HEADER) or super()._get_csrf_token()
        return token


def _is_ours(token: str | None) -> bool:
    """Return whether a token is one this browser's cookie was given."""
    expected = session.get(FIELD)
    if not token or not expected:
        return False
    try:
        found = current_app.extensions["form_tokens"].loads(token)
    except BadData:
        return False
    return hmac.compare_digest(expected, found)


def form_token() -> str:
    """Return the token of this request; every form of a page holds the same."""
    if FIELD not in g and FIELD in session:
        g.csrf_token = current_app.extensions["form_tokens"].dumps(session[FIELD])
    token: str = g.get(FIELD) or generate_csrf()
    return token


def init_app(app: Flask) -> None:
    """Check every POST, PUT, PATCH and DELETE; nothing is exempt. Templates get ``csrf_token()``."""
    FormTokens(app)
    app.jinja_env.globals["csrf_token"] = form_token
    app.context_processor(lambda: {"csrf_token": form_token})
