"""Dates as people write them, in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from flask import Flask, session
from flask_babel import force_locale
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lms.core.i18n import show_date_range, show_moment, show_number, show_percent, translate

FIRST, LAST = date(2016, 10, 19), date(2016, 10, 20)


@pytest.mark.parametrize(
    ("locale", "first", "last", "shown"),
    [
        ("id", FIRST, LAST, "19–20 Oktober 2016"),
        ("en", FIRST, LAST, "19–20 October 2016"),
        ("id", FIRST, FIRST, "19 Oktober 2016"),
        ("en", date(2016, 12, 31), date(2017, 1, 1), "31 December 2016 – 1 January 2017"),
    ],
)
def test_a_range_says_only_what_differs(app: Flask, locale: str, first: date, last: date, shown: str) -> None:
    with app.test_request_context():
        session["locale"] = locale

        assert show_date_range(first, last) == shown


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Asia/Jakarta", "08.30~WIB"), ("Asia/Makassar", "09.30~WITA"), ("Asia/Jayapura", "10.30~WIT")],
)
def test_a_time_says_its_zone_on_the_same_line(app: Flask, zone: str, shown: str) -> None:
    """``~`` stands for the blank at which no line breaks."""
    with app.test_request_context():
        moment = show_moment(datetime(2016, 10, 19, 1, 30, tzinfo=UTC), zone)

        assert moment == f"19 Oktober 2016, {shown}".replace("~", "\N{NO-BREAK SPACE}")


def test_english_parts_hours_and_minutes_with_a_colon(app: Flask) -> None:
    with app.test_request_context():
        session["locale"] = "en"

        shown = show_moment(datetime(2016, 10, 19, 5, 7, tzinfo=UTC), "Asia/Jakarta")

        assert shown == "19 October 2016, 12:07\N{NO-BREAK SPACE}WIB"


def test_numbers_are_written_as_the_language_writes_them(app: Flask) -> None:
    with app.test_request_context():
        assert show_number(1234567) == "1.234.567"
        assert show_percent(66) == "66%"
        assert show_percent(None) == "–"


@example(value=Decimal("-0.04"), digits=1, locale="id")
@example(value=Decimal("86.65"), digits=1, locale="id")
@example(value=Decimal("1E+3"), digits=None, locale="en")
@given(
    value=st.decimals("-1e12", "1e12", places=None, allow_nan=False) | st.integers(-(10**12), 10**12),
    digits=st.none() | st.integers(0, 7),
    locale=st.sampled_from(["id", "en"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_number_is_the_one_babel_writes(
    app: Flask, value: Decimal | int, digits: int | None, locale: str
) -> None:
    pattern = "#,##0" if digits == 0 else "#,##0." + "#" * (digits or 7)
    with app.test_request_context(), force_locale(locale):
        assert show_number(value, digits) == format_decimal(value, pattern, locale=locale)


def test_a_value_in_a_text_may_have_any_name(app: Flask) -> None:
    with app.test_request_context():
        assert translate("It says %(text)s.", text="a") == "It says a."
        page = app.jinja_env.from_string("{{ _('It says %(text)s.', text='a') }}")
        assert page.render() == "It says a."
