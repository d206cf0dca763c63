"""A moment in the life of every cohort: "2 13:00" is the cohort's second day at 13.00 in its zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from courses.cohorts.models import Cohort
from lms.core.errors import Invalid

MAX_DAY = 60
_FORM = re.compile(r"([0-9]{1,2}) +([0-9]{1,2})[.:]([0-9]{2})")


@dataclass(frozen=True)
class CohortMoment:
    """A day of a cohort, 1 for the first, and a time of that day."""

    day: int
    at: time

    def __str__(self) -> str:
        return f"{self.day} {self.at:%H:%M}"

    def of(self, cohort: Cohort) -> datetime:
        """Return when this is for a cohort."""
        day = cohort.starts_on + timedelta(days=self.day - 1)
        return datetime.combine(day, self.at, ZoneInfo(cohort.time_zone)).astimezone(UTC)


def read_moment(text: str) -> CohortMoment:
    """Return the moment a text names.

    Raises:
        Invalid: it names none.
    """
    found = _FORM.fullmatch(text.strip())
    day, hour, minute = (int(part) for part in found.groups()) if found else (0, 0, 0)
    if not (1 <= day <= MAX_DAY and hour < 24 and minute < 60):
        raise Invalid(_l("Write the day of the cohort and the time, as in “2 13:00”."))
    return CohortMoment(day, time(hour, minute))


def moment_for(text: str | None, cohort: Cohort) -> datetime | None:
    """Return when a stored moment is for a cohort; None where there is none."""
    return read_moment(text).of(cohort) if text else None
