"""The token that every change must carry, in a form's field or a script's header."""

from __future__ import annotations

from flask import Flask, g, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf

HEADER = "X-CSRFToken"


class FormTokens(CSRFProtect):
    """Flask-WTF's check of every change; where a script sends the token, no form is looked for it first."""

    def _get_csrf_token(self) -> str | None:
        token: str | None = request.headers.get(HEADER) or super()._get_csrf_token()
        return token


def form_token() -> str:
    """Return the token of this request; every form of a page holds the same."""
    token: str = g.get("csrf_token") or generate_csrf()
    return token


def init_app(app: Flask) -> None:
    """Check every POST, PUT, PATCH and DELETE; nothing is exempt. Templates get ``csrf_token()``."""
    FormTokens(app)
    app.jinja_env.globals["csrf_token"] = form_token
    app.context_processor(lambda: {"csrf_token": form_token})
