"""A test browser that checks every HTML page it sees."""

from __future__ import annotations

import contextvars
import hashlib
import re
import secrets
from typing import Any

import html5lib
from flask import has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from lms.core.db import db

TOKEN_KEY = "csrf_token"
XHTML = "{http://www.w3.org/1999/xhtml}"


class CheckedClient(FlaskClient):
    """Checks: valid HTML, one h1, title begins with it, labels, tokens, unique ids, nothing inline."""

    sends_token = True
    """Whether POSTs carry a CSRF token by themselves, as a form would; the CSRF tests switch it off."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if self.sends_token and kwargs.get("method") == "POST":
            kwargs["headers"] = {**dict(kwargs.get("headers") or {}), "X-CSRFToken": self._token()}
        # In a context of its own, as on a server: neither `g` nor the database session outlives a request.
        response = contextvars.Context().run(super().open, *args, **kwargs)
        if has_app_context():
            # What the request committed is there when the test looks next.
            db.session.rollback()
        if response.mimetype == "text/html" and response.data and "Content-Encoding" not in response.headers:
            _check_once(response.get_data(as_text=True))
        return response

    def _token(self) -> str:
        """Return a token that fits this browser's session, as Flask-WTF would print it into a form."""
        with self.session_transaction() as cookie:
            secret = cookie.setdefault(TOKEN_KEY, secrets.token_hex(20))
        return str(URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(secret))


_checked: set[bytes] = set()


def _check_once(text: str) -> None:
    """Check a page unless the same, but for its token and the way back, was checked before."""
    plain = re.sub(r'name="(csrf_token|next)" value="[^"]*"', "", text)
    digest = hashlib.sha256(plain.encode()).digest()
    if digest not in _checked:
        check_page(text)
        _checked.add(digest)


def check_page(text: str) -> None:
    """Assert what every page promises."""
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parse(text)
    errors = [e for e in parser.errors if e[1] not in {"unexpected-end-tag-implies-table-voodoo"}]
    assert not errors, f"invalid HTML: {errors[:3]}"
    elements = list(tree.iter())
    tags = [e for e in elements if isinstance(e.tag, str)]
    _check_heading(tags)
    _check_ids(tags)
    _check_inputs(tags)
    _check_forms(tags)
    _check_inline(tags)


def _named(tags: list[Any], *names: str) -> list[Any]:
    return [e for e in tags if e.tag in {XHTML + name for name in names}]


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _check_heading(tags: list[Any]) -> None:
    headings = _named(tags, "h1")
    assert len(headings) == 1, f"{len(headings)} h1"
    title, heading = _text(_named(tags, "title")[0]), _text(headings[0])
    for prefix in ("Galat: ", "Error: "):
        title = title.removeprefix(prefix)
    assert title.startswith(heading), f"title {title!r} does not begin with h1 {heading!r}"


def _check_ids(tags: list[Any]) -> None:
    ids = [e.get("id") for e in tags if e.get("id")]
    twins = {i for i in ids if ids.count(i) > 1}
    assert not twins, f"ids twice: {twins}"
    known = set(ids)
    for element in tags:
        for name in ("aria-describedby", "aria-labelledby"):
            for target in (element.get(name) or "").split():
                assert target in known, f"{name} points at missing {target}"


def _check_inputs(tags: list[Any]) -> None:
    labelled = {e.get("for") for e in _named(tags, "label")}
    wrapped = {id(child) for label in _named(tags, "label") for child in label.iter()}
    for element in _named(tags, "input", "select", "textarea"):
        if element.get("type") in {"hidden", "submit", "button"}:
            continue
        named = element.get("id") in labelled or id(element) in wrapped
        named = named or bool(element.get("aria-label") or element.get("aria-labelledby"))
        assert named, f"no label for {element.attrib}"


def _check_forms(tags: list[Any]) -> None:
    for form in _named(tags, "form"):
        if (form.get("method") or "get").lower() != "post":
            continue
        fields = {e.get("name") for e in _named(list(form.iter()), "input")}
        assert "csrf_token" in fields, f"POST form to {form.get('action')} without a token"


def _check_inline(tags: list[Any]) -> None:
    for element in tags:
        assert not element.get("style"), f"inline style on {element.tag}"
        assert not any(name.startswith("on") for name in element.attrib), f"inline handler on {element.tag}"
    for script in _named(tags, "script"):
        assert script.get("src") or script.get("type") == "application/json", "inline script"
    assert not _named(tags, "style"), "inline <style>"
