"""Parts of pages that a script fetches anew; they are no pages and say so."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template
from werkzeug.wrappers import Response


def fragment(template: str, **values: Any) -> Response:
    """Return a part of a page; a browser that opens it by itself shows its source."""
    return current_app.response_class(render_template(template, **values), mimetype="text/plain")
