"""Dates as people write them, in both languages."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask, session

from lms.core.i18n import show_date_range, show_moment, show_number, show_percent

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
    [("Asia/Jakarta", "08.30 WIB"), ("Asia/Makassar", "09.30 WITA"), ("Asia/Jayapura", "10.30 WIT")],
)
def test_a_time_says_its_zone(app: Flask, zone: str, shown: str) -> None:
    with app.test_request_context():
        assert show_moment(datetime(2016, 10, 19, 1, 30, tzinfo=UTC), zone) == f"19 Oktober 2016, {shown}"


def test_english_parts_hours_and_minutes_with_a_colon(app: Flask) -> None:
    with app.test_request_context():
        session["locale"] = "en"

        shown = show_moment(datetime(2016, 10, 19, 5, 7, tzinfo=UTC), "Asia/Jakarta")

        assert shown == "19 October 2016, 12:07 WIB"


def test_numbers_are_written_as_the_language_writes_them(app: Flask) -> None:
    with app.test_request_context():
        assert show_number(1234567) == "1.234.567"
        assert show_percent(66) == "66%"
        assert show_percent(None) == "–"
