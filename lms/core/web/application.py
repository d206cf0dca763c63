"""The application's class: Flask without what every request pays for and the house has no use for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response
from flask.globals import request_ctx
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer

from lms.core.web.signers import KeptSerializer
from lms.core.web.templates import HouseEnvironment

KEPT_ADDRESSES = 5_000
"""Addresses kept in memory, 100 bytes each."""


class SignedCookie(SecureCookieSessionInterface):
    """Flask's own cookie. What reads and signs it is made once, not once or twice for every request."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what reads and signs the cookies of this application."""
        made: URLSafeTimedSerializer | None = app.extensions.get("cookie_serializer")
        if made is None and (usual := super().get_signing_serializer(app)) is not None:
            made = app.extensions["cookie_serializer"] = KeptSerializer(
                usual.secret_keys,
                salt=usual.salt,
                serializer=usual.serializer,
                signer_kwargs=usual.signer_kwargs,
            )
        return made

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie if it changed; else only say that the answer depends on it."""
        if session.modified or not session or "Vary" in response.headers:
            super().save_session(app, session, response)
        elif session.accessed:
            response.headers["Vary"] = "Cookie"


class House(Flask):
    """Flask with plain functions only, a cookie that is cheaper to read, and addresses it remembers."""

    session_interface = SignedCookie()
    jinja_environment = HouseEnvironment

    def __init__(self, *told: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        self._addresses: dict[tuple[Any, ...], str] = {}

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function: none is ``async`` (a test looks), and Flask would ask ten times a request."""
        return func

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """Return an address as Flask does. Within requests one that was made before is remembered.

        A page asks for twenty; the same numbers and words always give the same one (a test compares).
        """
        try:
            adapter = request_ctx.url_adapter
        except RuntimeError:  # no request: a whole address, which jobs ask for
            adapter = None
        values = {name: value for name, value in values.items() if value is not None}
        is_plain = all(type(value) in _PLAIN for value in values.values())
        if adapter is None or endpoint[0] == "." or not is_plain:
            return super().url_for(endpoint, **values)
        key = (adapter.script_name, adapter.default_method, endpoint, *values.items())
        address = self._addresses.get(key)
        if address is None:
            address = super().url_for(endpoint, **values)
            if len(self._addresses) >= KEPT_ADDRESSES:
                self._addresses.clear()
            self._addresses[key] = address
        return address


_PLAIN = frozenset({int, str})
"""What may be compared: True is 1 as a key, but not in an address."""
