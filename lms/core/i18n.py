"""The person's language, and how dates, times, numbers and rupiah look in it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal
from flask import Flask, g, has_request_context, session
from flask_babel import Babel, get_locale, gettext

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


def choose_locale() -> str:
    """Return the language of this request: chosen for this browser, else the account's, else Indonesian."""
    if not has_request_context():
        return LANGUAGES[0]
    chosen = session.get("locale") or getattr(g, "account_locale", None)
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def language() -> str:
    """Return "id" or "en"."""
    locale = get_locale()
    return str(locale.language) if locale else LANGUAGES[0]


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
    """Return e.g. "08.30 WIB", in English "08:30 WIB"."""
    local = moment.astimezone(ZoneInfo(zone))
    pattern = "HH:mm" if language() == "en" else "HH.mm"
    return f"{format_time(local, pattern, locale=_formats())} {ZONE_NAMES.get(zone, zone)}"


def show_moment(moment: datetime, zone: str) -> str:
    """Return e.g. "20 Oktober 2016, 15.04 WIB"."""
    local = moment.astimezone(ZoneInfo(zone))
    day = format_datetime(local, "d MMMM y", locale=_formats())
    return f"{day}, {show_time(moment, zone)}"


def show_number(value: Decimal | int, digits: int | None = None) -> str:
    """Return a number as the language writes it, e.g. "1.234,5"; ``digits`` after the point at most."""
    pattern = "#,##0" if digits == 0 else "#,##0." + "#" * (digits or 7)
    return format_decimal(value, pattern, locale=language())


def show_percent(value: Decimal | int | None) -> str:
    """Return a percent (0–100) with at most one digit after the point, e.g. "66,7%"."""
    return "–" if value is None else f"{show_number(Decimal(value), 1)}%"


def init_app(app: Flask) -> None:
    """Set up translations and the filters templates use."""
    app.config["BABEL_DEFAULT_LOCALE"] = LANGUAGES[0]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(app.config["TRANSLATIONS"])
    babel.init_app(app, locale_selector=choose_locale)
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
        "_": gettext,
    }
