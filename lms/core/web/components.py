"""What the macros in templates/components need from Python."""

from __future__ import annotations

from typing import Any

from flask import Flask
from wtforms import Field


def first_error(field: Field) -> str:
    """Return the first sentence that is wrong with a field, also of fields inside it."""
    error: Any = field.errors
    while isinstance(error, dict | list | tuple) and error:  # a lazily translated text is no str
        error = next(iter(error.values())) if isinstance(error, dict) else error[0]
    return str(error or "")


def described(field: Field, hint: str = "") -> dict[str, Any]:
    """Return the attributes that tie a field to its hint and its error for a screen reader."""
    ids = []
    if hint or field.description:
        ids.append(f"{field.id}-hint")
    attributes: dict[str, Any] = {}
    if field.errors:
        ids.append(f"{field.id}-error")
        attributes["aria_invalid"] = "true"
    if ids:
        attributes["aria_describedby"] = " ".join(ids)
    return attributes


def init_app(app: Flask) -> None:
    """Give templates the functions."""
    app.jinja_env.globals |= {"first_error": first_error, "described": described}
