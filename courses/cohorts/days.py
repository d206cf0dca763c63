"""Days as a timetable writes them, and how long after the last one everything stays open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_date

from courses.cohorts.models import Session
from lms.core.i18n import NO_BREAK_SPACE, language, show_time

OPEN_DAYS_AFTER = 30
"""So many days after the last day of a cohort its cards work and its steps stay open."""


def today_in(zone: str, now: datetime) -> date:
    """Return which day it is in ``zone``: in Madiun a day begins seven hours before it does in UTC."""
    return now.astimezone(ZoneInfo(zone)).date()


def show_day(day: date) -> str:
    """Return e.g. "Rabu, 19 Oktober 2016"."""
    return format_date(day, "EEEE, d MMMM y", locale=language())


def show_span(slot: Session, zone: str) -> str:
    """Return e.g. "08.30–09.30 WIB"."""
    start, _mark, name = show_time(slot.starts_at, zone).partition(NO_BREAK_SPACE)
    end = show_time(slot.ends_at, zone).partition(NO_BREAK_SPACE)[0]
    return f"{start}–{end}{NO_BREAK_SPACE}{name}"


def group_by_day(sessions: Iterable[Session], zone: str) -> list[tuple[date, list[Session]]]:
    """Return a timetable in order, split at midnight in ``zone``."""
    local = ZoneInfo(zone)
    groups = groupby(sessions, key=lambda slot: slot.starts_at.astimezone(local).date())
    return [(day, list(slots)) for day, slots in groups]
