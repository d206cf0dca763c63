"""Lucide icons. Those every page shows come with the stylesheet, once; the others are drawn into the page."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import quote

from flask import Flask
from lucide.jinja import lucide
from markupsafe import escape

IN_STYLESHEET = (
    "arrow-left",
    "arrow-right",
    "award",
    "book-open",
    "calendar-days",
    "circle-check",
    "clipboard-check",
    "clock",
    "flask-conical",
    "info",
    "lock",
    "scale",
)
"""A lesson goes over a weak line; drawn into it these would be a tenth of its bytes."""


@cache
def icon(name: str, label: str = "") -> str:
    """Return the icon as markup; decorative unless ``label`` says what it means."""
    if name in IN_STYLESHEET:
        return _from_stylesheet(name, label)
    if label:
        return lucide(name, size=20, **{"class": "i", "role": "img", "aria-label": label})
    return lucide(name, size=20, **{"class": "i", "aria-hidden": "true"})


def _from_stylesheet(name: str, label: str) -> str:
    meaning = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    empty = lucide("x", size=20)
    return type(empty)(f'<span class="i i-{name}" {meaning}></span>')


def icon_rules() -> str:
    """Return the rules that draw :data:`IN_STYLESHEET` as masks in the colour of the text."""
    rule = '.i-{}{{--i:url("data:image/svg+xml,{}")}}'
    return "".join(rule.format(name, _drawing(name)) for name in IN_STYLESHEET)


def _drawing(name: str) -> str:
    svg = str(lucide(name, size=24)).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    svg = re.sub(r'\s(?:width|height)="24"|\sclass="[^"]*"', "", svg).replace("currentColor", "#000")
    return quote(re.sub(r">\s+<", "><", svg).replace('"', "'"), safe=" ='/:<>-.,")


def init_app(app: Flask) -> None:
    """Give templates ``icon(name)``."""
    app.jinja_env.globals["icon"] = icon
