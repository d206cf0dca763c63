"""Lucide icons as inline SVG, drawn once per process."""

from __future__ import annotations

from functools import cache

from flask import Flask
from lucide.jinja import lucide


@cache
def icon(name: str, label: str = "") -> str:
    """Return the icon as markup; decorative unless ``label`` says what it means."""
    if label:
        return lucide(name, size=20, **{"class": "i", "role": "img", "aria-label": label})
    return lucide(name, size=20, **{"class": "i", "aria-hidden": "true"})


def init_app(app: Flask) -> None:
    """Give templates ``icon(name)``."""
    app.jinja_env.globals["icon"] = icon
