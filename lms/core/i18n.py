"""The person's language, and how dates, times, numbers and rupiah look in it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_datetime
from babel.support import Translations
from flask import Flask, g, has_request_context, session
from flask_babel import Babel, get_locale, get_translations

from lms.core.config import LANGUAGES

babel = Babel()

LANGUAGE_NAMES = {"id": "Bahasa Indonesia", "en": "English"}
"""How each of :data:`LANGUAGES` calls itself."""
HOME_ZONE = "Asia/Jakarta"
"""The zone of times that belong to no cohort and no branch office."""

ZONE_NAMES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}
"""Time zones of Indonesia and how people call them."""
KEPT_TEXTS = 10_000
"""Translated texts in memory: all there are in both languages."""
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_TURNED = str.maketrans(",.", ".,")


def choose_locale() -> str:
    """Return the language of this request: chosen for this browser, else the account's, else Indonesian."""
    if not has_request_context():
        return LANGUAGES[0]
    chosen = session.get("locale") or getattr(g, "account_locale", None)
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def _choose_parsed() -> Locale:
    return _parse(choose_locale())


@cache
def _parse(name: str) -> Locale:
    """Return a language as Babel knows it; Flask-Babel would look each one up for each request."""
    return Locale.parse(name)


def language() -> str:
    """Return "id" or "en"."""
    locale = _locale()
    return str(locale.language) if locale else LANGUAGES[0]


def translate(text: str, /, **values: object) -> str:
    """Return a text in the language of this request, as gettext does.

    For templates, which ask when they are compiled (`lms.core.web.templates`), and for macros of macros.
    """
    locale = _locale()
    if locale is not None:
        text = _translated(locale.language, text)
    return text % values if values else text


def language_of_texts() -> str:
    """Return the language :func:`translate` uses; empty where it leaves texts as they are written."""
    locale = _locale()
    return str(locale.language) if locale else ""


def _locale() -> Locale | None:
    """Return what Flask-Babel's `get_locale` does, in a fifth of its time where it was asked before.

    A page asks 120 times. Where Flask-Babel keeps its answer may change; then this asks it each time.
    """
    try:
        known = g._get_current_object().__dict__.get("_flask_babel")
    except RuntimeError:  # neither a request nor a command
        known = None
    locale: Locale | None = getattr(known, "babel_locale", None) or get_locale()
    return locale


@lru_cache(KEPT_TEXTS)
def _translated(language: str, text: str) -> str:
    translated: str = _catalogue(language).ugettext(text)
    return translated


@cache
def _catalogue(_language: str) -> Translations:
    """Return the texts of the language of this request, which is ``_language``."""
    catalogue: Translations = get_translations()
    return catalogue


def _formats() -> str:
    """Return the locale whose dates and times are written day first, as people here write them."""
    return "en_GB" if language() == "en" else "id"


def show_date(day: date, length: str = "long") -> str:
    """Return e.g. "19 Oktober 2016"."""
    return format_date(day, length, locale=_formats())


def show_date_range(first: date, last: date) -> str:
    """Return e.g. "19–20 Oktober 2016", saying only what differs."""
    if first == last:
        return show_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{show_date(last)}"
    return f"{show_date(first)} – {show_date(last)}"


def show_time(moment: datetime, zone: str) -> str:
    """Return e.g. "08.30 WIB", in English "08:30 WIB"; no line breaks before the zone."""
    pattern = "%H:%M" if language() == "en" else "%H.%M"
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.strftime(pattern)}{NO_BREAK_SPACE}{ZONE_NAMES.get(zone, zone)}"


def show_moment(moment: datetime, zone: str) -> str:
    """Return e.g. "20 Oktober 2016, 15.04 WIB"."""
    local = moment.astimezone(ZoneInfo(zone))
    day = format_datetime(local, "d MMMM y", locale=_formats())
    return f"{day}, {show_time(moment, zone)}"


def show_number(value: Decimal | int, digits: int | None = None) -> str:
    """Return a number as the language writes it, e.g. "1.234,5"; ``digits`` after the point at most.

    It is what Babel gives for the pattern ``#,##0.###`` (a test compares), in a tenth of the time.
    """
    text = f"{Decimal(value):,.{7 if digits is None else digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if language() == "en" else text.translate(_TURNED)


def show_percent(value: Decimal | int | None) -> str:
    """Return a percent (0–100) with at most one digit after the point, e.g. "66,7%"."""
    return "–" if value is None else f"{show_number(Decimal(value), 1)}%"


def init_app(app: Flask) -> None:
    """Set up translations and the filters templates use."""
    app.config["BABEL_DEFAULT_LOCALE"] = LANGUAGES[0]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(app.config["TRANSLATIONS"])
    babel.init_app(app, locale_selector=_choose_parsed)
    app.jinja_env.filters |= {
        "date": show_date,
        "moment": show_moment,
        "time": show_time,
        "number": show_number,
        "percent": show_percent,
    }
    app.jinja_env.globals |= {
        "date_range": show_date_range,
        "home_zone": HOME_ZONE,
        "language": language,
        "_": translate,
    }
